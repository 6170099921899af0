"""The one-stop desk: a clerk of the agency receives the dossier and drafts the decision."""

from __future__ import annotations

from infra.local.demo.answers import decision
from infra.local.demo.api import Api
from infra.local.demo.failures import NotTrue
from infra.local.demo.login import as_person
from infra.local.demo.story import Story


def logs_in(story: Story) -> str:
    (clerk, *_) = story.stack.of_role("clerk", story.agency)
    login = as_person(story.http, story.stack, clerk, "openid profile dossiers:read dossiers:handle")
    story.clerk = Api(story.http, story.stack.api_url, login.token)
    return f"{clerk.name}, {story.agency}"


def finds_dossier(story: Story) -> str:
    listed = story.clerk.get("/v1/dossiers", agency=story.agency, limit=100).json()
    if all(item["id"] != story.dossier["id"] for item in listed["items"]) and listed.get("cursor") is None:
        raise NotTrue("the dossier is not in the work list of its agency")
    return f"{len(listed['items'])} filed today"


def receives(story: Story) -> str:
    seen = story.clerk.get(story.path)
    components = [
        {"name": "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân", "original": 1, "certified_copy": 0, "photocopy": 0}
    ]
    received = story.clerk.post(
        f"{story.path}/receive", {"components": components}, if_match=seen.headers["ETag"], expect=200
    )
    story.dossier = received.json()
    if story.dossier["status"] != "received" or not story.dossier["due_at"]:
        raise NotTrue("the dossier has no due date after it was received")
    return f"due {story.dossier['due_at']}"


def has_receipt(story: Story) -> str:
    content = story.fetch(story.clerk, "receipt")
    return f"sealed, {len(content) / 1024:.0f} KiB"


def drafts_decision(story: Story) -> str:
    data = decision(story.submission["answers"])
    answer = story.clerk.post(f"{story.path}/decision", {"kind": "result", "data": data}, expect=202)
    story.dossier = answer.json()
    return f"status {story.dossier['status']}"
