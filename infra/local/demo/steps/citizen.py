"""The citizen: follows the dossier, finds the result and downloads it."""

from __future__ import annotations

from infra.local.demo.failures import NotTrue
from infra.local.demo.story import Story


def has_application(story: Story) -> str:
    content = story.fetch(story.citizen, "application")
    return f"{len(content) / 1024:.0f} KiB"


def lists_results(story: Story) -> str:
    cursor, seen = "", 0
    while True:
        page = (story.citizen.get("/v1/results", cursor=cursor) if cursor else story.citizen.get("/v1/results")).json()
        seen += len(page["items"])
        found = next((item for item in page["items"] if item["dossier"]["id"] == story.dossier["id"]), None)
        if found:
            document = found["document"]
            return f"{document['title']}, no. {document['number']}"
        cursor = page.get("cursor")
        if not cursor:
            raise NotTrue(f"the result is not among the citizen's {seen}")


def downloads_result(story: Story) -> str:
    content = story.fetch(story.citizen, "result")
    return f"{len(content) / 1024:.0f} KiB, hash as announced"
