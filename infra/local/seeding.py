"""Fill a new stack with what every stack needs, by the service's own command line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.folder import REGION, REPOSITORY, Folder, write_secret
from infra.local.processes import plain_environment
from infra.local.providers import records
from infra.local.providers.accounts import Accounts
from infra.local.providers.keys import Keys

_IN_TURN = """
import json, sys
from chauban.cli import main
for command in json.loads(sys.argv[1]):
    print("chauban", *command, flush=True)
    if code := main(command):
        sys.exit(code)
"""


class SeedingFailed(Exception):
    """A command of the service's own refused its input; the message is its output."""


@dataclass(frozen=True)
class ProviderSeeds:
    """What the service is told of the development signing providers."""

    providers: list[dict[str, Any]]
    credentials: list[dict[str, Any]]
    secrets: Mapping[str, Mapping[str, str]] = field(repr=False)

    @classmethod
    def of(cls, folder: Folder, url: str, stage: str) -> ProviderSeeds:
        """As the running providers have it in their folder."""
        accounts = Accounts.at(folder.providers)
        keys = Keys.at(folder.providers, folder.trust)
        return cls(records.providers(url, stage, accounts), records.credentials(keys), records.secrets(stage, accounts))

    def put_secrets(self, manager: Any) -> None:
        """As the runbook puts them: one secret for each provider."""
        for name, content in self.secrets.items():
            text = json.dumps(content)
            try:
                manager.create_secret(Name=name, SecretString=text)
            except manager.exceptions.ResourceExistsException:
                manager.put_secret_value(SecretId=name, SecretString=text)


@dataclass(frozen=True)
class Seeds:
    """Catalogue, forms, credentials and trust anchors for one stack; loading twice changes nothing."""

    folder: Folder
    endpoint: str
    user: Mapping[str, str]
    table: str
    forms_bucket: str

    def load(self, credentials: Mapping[str, Any], providers: Sequence[Mapping[str, Any]], s3: Any) -> None:
        anchors = (self.folder.trust / "trust-root.pem").read_bytes()
        s3.put_object(Bucket=self.forms_bucket, Key="trust/anchors.pem", Body=anchors)
        file = self.folder.root / "credentials.json"
        write_secret(file, json.dumps(credentials))
        table, bucket = ("--table", self.table), ("--bucket", self.forms_bucket)
        self._run(
            ("catalogue", "load", *table, str(self._catalogue(providers))),
            ("forms", "publish", "--skip-check", *bucket, str(REPOSITORY / "forms")),
            ("credentials", "load", *table, *bucket, str(file)),
        )

    def _catalogue(self, providers: Sequence[Mapping[str, Any]]) -> Path:
        """The project's catalogue, with this stack's signing providers: their addresses are its own."""
        folder = self.folder.root / "catalogue"
        shutil.copytree(REPOSITORY / "catalogue", folder, dirs_exist_ok=True)
        # JSON is YAML.
        (folder / "providers.yaml").write_text(json.dumps(list(providers), indent=2), encoding="utf-8")
        return folder

    def _run(self, *commands: Sequence[str]) -> None:
        """Has one process carry out commands of `chauban`, one after the other; the first that fails is the last."""
        environment = plain_environment() | {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": self.user["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.user["secret_access_key"],
            "PYTHONUTF8": "1",
        }
        python = [sys.executable, "-c", _IN_TURN, json.dumps(commands)]
        done = subprocess.run(python, capture_output=True, text=True, env=environment, check=False, cwd=REPOSITORY)
        if done.returncode:
            raise SeedingFailed(
                f"{done.stdout}{done.stderr}"
                "If a published version has other content now: make a new version, or start anew with `make clean`."
            )
