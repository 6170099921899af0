"""A department's forms in a scratch folder: made, changed and published with the command line, as docs/forms.md tells it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from chauban.dossiers.numbering import local_day

from infra.local.folder import REPOSITORY
from tests.integration.running_stack import RunningStack

PROCEDURE = "1.999999"
Json = dict[str, Any]


def today() -> date:
    return local_day(datetime.now(UTC))


@dataclass(frozen=True)
class Department:
    """Somebody with a folder of forms and the right to publish."""

    stack: RunningStack
    forms: Path

    @classmethod
    def at(cls, stack: RunningStack, folder: Path) -> Department:
        shutil.copytree(REPOSITORY / "forms" / "_shared", folder / "_shared")
        return cls(stack, folder)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`chauban forms ...` with the administrator's credentials."""
        return self.stack.chauban("forms", *arguments, folder=self.forms)

    def does(self, *arguments: str) -> str:
        """As `run`, where it must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def new(self, slug: str, *arguments: str) -> Path:
        self.does("new", slug, "--forms", str(self.forms), "--procedure", PROCEDURE, *arguments)
        return self.forms / slug / "1.0"

    def next(self, slug: str, first_day: date, change: Callable[[Path], None]) -> Path:
        """Version 1.1 of a form: a copy of 1.0 with a change."""
        self.does(
            *("new", slug, "--forms", str(self.forms), "--version", "1.1", "--like", "1.0"),
            *("--valid-from", first_day.isoformat()),
        )
        change(self.forms / slug / "1.1")
        return self.forms / slug / "1.1"

    def publish(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("publish", "--bucket", self.stack.resource("FormsBucket"), *arguments, str(folder))

    def withdraw(self, slug: str, version: str, *arguments: str) -> str:
        return self.does("withdraw", "--bucket", self.stack.resource("FormsBucket"), slug, version, *arguments)

    def as_if_published(self, slug: str, version: str, day: date) -> None:
        """Dates a publication back, before any function has read of it."""
        place = {"Bucket": self.stack.resource("FormsBucket"), "Key": f"forms/{slug}/{version}/definition.json"}
        s3 = self.stack.aws("s3")
        found = s3.get_object(**place)
        said = found["Metadata"] | {"published-at": f"{day.isoformat()}T02:00:00+00:00"}
        s3.put_object(**place, Body=found["Body"].read(), Metadata=said)


def sample_of(version: Path, name: str = "simple") -> Json:
    loaded: Json = json.loads((version / "samples" / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def with_a_phone(version: Path) -> None:
    """A minor change: one more field, optional, with its label and its Control."""
    _edit(version / "schema.json", _add_phone)
    _edit(version / "uischema.json", lambda layout: layout["elements"][0]["elements"].append(_PHONE_CONTROL))
    for language, label in (("vi", "Số điện thoại"), ("en", "Phone number")):
        _edit(version / "texts" / f"{language}.json", lambda texts, label=label: _label(texts, label))


_PHONE_CONTROL = {"type": "Control", "scope": "#/properties/requester/properties/phone"}


def _add_phone(schema: Json) -> None:
    schema["properties"]["requester"]["properties"]["phone"] = {"$ref": "urn:chauban:form:shared#/$defs/phone"}


def _label(texts: Json, label: str) -> None:
    texts["labels"]["requester.phone"] = label


def _edit(path: Path, change: Callable[[Json], object]) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")
