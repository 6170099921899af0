"""The official: signs from a device of her own, with a key that the service never holds."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import httpx

from infra.local.demo.api import Api
from infra.local.demo.byte_range import begins_with_file
from infra.local.demo.device import Device
from infra.local.demo.failures import NotTrue, Unexpected
from infra.local.demo.login import as_person
from infra.local.demo.polling import wait_for
from infra.local.demo.story import Story


def logs_in(story: Story) -> str:
    login = as_person(story.http, story.stack, story.official, "openid profile signing")
    story.signer = Api(story.http, story.stack.api_url, login.token)
    return f"{story.official.name}, level {login.claims.get('acr', '?')}"


def takes_credential(story: Story) -> str:
    known = story.stack.devices[story.official.username]
    listed = story.signer.get("/v1/signing/credentials").json()["items"]
    own = next((credential for credential in listed if credential["id"] == known.credential), None)
    if own is None:
        raise NotTrue(f"credential {known.credential} is not in the official's list")
    story.credential = own
    story.device = Device.from_file(known.key, own["certificate"])
    return f"{own['algorithm']}, certificate of {story.device.holder}"


def finds_task(story: Story) -> str:
    def mine(answer: httpx.Response) -> bool:
        return any(task["dossier"]["id"] == story.dossier["id"] for task in answer.json()["items"])

    listed = wait_for(
        lambda: story.signer.get("/v1/signing/tasks", limit=100), mine, what="a signing task", patience=story.patience
    ).json()["items"]
    story.task = next(task for task in listed if task["dossier"]["id"] == story.dossier["id"])
    return f"{len(listed)} waiting; {story.task['document']['title']}"


def opens_session(story: Story) -> str:
    body = {"tasks": [story.task["id"]], "credential": story.credential["id"]}
    opened = story.signer.post("/v1/signing/sessions", body, expect=202)
    session = opened.json()
    story.session = f"/v1/signing/sessions/{session['id']}"
    if not opened.headers["Location"].endswith(story.session):
        raise Unexpected(opened, f"Location of {story.session}")
    ready = _wait(story, "ready")
    (story.session_item,) = ready["items"]
    return f"ready until {ready['expires_at']}"


def examines(story: Story) -> str:
    item = story.session_item
    link = story.signer.get(f"{story.session}/items/{item['item']}/document").json()
    if link["sha256"] != item["document_sha256"]:
        raise NotTrue("the link speaks of another file than the session")
    story.to_sign = story.signer.download(link)
    if not begins_with_file(story.to_sign, story.task["document"]["sha256"]):
        raise NotTrue("the file to sign is not the draft of the task with a place for the signature added")
    story.device.examine(
        story.to_sign,
        item["document_sha256"],
        base64.b64decode(item["signed_attributes"]),
        base64.b64decode(item["digest"]),
    )
    return (
        f"{len(story.to_sign) / 1024:.0f} KiB -> attributes -> digest {base64.b64decode(item['digest']).hex()[:16]}..."
    )


def signs(story: Story) -> str:
    item = story.session_item
    if item["algorithm"] != story.credential["algorithm"]:
        raise NotTrue("the session asks for another algorithm than the credential's")
    signature = story.device.sign(base64.b64decode(item["digest"]), item["algorithm"])
    body = {"signatures": [{"item": item["item"], "signature": base64.b64encode(signature).decode()}]}
    story.signer.post(f"{story.session}/signatures", body, expect=202)
    done = _wait(story, "done")
    (story.session_item,) = done["items"]
    if story.session_item["status"] != "signed":
        raise NotTrue(f"the item is {story.session_item['status']}: {story.session_item.get('reason')}")
    return f"{item['algorithm']}, {len(signature)} bytes; session {done['status']}"


def is_issued(story: Story) -> str:
    document = story.wait_until_issued(story.clerk, "result")
    if not document["number"] or not document["date"]:
        raise NotTrue("the issued result has no number or no date")
    if hashlib.sha256(story.to_sign).hexdigest() == document["revisions"][-1]["sha256"]:
        raise NotTrue("the issued file is still the unsigned one")
    return f"Số: {document['number']}, {document['date']}; dossier {story.dossier['status']}"


def _wait(story: Story, status: str) -> dict[str, Any]:
    def arrived(answer: httpx.Response) -> bool:
        session = answer.json()
        failed = [item for item in session["items"] if item["status"] in ("failed", "refused")]
        if failed or session["status"] in ("cancelled", "expired"):
            raise Unexpected(answer, f"session {status}, not {failed or session['status']}")
        return bool(session["status"] == status)

    session: dict[str, Any] = wait_for(
        lambda: story.signer.get(story.session), arrived, what=f"session {status}", patience=story.patience
    ).json()
    return session
