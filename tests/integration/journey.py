"""A dossier's way, step by step, as its people take it; each step can be taken alone, repeated or left out by a test."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from infra.local.demo.device import Device
from tests.integration.running_stack import RunningStack, eventually

SLUG, VERSION, PROCEDURE = "xac-nhan-tinh-trang-hon-nhan", "1.0", "1.004873"
SAMPLES = Path(__file__).parents[2] / "forms" / SLUG / VERSION / "samples"
WARD, OTHER_WARD = "thuan-hoa", "phu-xuan"

Json = dict[str, Any]


def sample(name: str = "never-married") -> Json:
    loaded: Json = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def key() -> dict[str, str]:
    return {"Idempotency-Key": secrets.token_hex(16)}


def number_of(stack: RunningStack, citizen: str) -> str:
    """The personal number in a citizen's token."""
    payload = stack.token(citizen).split(".")[1]
    claims: Json = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(claims["SoDinhDanh"])


def filing(stack: RunningStack, citizen: str = "citizen-a", ward: str = WARD, **changes: Any) -> Json:
    """The body of a submission for a citizen."""
    name = next(one["name"] for one in stack.description["accounts"] if one["username"] == citizen)
    body: Json = {
        "form": {"slug": SLUG, "version": VERSION},
        "procedure": PROCEDURE,
        "agency": f"ubnd-phuong-{ward}",
        "requester": {"scheme": "personal_number", "identifier": number_of(stack, citizen), "name": name},
        "channel": "online",
        "contact": {"phone": "0905123456", "email": "congdan@example.vn"},
        "answers": sample()["answers"],
    }
    return body | changes


def own_filing(stack: RunningStack, citizen: str = "citizen-a", **changes: Any) -> Json:
    """The body of a submission that a citizen files herself, about a sibling: the answers name her as the one who applies."""
    body = filing(stack, citizen, **changes)
    body["answers"]["requester"] |= requester_of(stack, citizen) | {"relation": "sibling"}
    return body


def requester_of(stack: RunningStack, citizen: str) -> Json:
    """What answers say of a citizen who applies; the year of birth is that of the number."""
    number = number_of(stack, citizen)
    name = next(one["name"] for one in stack.description["accounts"] if one["username"] == citizen)
    return {"full_name": name, "personal_number": number, "birth_date": f"19{number[4:6]}-02-05"}


def good(answer: httpx.Response, status: int = 200) -> Json:
    """The body of an answer that must have this status."""
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


@dataclass
class Journey:
    """One dossier on its way through a ward."""

    stack: RunningStack
    ward: str = WARD
    citizen: str = "citizen-a"
    id: str = ""

    def file(self, **changes: Any) -> Json:
        body = filing(self.stack, self.citizen, self.ward, **changes)
        dossier = good(self.stack.api("portal").post("/v1/dossiers", json=body, headers=key()), 201)
        self.id = dossier["id"]
        return dossier

    def receive(self) -> Json:
        clerk = self.stack.api(f"clerk-{self.ward}")
        return good(clerk.post(f"/v1/dossiers/{self.id}/receive", json={}, headers=key()))

    def draft(self) -> Json:
        clerk = self.stack.api(f"clerk-{self.ward}")
        body = {"data": sample()["decision"]}
        return good(clerk.post(f"/v1/dossiers/{self.id}/decision", json=body, headers=key()), 202)

    def task(self) -> str:
        """The task of this dossier in the official's list, once it is there."""
        official = self.stack.api(f"official-{self.ward}")

        def mine() -> str | None:
            listed = good(official.get("/v1/signing/tasks", params={"limit": 100}))["items"]
            return next((task["id"] for task in listed if task["dossier"]["id"] == self.id), None)

        return eventually(mine, what="the task in the official's list")

    def open_session(self, *tasks: str) -> Json:
        body = {"tasks": list(tasks), "credential": f"cred-official-{self.ward}"}
        official = self.stack.api(f"official-{self.ward}")
        session = good(official.post("/v1/signing/sessions", json=body, headers=key()), 202)
        return eventually(lambda: self._ready(session["id"]), what="the session to be ready")

    def _ready(self, session: str) -> Json | None:
        found = good(self.stack.api(f"official-{self.ward}").get(f"/v1/signing/sessions/{session}"))
        return found if found["status"] != "preparing" else None

    def signatures(self, session: Json) -> Json:
        """What the official's device makes of a session that is ready."""
        official = self.stack.api(f"official-{self.ward}")
        listed = good(official.get("/v1/signing/credentials"))["items"]
        credential = next(one for one in listed if one["id"] == session["credential"])
        path = Path(self.stack.description["devices"][f"official-{self.ward}"]["key"])
        device = Device.from_file(path, credential["certificate"])
        values = []
        for item in session["items"]:
            link = good(official.get(f"/v1/signing/sessions/{session['id']}/items/{item['item']}/document"))
            file = httpx.get(link["url"]).content
            attributes, digest = base64.b64decode(item["signed_attributes"]), base64.b64decode(item["digest"])
            device.examine(file, item["document_sha256"], attributes, digest)
            value = base64.b64encode(device.sign(digest, item["algorithm"])).decode()
            values.append({"item": item["item"], "signature": value})
        return {"signatures": values}

    def hand_in(self, session: Json, signatures: Json) -> Json:
        official = self.stack.api(f"official-{self.ward}")
        return good(official.post(f"/v1/signing/sessions/{session['id']}/signatures", json=signatures), 202)

    def sign(self) -> None:
        session = self.open_session(self.task())
        self.hand_in(session, self.signatures(session))

    def dossier(self) -> Json:
        return good(self.stack.api(f"clerk-{self.ward}").get(f"/v1/dossiers/{self.id}"))

    def document(self, kind: str) -> Json:
        return next(document for document in self.dossier()["documents"] if document["kind"] == kind)

    def issued(self, kind: str, seconds: float = 40) -> Json:
        """The document of that kind, once it is issued."""

        def done() -> Json | None:
            found = [document for document in self.dossier()["documents"] if document["kind"] == kind]
            return found[-1] if found and found[-1]["status"] == "issued" else None

        return eventually(done, seconds=seconds, what=f"the {kind} to be issued")

    def download(self, kind: str) -> bytes:
        """An issued document as the citizen gets it, checked against its hash."""
        document = self.issued(kind)
        citizen = self.stack.api(self.citizen)
        link = good(citizen.get(f"/v1/dossiers/{self.id}/documents/{document['id']}"))
        content = httpx.get(link["url"]).content
        # It may have been extended meanwhile.
        present = next(each for each in self.dossier()["documents"] if each["id"] == document["id"])
        known = {each["revision"]: each["sha256"] for each in present["revisions"]}
        assert hashlib.sha256(content).hexdigest() == link["sha256"] == known[link["revision"]]
        return content

    def until_drafted(self) -> None:
        self.file()
        self.receive()
        self.draft()

    def whole(self) -> None:
        self.until_drafted()
        self.sign()
        self.issued("result")


def facts(stack: RunningStack, dossier: str, kind: str) -> list[Json]:
    """The facts of one type that the table holds of a dossier."""
    answer = stack.aws("dynamodb").query(
        TableName=stack.resource("Table"),
        KeyConditionExpression="pk = :pk AND begins_with(sk, :fact)",
        ExpressionAttributeValues={":pk": {"S": f"D#{dossier}"}, ":fact": {"S": "F#"}},
    )
    found = [json.loads(item["value"]["S"]) for item in answer["Items"]]
    return [fact for fact in found if fact["type"] == kind]
