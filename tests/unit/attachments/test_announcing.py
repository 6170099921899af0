"""Announcing a file: who may, when, what a dossier takes, how many, and once however often it is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chauban.access.identity import Caller
from chauban.attachments.announcing import MOST, MOST_EVER
from chauban.attachments.requests import AnnounceAttachment
from chauban.attachments.rules import missing_papers
from chauban.dossiers.attachments import UPLOAD_TIME, WAITING_TIME, AttachmentStatus
from chauban.dossiers.notice_requests import Missing, WithdrawDossier
from chauban.errors import (
    AttachmentLimit,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    InvalidRequest,
    NotAllowed,
    NotFound,
    WrongState,
)
from pydantic import ValidationError

from tests.unit.fakes.attachments import COMPONENT, announcement
from tests.unit.fakes.notices import asked
from tests.unit.fakes.people import AN, BINH, citizen, clerk, official, portal
from tests.unit.fakes.world import World


def codes(refused: pytest.ExceptionInfo[InvalidRequest]) -> list[tuple[str, str]]:
    for fault in refused.value.errors:
        assert set(fault.detail) == {"vi", "en"}
    return [(fault.pointer, fault.code) for fault in refused.value.errors]


@pytest.mark.parametrize("caller", [citizen(), portal(), clerk()], ids=["party", "portal", "clerk"])
def test_who_may_supplement_may_attach(world: World, caller: Caller) -> None:
    dossier = world.submitted()
    attachment, upload = world.attaching.announced(dossier, caller)
    assert attachment.status is AttachmentStatus.EXPECTED
    assert attachment.title["vi"].startswith("Giấy tờ chứng minh tình trạng hôn nhân")
    assert upload
    assert upload.expires_at == world.clock.now() + UPLOAD_TIME
    assert world.store.load(dossier.id).attachments == (attachment,)


def test_the_announcement_says_who_made_it_and_changes_nothing_of_the_dossiers_history(world: World) -> None:
    dossier = world.submitted()
    attachment = world.attaching.announced(dossier, clerk()).attachment
    assert (attachment.announced_by.kind, attachment.announced_by.appointment) == ("person", "clerk-thuan-hoa-1")
    assert world.store.load(dossier.id).facts == dossier.facts


@pytest.mark.parametrize("caller", [citizen(BINH), clerk("phu-xuan"), portal("another-portal")])
def test_for_others_the_dossier_does_not_exist(world: World, caller: Caller) -> None:
    dossier = world.submitted()
    with pytest.raises(NotFound):
        world.attaching.announced(dossier, caller)


@pytest.mark.parametrize(
    "caller",
    [citizen(AN, "dossiers:read"), official(), portal("portal", "dossiers:submit")],
    ids=["no scope", "official", "portal"],
)
def test_who_may_only_read_attaches_nothing(world: World, caller: Caller) -> None:
    dossier = world.submitted()
    with pytest.raises(NotAllowed):
        world.attaching.announced(dossier, caller)


def test_what_is_not_asked_for_is_refused_with_its_place(world: World) -> None:
    dossier = world.submitted()
    for changes, expected in (
        ({"component": "passport"}, [("#/component", "unknown-component")]),
        ({"type": "image/gif"}, [("#/type", "type-not-taken")]),
        ({"bytes": 10 * 1024 * 1024 + 1}, [("#/bytes", "too-large")]),
        ({"type": "text/html", "bytes": 10**9}, [("#/type", "type-not-taken"), ("#/bytes", "too-large")]),
    ):
        with pytest.raises(InvalidRequest) as refused:
            world.attaching.announced(dossier, **changes)
        assert codes(refused) == expected
    assert world.store.load(dossier.id).attachments == ()


def test_the_limits_themselves_are_taken(world: World) -> None:
    assert world.attaching.announced(world.submitted(), bytes=10 * 1024 * 1024, type="image/png").upload


@pytest.mark.parametrize("name", ["../etc/passwd", "a\\b.pdf", "a\nb.pdf", 'a".pdf', "a\u202efdp.exe", "", "x" * 201])
def test_a_name_that_is_no_plain_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        AnnounceAttachment.model_validate(announcement(name=name))


def test_a_name_is_kept_in_one_form_of_its_letters() -> None:
    assert AnnounceAttachment.model_validate(announcement(name="quye\u0302\u0301t.pdf")).name == "quyết.pdf"


@pytest.mark.parametrize("sha256", ["", "0" * 63, "G" * 64, "A" * 64])
def test_a_hash_that_is_none_is_refused(sha256: str) -> None:
    with pytest.raises(ValidationError):
        AnnounceAttachment.model_validate(announcement(sha256=sha256))


def test_once_the_decision_is_drafted_nothing_more_is_taken(world: World) -> None:
    for dossier in (world.drafted(), world.awaiting_signature(), world.issued()):
        with pytest.raises(WrongState):
            world.attaching.announced(dossier)


def test_a_withdrawn_dossier_takes_nothing(world: World) -> None:
    dossier = world.submitted()
    world.withdrawing.withdraw(citizen(), dossier.id, WithdrawDossier(), world.guard(citizen()))
    with pytest.raises(WrongState):
        world.attaching.announced(dossier)


def test_the_same_key_again_is_the_same_attachment_with_a_place_for_the_time_that_is_left(world: World) -> None:
    dossier = world.received()
    first = world.attaching.announced(dossier, key="k")
    world.clock.forward(minutes=10)
    again = world.attaching.announced(dossier, key="k")
    assert again.attachment == first.attachment
    assert again.upload
    assert first.upload
    assert again.upload.expires_at == first.upload.expires_at
    assert int(again.upload.fields["for"]) == int(first.upload.fields["for"]) - 600
    assert len(world.store.load(dossier.id).attachments) == 1


def test_the_same_key_with_another_file_is_refused_and_none_is_asked_for(world: World) -> None:
    dossier = world.received()
    world.attaching.announced(dossier, key="k")
    with pytest.raises(IdempotencyKeyReused):
        world.attaching.announced(dossier, key="k", name="another.pdf")
    body = announcement()
    with pytest.raises(IdempotencyKeyRequired):
        world.attaching.announcing.announce(citizen(), dossier.id, AnnounceAttachment.model_validate(body), body, None)


def test_a_place_is_given_for_half_an_hour_and_what_never_came_expires(world: World) -> None:
    dossier = world.received()
    world.attaching.announced(dossier, key="k")
    world.clock.forward(minutes=30)
    assert world.attaching.announced(dossier, key="k").upload is None
    world.clock.forward(seconds=WAITING_TIME.total_seconds())
    assert world.attaching.announced(dossier, key="k").attachment.status is AttachmentStatus.EXPIRED


def test_there_is_a_most_of_what_is_kept_or_on_its_way(world: World) -> None:
    dossier = world.received()
    for _ in range(MOST):
        world.attaching.announced(dossier)
    with pytest.raises(AttachmentLimit):
        world.attaching.announced(dossier)
    world.clock.forward(seconds=(WAITING_TIME + timedelta(seconds=1)).total_seconds())
    for _ in range(MOST):
        world.attaching.announced(dossier)


def test_refused_and_expired_ones_cannot_be_heaped_up(world: World) -> None:
    dossier = world.received()
    for _ in range(MOST_EVER // MOST):
        for _ in range(MOST):
            world.attaching.announced(dossier)
        world.clock.forward(seconds=WAITING_TIME.total_seconds())
    with pytest.raises(AttachmentLimit) as refused:
        world.attaching.announced(dossier)
    assert str(MOST_EVER) in refused.value.detail("vi")


def test_what_a_clerk_asks_for_is_taken_too_while_the_request_is_open(world: World) -> None:
    item = Missing(what="Trích lục khai tử", reason="Bản chụp không đọc được", component="death_extract")
    dossier = asked(world, world.received(), items=(item,))
    attachment = world.attaching.announced(dossier, component="death_extract", type="image/jpeg").attachment
    request = dossier.documents[-1].id
    assert (attachment.request, attachment.title["vi"]) == (request, "Trích lục khai tử")
    assert world.attaching.announced(dossier).attachment.request == request
    with pytest.raises(InvalidRequest):
        world.attaching.announced(world.received(), component="death_extract")


def test_required_papers_of_which_none_was_accepted_are_missing(world: World) -> None:
    dossier, form = world.received(), world.forms.version("xac-nhan-tinh-trang-hon-nhan", "1.0")
    assert missing_papers(form, dossier) == ()
    (rule,) = form.head.attachments
    needed = form.model_copy(
        update={"head": form.head.model_copy(update={"attachments": (rule.model_copy(update={"required": True}),)})}
    )
    (asked_for,) = missing_papers(needed, dossier)
    assert asked_for.component == COMPONENT
    world.attaching.examiner.finds = "unreadable"
    world.attaching.examined(dossier)
    assert missing_papers(needed, world.store.load(dossier.id)) == (asked_for,)
    world.attaching.examiner.finds = None
    world.attaching.examined(dossier)
    assert missing_papers(needed, world.store.load(dossier.id)) == ()
