"""What the steps hand on to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import httpx

from infra.local.demo.api import Api
from infra.local.demo.device import Device
from infra.local.demo.failures import NotTrue
from infra.local.demo.polling import wait_for
from infra.local.demo.stack import Account, Stack
from infra.local.demo.subscriber import Event, Queue


@dataclass
class Story:
    """One run. The second group of fields is filled in step by step."""

    stack: Stack
    http: httpx.Client
    random: Random
    out: Path
    patience: float
    today: date
    official: Account
    queue: Queue

    portal: Api = field(init=False)
    citizen: Api = field(init=False)
    clerk: Api = field(init=False)
    signer: Api = field(init=False)
    applicant: dict[str, str] = field(init=False)
    form: dict[str, Any] = field(init=False)
    procedure: str = field(init=False)
    submission: dict[str, Any] = field(init=False)
    dossier: dict[str, Any] = field(init=False)
    attachment: str = field(init=False)
    credential: dict[str, Any] = field(init=False)
    device: Device = field(init=False)
    task: dict[str, Any] = field(init=False)
    session: str = field(init=False)
    session_item: dict[str, Any] = field(init=False)
    to_sign: bytes = field(init=False)
    files: dict[str, bytes] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    @property
    def agency(self) -> str:
        """The agency that decides: the official's."""
        if self.official.agency is None:
            raise NotTrue(f"{self.official.username} belongs to no agency")
        return self.official.agency

    @property
    def folder(self) -> Path:
        """Where this dossier's files go."""
        return self.out / str(self.dossier["code"])

    @property
    def path(self) -> str:
        """The dossier's path in the API."""
        return f"/v1/dossiers/{self.dossier['id']}"

    def document(self, kind: str) -> dict[str, Any] | None:
        """The dossier's document of a kind, if there is one."""
        return next((d for d in self.dossier["documents"] if d["kind"] == kind), None)

    def wait_until_issued(self, api: Api, kind: str) -> dict[str, Any]:
        """Look at the dossier until its document of that kind is issued."""

        def issued(answer: httpx.Response) -> bool:
            self.dossier = answer.json()
            document = self.document(kind)
            return document is not None and document["status"] == "issued"

        wait_for(lambda: api.get(self.path), issued, what=f"{kind} issued", patience=self.patience)
        document = self.document(kind)
        if document is None:
            raise NotTrue(f"the dossier has no document of kind {kind}")
        return document

    def wait_for_level(self, kind: str, level: str) -> dict[str, Any]:
        """Look at the dossier until the newest revision of its document of that kind has a PAdES level."""

        def raised(answer: httpx.Response) -> bool:
            self.dossier = answer.json()
            document = self.document(kind)
            return document is not None and any(each["level"] == level for each in document["revisions"])

        wait_for(lambda: self.citizen.get(self.path), raised, what=f"{kind} at {level}", patience=self.patience)
        return self.wait_until_issued(self.citizen, kind)

    def fetch(self, api: Api, kind: str) -> bytes:
        """Download the newest revision of a document, compare it with the dossier's own hash, and keep it."""
        document = self.wait_until_issued(api, kind)
        link = api.get(f"{self.path}/documents/{document['id']}").json()
        content = api.download(link)
        if link["sha256"] != document["revisions"][-1]["sha256"]:
            raise NotTrue(f"the link to {kind} speaks of another revision than the dossier")
        if not content.startswith(b"%PDF-1.7"):
            raise NotTrue(f"{kind} is not a PDF 1.7 file")
        self.files[f"{kind}.pdf"] = content
        return content
