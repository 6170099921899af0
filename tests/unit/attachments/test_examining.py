"""What becomes of an upload: kept as it is, or refused with a reason and gone; once, whatever happens in between."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest
from chauban.attachments import reasons
from chauban.attachments.examining import NotScannedYet
from chauban.attachments.ports import Scan
from chauban.dossiers.attachments import WAITING_TIME, AttachmentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import Supplement
from chauban.dossiers.requests import DraftDecision
from chauban.errors import AttachmentBeingExamined, InvalidRequest

from tests.unit.fakes.attachments import CONTENT
from tests.unit.fakes.catalogue import ROOT
from tests.unit.fakes.notices import asked
from tests.unit.fakes.people import citizen, clerk, decision_data
from tests.unit.fakes.world import World

EVENTS = ("attachment.accepted.v1", "attachment.refused.v1")


def told(world: World, dossier: Dossier) -> list[dict]:
    return [m.body for m in world.messages("bus", dossier.id) if m.body["type"] in EVENTS]


def test_a_good_file_is_kept_as_it_is_and_its_upload_is_gone(world: World) -> None:
    dossier = world.received()
    kept = world.attaching.examined(dossier)
    assert (kept.status, kept.reason) == (AttachmentStatus.ACCEPTED, None)
    assert kept.file
    assert world.attaching.kept.kept[kept.file.sha256] == CONTENT
    assert kept.file.sha256 == kept.sha256
    assert world.attaching.uploads.there == {}
    after = world.store.load(dossier.id)
    fact = after.facts[-1]
    assert fact.type is FactType.ATTACHMENT_ACCEPTED
    assert fact.data["attachment"] == kept.id
    assert after.status is dossier.status


def test_a_file_without_fault_is_examined_as_what_it_was_announced_as(world: World) -> None:
    world.attaching.examined(world.received(), type="image/png")
    assert world.attaching.examiner.shown == [(CONTENT, "image/png")]


@pytest.mark.parametrize(
    ("content", "changes", "reason"),
    [
        (CONTENT[:-1], {"bytes": len(CONTENT)}, reasons.SIZE),
        (CONTENT.replace(b"divorce", b"another"), {"sha256": "0" * 64}, reasons.HASH),
    ],
)
def test_what_is_not_what_was_announced_is_not_even_opened(
    world: World, content: bytes, changes: dict, reason: str
) -> None:
    dossier = world.received()
    refused = world.attaching.examined(dossier, content, **changes)
    assert (refused.status, refused.reason, refused.file) == (AttachmentStatus.REFUSED, reason, None)
    assert world.attaching.examiner.shown == []
    assert world.attaching.uploads.there == {}
    assert world.attaching.kept.kept == {}


def test_what_the_examiner_finds_is_the_reason(world: World) -> None:
    world.attaching.examiner.finds = reasons.ACTIVE
    dossier = world.received()
    assert world.attaching.examined(dossier).reason == reasons.ACTIVE
    assert world.store.load(dossier.id).facts[-1].data["reason"] == reasons.ACTIVE
    assert world.attaching.kept.kept == {}


@pytest.mark.parametrize(("found", "reason"), [(Scan.FOUND, reasons.MALWARE), (Scan.IMPOSSIBLE, reasons.NOT_SCANNED)])
def test_what_the_scanner_says_comes_before_anybody_opens_it(world: World, found: Scan, reason: str) -> None:
    world.attaching.uploads.found = found
    assert world.attaching.examined(world.received()).reason == reason
    assert world.attaching.examiner.shown == []


def test_without_the_scanners_word_nothing_is_decided(world: World) -> None:
    world.attaching.uploads.found = Scan.WAITING
    dossier = world.received()
    attachment = world.attaching.uploaded(dossier)
    with pytest.raises(NotScannedYet):
        world.attaching.examining.examine(dossier.id, attachment.id)
    world.attaching.uploads.found = Scan.CLEAN
    assert world.attaching.examining.examine(dossier.id, attachment.id) == "accepted"


def test_told_twice_it_is_done_once(world: World) -> None:
    dossier = world.received()
    attachment = world.attaching.uploaded(dossier)
    results = [world.attaching.examining.examine(dossier.id, attachment.id) for _ in range(3)]
    assert results == ["accepted", None, None]
    assert len(told(world, dossier)) == 1


def test_a_worker_that_died_leaves_a_file_that_the_next_one_finishes(world: World) -> None:
    dossier = world.received()
    attachment = world.attaching.scanning(dossier)
    assert attachment.status is AttachmentStatus.SCANNING
    assert world.attaching.examining.examine(dossier.id, attachment.id) == "accepted"


def test_what_could_not_be_examined_is_refused_at_last_and_may_be_sent_again(world: World) -> None:
    dossier = world.received()
    attachment = world.attaching.scanning(dossier)
    assert world.attaching.examining.give_up(dossier.id, attachment.id) == reasons.NOT_EXAMINED
    assert world.attaching.uploads.there == {}
    assert world.attaching.examining.give_up(dossier.id, attachment.id) is None
    assert world.attaching.examined(dossier).status is AttachmentStatus.ACCEPTED


def test_what_nobody_announced_is_removed(world: World) -> None:
    dossier = world.received()
    for place in ((dossier.id, "nothing"), ("no-dossier", "nothing")):
        world.attaching.uploads.there[place] = CONTENT
        assert world.attaching.examining.examine(*place) is None
        assert world.attaching.examining.give_up(*place) is None
    assert world.attaching.uploads.there == {}


def test_what_came_when_nobody_waited_any_more_is_removed(world: World) -> None:
    dossier = world.received()
    attachment = world.attaching.uploaded(dossier)
    world.clock.forward(seconds=WAITING_TIME.total_seconds())
    assert world.attaching.examining.examine(dossier.id, attachment.id) is None
    assert world.attaching.uploads.there == {}
    assert world.store.load(dossier.id).attachment(attachment.id).status is AttachmentStatus.EXPIRED


def test_an_upload_that_is_gone_is_nothing_to_examine(world: World) -> None:
    dossier = world.received()
    attachment = world.attaching.announced(dossier).attachment
    assert world.attaching.examining.examine(dossier.id, attachment.id) is None


def draft(world: World, dossier: Dossier) -> Dossier:
    return world.handling.draft(clerk(), dossier.id, DraftDecision(data=decision_data()), world.guard(clerk()))


def test_no_decision_is_drafted_while_a_file_is_examined(world: World) -> None:
    dossier = world.received()
    attachment = world.attaching.scanning(dossier)
    with pytest.raises(AttachmentBeingExamined):
        draft(world, dossier)
    world.attaching.examining.examine(dossier.id, attachment.id)
    assert draft(world, dossier).status == "processing"


def test_a_file_that_is_examined_for_hours_holds_up_nothing(world: World) -> None:
    dossier = world.received()
    world.attaching.scanning(dossier)
    world.clock.forward(seconds=WAITING_TIME.total_seconds())
    assert draft(world, dossier).status == "processing"


def test_a_file_that_comes_after_the_decision_was_drafted_is_not_laid_under_it(world: World) -> None:
    dossier = world.received()
    attachment = world.attaching.uploaded(dossier)
    draft(world, dossier)
    assert world.attaching.examining.examine(dossier.id, attachment.id) == reasons.TOO_LATE
    assert world.store.load(dossier.id).attachment(attachment.id).file is None


def test_a_supplement_may_be_nothing_but_a_file_that_came_for_it(world: World) -> None:
    dossier = asked(world, world.received())
    request = dossier.documents[-1].id

    def supplement() -> Dossier:
        return world.supplements.add(citizen(), dossier.id, Supplement(request=request), world.guard(citizen()))

    world.attaching.announced(dossier)
    with pytest.raises(InvalidRequest) as refused:
        supplement()
    assert [fault.code for fault in refused.value.errors] == ["nothing-supplemented"]
    attachment = world.attaching.examined(dossier)
    after = supplement()
    assert after.status == "received"
    assert after.facts[-1].data["attachments"] == [attachment.id]


def test_a_file_from_before_the_request_does_not_answer_it(world: World) -> None:
    before = world.received()
    world.attaching.examined(before)
    dossier = asked(world, world.store.load(before.id))
    request = Supplement(request=dossier.documents[-1].id)
    with pytest.raises(InvalidRequest):
        world.supplements.add(citizen(), dossier.id, request, world.guard(citizen()))


def test_what_became_of_a_file_is_told_with_the_committed_schemas_and_without_its_name(world: World) -> None:
    dossier = asked(world, world.received())
    world.attaching.examined(dossier)
    world.attaching.examiner.finds = reasons.UNREADABLE
    world.attaching.examined(dossier)
    world.attaching.examined(world.received())
    assert [body["type"] for body in told(world, dossier)] == list(EVENTS)
    for message in world.messages("bus"):
        if message.body["type"] in EVENTS:
            schema = (ROOT / "docs" / "events" / f"{message.body['type']}.json").read_text(encoding="utf-8")
            jsonschema_rs.Draft202012Validator(json.loads(schema), validate_formats=True).validate(message.body)
    assert "quyết định" not in world.all_text()
    facts = [fact.data for fact in world.store.load(dossier.id).facts]
    assert "quyết định" not in json.dumps(facts, ensure_ascii=False, default=str)
