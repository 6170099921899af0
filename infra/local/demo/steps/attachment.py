"""A paper that the citizen attaches: announced, uploaded past the service, examined, and read by those who decide."""

from __future__ import annotations

import hashlib
from io import BytesIO

import httpx
from PIL import Image, ImageDraw

from infra.local.demo.api import Api
from infra.local.demo.failures import NotTrue, Unexpected
from infra.local.demo.polling import wait_for
from infra.local.demo.story import Story

NAME = "giấy tờ chứng minh.jpg"


def attaches(story: Story) -> str:
    (rule, *_) = story.form["attachments"]
    content = _photograph()
    body = {
        "component": rule["name"],
        "name": NAME,
        "type": "image/jpeg",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    announced = story.citizen.post(f"{story.path}/attachments", body, expect=201).json()
    story.attachment, place = announced["id"], announced["upload"]
    answer = httpx.post(place["url"], data=place["fields"], files={"file": ("file", content)}, timeout=30)
    if answer.status_code != httpx.codes.NO_CONTENT:
        raise Unexpected(answer, "204 from the bucket")
    story.files["attachment.jpg"] = content
    return f"{rule['title']['vi'].split(' (')[0]}, {len(content) / 1024:.0f} KiB"


def is_accepted(story: Story) -> str:
    _opened(story, story.clerk)
    (listed,) = story.clerk.get(f"{story.path}/attachments").json()["items"]
    if listed["name"] != NAME:
        raise NotTrue(f"the attachment is called {listed['name']}")
    return f"examined and {listed['status']}, the same bytes"


def is_beside_the_draft(story: Story) -> str:
    beside = story.signer.get(f"/v1/signing/tasks/{story.task['id']}/papers").json()
    (paper,) = beside["attachments"]
    if story.signer.download(paper) != story.files["attachment.jpg"]:
        raise NotTrue("the official is shown another file than was attached")
    application = story.signer.download(beside["application"])
    return f"application {len(application) / 1024:.0f} KiB, {paper['title']['en'].split(' (')[0].lower()}"


def _opened(story: Story, api: Api) -> None:
    def settled(answer: httpx.Response) -> bool:
        return answer.json()["status"] not in {"expected", "scanning"}

    path = f"{story.path}/attachments/{story.attachment}"
    found = wait_for(lambda: api.get(path), settled, what="the attachment to be examined", patience=story.patience)
    paper = found.json()
    if paper["status"] != "accepted":
        raise NotTrue(f"the attachment is {paper['status']}: {paper['reason']}")
    if api.download(paper) != story.files["attachment.jpg"]:
        raise NotTrue("the link leads to another file than was attached")


def _photograph() -> bytes:
    """A page as a phone takes it: a bright sheet on something dark."""
    image = Image.new("RGB", (900, 1200), (70, 60, 50))
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 50, 850, 1150), fill=(236, 232, 222))
    for line in range(18):
        draw.rectangle((130, 180 + 48 * line, 760 - 37 * (line % 5), 192 + 48 * line), fill=(60, 60, 64))
    written = BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()
