"""The subscriber: a downstream system that learns of the dossier from events alone."""

from __future__ import annotations

from infra.local.demo.checks.events import check_events
from infra.local.demo.failures import NotTrue
from infra.local.demo.story import Story
from infra.local.demo.subscriber import Event

TYPES = (
    "dossier.submitted.v1",
    "dossier.received.v1",
    "attachment.accepted.v1",
    "document.signed.v1",
    "result.issued.v1",
    "document.extended.v1",
)


def receives_events(story: Story) -> str:
    result = story.document("result")
    if result is None:
        raise NotTrue("there is no result")

    def complete(events: list[Event]) -> bool:
        signed = {
            e["data"]["field"] for e in events if e["data"].get("document") == result["id"] and "field" in e["data"]
        }
        return {event["type"] for event in events} >= set(TYPES) and signed >= {"official", "seal"}

    story.events = story.queue.collect(story.dossier["id"], complete, patience=story.patience)
    check_events(story.events)
    issued = next(event["data"] for event in story.events if event["type"] == "result.issued.v1")
    printed = f"{issued['number']:02d}/{issued['symbol']}"
    if (printed, issued["date"], issued["sha256"]) != (
        result["number"],
        result["date"],
        result["revisions"][0]["sha256"],
    ):
        raise NotTrue(f"result.issued.v1 says {issued}, the dossier says {result}")
    return f"{len(story.events)} events of {len({e['type'] for e in story.events})} types, each keeps its schema"
