"""The seal worker: one number, one accepted value, one revision, one event, wherever it is killed and whoever runs beside it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.errors import NotConfigured, SigningError, TimestampUnavailable, UnsafeToSign, VerificationFailed
from chauban.signing.credentials import Purpose
from chauban.signing.linting import Finding

from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA, credential
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, document_of, result_of

PORTS = ("store", "files", "engine", "keys")
BOOK = "xac-nhan-tinh-trang-hon-nhan"
# Everything that sealing a result does, in order: the places where it can be disturbed.
STEPS = [
    "store.load",
    *("files.read", "engine.require_safe", "engine.require_annexes"),
    *("store.load", "store.last_number", "store.commit"),
    *("files.read", "files.appearance", "engine.prepare", "files.put_draft", "store.load", "store.commit"),
    *("keys.sign", "store.load", "store.commit"),
    *("files.read", "engine.complete", "engine.verify", "files.put_draft", "store.load", "store.commit"),
    *("store.load", "files.read", "files.archive", "store.load", "store.commit"),
]
EVERY_STEP = range(1, len(STEPS) + 1)


def seal(world: World, dossier: Dossier, steps: Steps | None = None) -> None:
    service = watched(world.sealing, steps, *PORTS) if steps else world.sealing
    service.seal(dossier.id, result_of(dossier).id)


def assert_issued_once(world: World, dossier: Dossier, sealings: int = 1) -> None:
    """Everything that must be true of a result at the end, once; `sealings` is how often attributes were fixed for the seal."""
    number = 1
    present = world.store.load(dossier.id)
    result = result_of(present)
    kinds = [fact.type for fact in present.facts]
    assert result.status is DocumentStatus.ISSUED
    assert result.number is not None
    assert result.number.number == number
    assert world.store.last_number(THUAN_HOA, BOOK, 2026) == number
    assert [s.field for s in result.signatures] == ["official", "seal"]
    assert [r.revision for r in result.revisions] == [1]
    for kind in (FactType.NUMBER_ISSUED, FactType.DOCUMENT_ISSUED):
        assert kinds.count(kind) == 1
    # One for the official, the others for the seal.
    assert kinds.count(FactType.SIGNATURE_PREPARED) == 1 + sealings
    assert kinds.count(FactType.SIGNATURE_ACCEPTED) == 1 + sealings
    assert world.events_of(dossier.id).count("result.issued.v1") == 1
    # Whoever finished first: nothing but the issued file ever went under the retention that nobody can shorten.
    receipts = {file for file in world.files.archived if file != result.sha256}
    assert result.sha256 in world.files.archived
    assert not any(b"[seal by" in world.files.stored["archive", f"documents/{file}.pdf"] for file in receipts)
    assert world.events_of(dossier.id).count("document.signed.v1") == 2
    content = world.files.read(result.revisions[0].file)
    assert content.count(b"seal signed with") == 1
    assert f"number: {number:02d}/UBND-XNTTHN".encode() in content
    assert present.status == "processed"


def test_a_result_is_numbered_sealed_and_issued(world: World) -> None:
    dossier = world.issued()
    assert_issued_once(world, dossier)
    result = result_of(dossier)
    assert result.number is not None
    assert (result.number.book, result.number.year, result.number.day.isoformat()) == (BOOK, 2026, "2026-11-23")
    assert result.revisions[0].level == "B-LT"
    assert ("seal", {"number": "01/UBND-XNTTHN", "date": "ngày 23 tháng 11 năm 2026"}) in world.engine.prepared


def test_a_receipt_is_sealed_without_number_or_result_event(world: World) -> None:
    dossier = world.received()
    receipt = document_of(dossier, DocumentKind.RECEIPT)
    world.making.make(dossier.id, receipt.id)
    world.sealing.seal(dossier.id, receipt.id)
    made = world.store.load(dossier.id).document(receipt.id)
    assert (made.status, made.number) == (DocumentStatus.ISSUED, None)
    assert world.engine.prepared == [("seal", None)]
    assert world.events_of(dossier.id) == ["dossier.submitted.v1", "dossier.received.v1", "document.signed.v1"]
    assert world.store.load(dossier.id).status == "received"


def test_the_steps_are_these(world: World) -> None:
    steps = Steps(0, kill)
    seal(world, world.awaiting_seal(), steps)
    assert steps.taken == STEPS


@pytest.mark.parametrize("at", EVERY_STEP)
def test_a_worker_killed_after_any_step_goes_on_where_it_stopped(world: World, at: int) -> None:
    dossier = world.awaiting_seal()
    with pytest.raises(Killed):
        seal(world, dossier, Steps(at, kill))
    world.clock.forward(minutes=3)
    seal(world, dossier)
    assert_issued_once(world, dossier)


@pytest.mark.parametrize("first", EVERY_STEP[::2])
@pytest.mark.parametrize("second", EVERY_STEP[::4])
def test_a_worker_killed_twice_in_a_row_still_issues_one_result(world: World, first: int, second: int) -> None:
    dossier = world.awaiting_seal()
    for at in (first, second):
        with suppress(Killed):
            seal(world, dossier, Steps(at, kill))
        world.clock.forward(minutes=1)
    seal(world, dossier)
    assert_issued_once(world, dossier)


@pytest.mark.parametrize("at", EVERY_STEP)
def test_two_workers_at_once_issue_one_result(world: World, at: int) -> None:
    """The second runs from beginning to end between two steps of the first; neither fails."""
    dossier = world.awaiting_seal()
    seal(world, dossier, Steps(at, lambda: seal(world, dossier)))
    assert_issued_once(world, dossier)


@pytest.mark.parametrize("stop", EVERY_STEP[::3])
@pytest.mark.parametrize("at", EVERY_STEP[::2])
def test_a_second_worker_killed_halfway_does_not_disturb_the_first(world: World, at: int, stop: int) -> None:
    dossier = world.awaiting_seal()

    def meanwhile() -> None:
        with suppress(Killed):
            seal(world, dossier, Steps(stop, kill))

    seal(world, dossier, Steps(at, meanwhile))
    assert_issued_once(world, dossier)


@pytest.mark.parametrize("at", EVERY_STEP)
def test_two_dossiers_never_share_or_skip_a_number(world: World, at: int) -> None:
    one, other = world.awaiting_seal(), world.awaiting_seal()
    seal(world, one, Steps(at, lambda: seal(world, other)))
    numbers = [result_of(world.store.load(d.id)).number for d in (one, other)]
    assert sorted(n.number for n in numbers if n) == [1, 2]
    assert world.store.last_number(THUAN_HOA, BOOK, 2026) == 2


def test_numbers_are_consecutive_when_many_threads_race(world: World) -> None:
    dossiers = [world.awaiting_seal() for _ in range(6)]
    barrier = Barrier(len(dossiers))

    def work(dossier: Dossier) -> None:
        barrier.wait()
        seal(world, dossier)

    threads = [Thread(target=work, args=(dossier,)) for dossier in dossiers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [result_of(world.store.load(d.id)).number for d in dossiers]
    assert sorted(n.number for n in numbers if n) == [1, 2, 3, 4, 5, 6]


def test_each_agency_has_its_own_book(world: World) -> None:
    first, second = world.issued(), world.issued()
    assert [n.display for d in (first, second) if (n := result_of(d).number)] == ["01/UBND-XNTTHN", "02/UBND-XNTTHN"]
    assert world.store.last_number(PHU_XUAN, BOOK, 2026) == 0


def test_numbers_begin_again_with_the_year_in_vietnam(world: World) -> None:
    old, new = world.awaiting_seal(), world.awaiting_seal()
    world.clock.moment = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
    seal(world, old)
    world.clock.moment = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    seal(world, new)
    numbers = [result_of(world.store.load(d.id)).number for d in (old, new)]
    assert [(n.number, n.year, n.day.isoformat()) for n in numbers if n] == [
        (1, 2026, "2026-12-31"),
        (1, 2027, "2027-01-01"),
    ]


def test_a_failure_after_the_number_keeps_the_number_and_its_date(world: World) -> None:
    dossier = world.awaiting_seal()
    world.engine.timestamps_fail = True
    with pytest.raises(TimestampUnavailable):
        seal(world, dossier)
    world.engine.timestamps_fail = False
    world.clock.forward(days=1)
    seal(world, dossier)
    assert_issued_once(world, dossier, sealings=2)
    number = result_of(world.store.load(dossier.id)).number
    assert number is not None
    assert number.day.isoformat() == "2026-11-23"


@pytest.mark.parametrize(("hours", "sealings"), [(5.9, 1), (6, 2)])
def test_what_was_fixed_too_long_ago_is_fixed_afresh(world: World, hours: float, sealings: int) -> None:
    """The revocation data in the file is that of the moment when it was prepared."""
    dossier = world.awaiting_seal()
    with pytest.raises(Killed):
        watched(world.sealing, Steps(1, kill), "keys").seal(dossier.id, result_of(dossier).id)
    world.engine.timestamps_fail = True
    with pytest.raises(TimestampUnavailable):
        seal(world, dossier)
    world.engine.timestamps_fail = False
    world.clock.forward(hours=hours)
    seal(world, dossier)
    assert_issued_once(world, dossier, sealings)
    assert result_of(world.store.load(dossier.id)).signatures[-1].signed_at == (
        world.clock.now() if sealings == 2 else MORNING
    )


@pytest.mark.parametrize("slow_step", ["keys.sign", "files.archive"])
def test_a_worker_that_slept_for_hours_does_not_mix_old_and_new(world: World, slow_step: str) -> None:
    """While it slept, another fixed new attributes; its own value and file are for the old ones."""
    dossier = world.awaiting_seal()

    def sleep() -> None:
        world.clock.forward(hours=7)
        with suppress(Killed):
            watched(world.sealing, Steps(1, kill), "keys").seal(dossier.id, result_of(dossier).id)

    with suppress(SigningError):
        seal(world, dossier, Steps(STEPS.index(slow_step) + 1, sleep))
    assert result_of(world.store.load(dossier.id)).status is DocumentStatus.AWAITING_SEAL
    seal(world, dossier)
    present = world.store.load(dossier.id)
    result = result_of(present)
    content = world.files.read(result.revisions[0].file)
    assert result.signatures[-1].signed_at == world.clock.now()
    assert b"attempt 3]" not in content  # the attempt of seven hours ago
    assert world.events_of(dossier.id).count("result.issued.v1") == 1


def test_what_does_not_verify_is_not_archived(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pdf: bytes, _fields: Sequence[str]) -> str:
        raise VerificationFailed(reason="revoked")

    dossier = world.awaiting_seal()
    monkeypatch.setattr(world.engine, "verify", refuse)
    with pytest.raises(VerificationFailed):
        seal(world, dossier)
    assert world.files.archived == []
    assert "result.issued.v1" not in world.events_of(dossier.id)


def test_no_number_is_spent_on_a_file_that_is_not_safe_to_sign(world: World) -> None:
    dossier = world.awaiting_seal()
    world.engine.unsafe = [Finding("covered-content", "page 1")]
    with pytest.raises(UnsafeToSign, match="page 1"):
        seal(world, dossier)
    assert result_of(world.store.load(dossier.id)).number is None
    assert world.store.last_number(THUAN_HOA, BOOK, 2026) == 0


def test_sealing_comes_after_the_officials_signature(world: World) -> None:
    dossier = world.awaiting_signature()
    with pytest.raises(SigningError, match="awaiting_signature"):
        seal(world, dossier)
    assert world.store.last_number(THUAN_HOA, BOOK, 2026) == 0


def test_sealing_an_issued_document_again_does_nothing(world: World) -> None:
    dossier = world.issued()
    seal(world, dossier)
    assert world.store.load(dossier.id) == dossier


def test_the_newest_valid_seal_of_the_agency_is_used(world: World) -> None:
    now = world.clock.now()
    for name, changes in (
        ("seal-new", {"valid_from": datetime(2026, 11, 1, tzinfo=UTC)}),
        ("seal-later", {"valid_from": datetime(2026, 12, 1, tzinfo=UTC)}),
        ("seal-over", {"valid_from": datetime(2026, 11, 2, tzinfo=UTC), "valid_to": now}),
    ):
        world.catalogue.put_credential(credential(name, THUAN_HOA, Purpose.SEAL, **changes))
    assert result_of(world.issued()).signatures[-1].credential == "seal-new"


def test_without_a_seal_the_document_waits_with_its_number(world: World) -> None:
    dossier = world.awaiting_seal()
    kept = world.catalogue.credentials.pop("cred-seal-thuan-hoa")
    with pytest.raises(NotConfigured, match="valid seal"):
        seal(world, dossier)
    world.catalogue.put_credential(kept)
    seal(world, dossier)
    assert_issued_once(world, dossier)
