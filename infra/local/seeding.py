"""Fill a new stack with what every stack needs, by the service's own command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.folder import REGION, REPOSITORY, Folder, write_secret
from infra.local.processes import plain_environment


class SeedingFailed(Exception):
    """A command of the service's own refused its input; the message is its output."""


@dataclass(frozen=True)
class Seeds:
    """Catalogue, forms, credentials and trust anchors for one stack; loading twice changes nothing."""

    folder: Folder
    endpoint: str
    user: Mapping[str, str]
    table: str
    forms_bucket: str

    def load(self, credentials: Mapping[str, Any], s3: Any) -> None:
        anchors = (self.folder.trust / "trust-root.pem").read_bytes()
        s3.put_object(Bucket=self.forms_bucket, Key="trust/anchors.pem", Body=anchors)
        file = self.folder.root / "credentials.json"
        write_secret(file, json.dumps(credentials))
        table, bucket = ("--table", self.table), ("--bucket", self.forms_bucket)
        self._run("catalogue", "load", *table, str(REPOSITORY / "catalogue"))
        self._run("forms", "publish", "--skip-check", *bucket, str(REPOSITORY / "forms"))
        self._run("credentials", "load", *table, *bucket, str(file))

    def _run(self, *arguments: str) -> None:
        environment = plain_environment() | {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": self.user["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.user["secret_access_key"],
            "PYTHONUTF8": "1",
        }
        command = [sys.executable, "-m", "chauban.cli", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=REPOSITORY)
        if done.returncode:
            raise SeedingFailed(
                f"chauban {' '.join(arguments)}\n{done.stdout}{done.stderr}"
                "If a published version has other content now: make a new version, or start anew with `make clean`."
            )
