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
    """Waits until the file is at the level that lasts; what was issued stays the first revision."""
    document = story.wait_for_level("result", "PAdES-BASELINE-LTA")
    issued = story.citizen.get(f"{story.path}/documents/{document['id']}", revision=1).json()
    content = story.fetch(story.citizen, "result")
    if not content.startswith(story.citizen.download(issued)):
        raise NotTrue("the file does not begin with what was issued")
    newest = document["revisions"][-1]
    return f"{len(content) / 1024:.0f} KiB, revision {newest['revision']}, {newest['level']}"
