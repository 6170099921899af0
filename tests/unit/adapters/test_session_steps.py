"""A step of a session is taken with its dossier's change, or neither is."""

from dataclasses import replace

import pytest
from chauban.dossiers.changes import Change, ClosedTask, SessionStep
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.notice_requests import ReturnDraft, WithdrawDossier
from chauban.errors import ConcurrentChange
from chauban.signing.sessions.model import ItemStatus, SessionStatus, SigningSession

from tests.unit.fakes.catalogue import THUAN_HOA
from tests.unit.fakes.people import official, portal
from tests.unit.fakes.world import World, result_of, signatures_for


def change(world: World, session: SigningSession, **step: object) -> Change:
    """The session's first item becomes ready together with a fact of its dossier."""
    entry = session.items[0].model_copy(update={"status": ItemStatus.READY})
    before = world.store.load(entry.dossier)
    after = before.with_fact(FactType.SIGNATURE_PREPARED, world.clock.now(), SERVICE, document=entry.document)
    taken = SessionStep(session.id, entry, was=ItemStatus.PREPARING)
    return Change(before, after, step=replace(taken, **step))  # type: ignore[arg-type]


def assert_refused_whole(world: World, wanted: Change) -> None:
    assert wanted.before is not None
    with pytest.raises(ConcurrentChange):
        world.store.commit(wanted)
    assert world.store.load(wanted.after.id) == wanted.before


def test_a_step_and_its_change_happen_together(either: World) -> None:
    session = either.opened(either.awaiting_signature())
    wanted = change(either, session, task=either.signing.task(session.items[0].task), accepting=True)
    either.store.commit(wanted)
    assert either.signing.session(session.id).items[0].status is ItemStatus.READY
    assert either.store.load(wanted.after.id) == wanted.after


def test_an_item_that_moved_on_meanwhile_refuses_both(either: World) -> None:
    session = either.opened(either.awaiting_signature())
    either.signing.settle_item(session, 1, ItemStatus.FAILED, "certificate-revoked")
    assert_refused_whole(either, change(either, session))
    assert either.signing.session(session.id).items[0].status is ItemStatus.FAILED


def test_a_task_that_another_session_holds_refuses_both(either: World) -> None:
    dossier = either.awaiting_signature()
    session, other = either.opened(dossier), either.opened(either.awaiting_signature())
    assert_refused_whole(either, change(either, other, task=either.signing.task(result_of(dossier).id)))
    assert either.signing.task(result_of(dossier).id).session == session.id


def test_a_returned_draft_closes_its_task_and_settles_its_item(either: World) -> None:
    dossier = either.awaiting_signature()
    session, task = either.ready(dossier), result_of(dossier).id
    back = either.returning.send_back(official(), task, ReturnDraft(reason="Sai tên"), either.guard(official()))
    assert either.store.load(dossier.id) == back
    assert (back.status, either.signing.session(session.id).items[0].status) == ("received", ItemStatus.REFUSED)
    assert either.signing.tasks_of_agency(THUAN_HOA, 20, None).items == ()
    returned = either.signing.task(task).returned
    assert returned
    assert returned.reason == "Sai tên"


def test_a_task_that_was_closed_meanwhile_refuses_the_change(either: World) -> None:
    dossier = either.awaiting_signature()
    closed = ClosedTask(either.signing.task(result_of(dossier).id).closed())
    after = dossier.with_fact(FactType.DOCUMENT_CANCELLED, either.clock.now(), SERVICE, document=closed.task.document)
    either.store.commit(Change(dossier, after, closed_tasks=(closed,)))
    again = after.with_fact(FactType.DOCUMENT_CANCELLED, either.clock.now(), SERVICE, document=closed.task.document)
    assert_refused_whole(either, Change(after, again, closed_tasks=(closed,)))


def test_a_session_that_was_cancelled_meanwhile_accepts_nothing(either: World) -> None:
    session = either.opened(either.awaiting_signature())
    either.signing.cancel_session(session, either.clock.now())
    assert_refused_whole(either, change(either, session, accepting=True))


def test_why_an_item_waits_is_noted_only_while_it_does(either: World) -> None:
    session = either.ready(either.awaiting_signature(), either.awaiting_signature())
    either.signing.note(session, 1, "internal")
    either.signing.note(session, 9, "internal")
    assert [item.reason for item in either.signing.session(session.id).items] == ["internal", None]
    accepted = either.desk.accept(official(), session.id, signatures_for(session))
    assert [item.reason for item in accepted.items] == [None, None]
    # Whoever read the items before has nothing to say about them any more.
    either.signing.note(session, 2, "internal")
    either.signing.settle_item(session, 2, ItemStatus.FAILED, "internal")
    either.signing.note(accepted, 1, "timestamp-unavailable")
    found = either.signing.session(session.id)
    assert [(item.status, item.reason) for item in found.items] == [
        (ItemStatus.READY, "timestamp-unavailable"),
        (ItemStatus.READY, None),
    ]
    either.official.embed(session.id, 1)
    either.signing.note(accepted, 1, "internal")
    signed = either.signing.session(session.id).items[0]
    assert (signed.status, signed.reason) == (ItemStatus.SIGNED, None)


def test_a_failed_item_and_its_free_task_are_written_at_once(stored: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session = stored.ready(stored.awaiting_signature())
    table, written = stored.signing._table, []  # type: ignore[attr-defined]
    transact = table.transact
    monkeypatch.setattr(table, "transact", lambda writes: written.append(len(writes)) or transact(writes))
    stored.signing.settle_item(session, 1, ItemStatus.FAILED, "internal")
    assert written == [2]
    assert stored.signing.session(session.id).items[0].reason == "internal"
    assert stored.signing.task(session.items[0].task).session is None


@pytest.mark.parametrize("task", ["closed", "held elsewhere"])
def test_an_item_is_settled_also_where_its_task_is_not_the_sessions(either: World, task: str) -> None:
    dossier = either.awaiting_signature()
    session = either.ready(dossier)
    if task == "closed":
        withdrawn(either, dossier.id)
    else:
        either.clock.moment = session.expires_at
        either.ready(dossier)
    before = either.signing.task(session.items[0].task)
    either.signing.settle_item(session, 1, ItemStatus.FAILED, "cancelled")
    assert either.signing.session(session.id).items[0].reason == "cancelled"
    assert either.signing.task(before.id) == before


def test_a_task_that_another_session_took_meanwhile_is_not_closed(either: World) -> None:
    dossier = either.awaiting_signature()
    closed = ClosedTask(either.signing.task(result_of(dossier).id).closed())
    either.opened(dossier)
    after = dossier.with_fact(FactType.DOCUMENT_CANCELLED, either.clock.now(), SERVICE, document=closed.task.document)
    assert_refused_whole(either, Change(dossier, after, closed_tasks=(closed,)))
    assert either.signing.task(closed.task.id).open


def withdrawn(world: World, dossier: str) -> None:
    """The citizen takes the dossier back."""
    world.withdrawing.withdraw(portal(), dossier, WithdrawDossier(), world.guard(portal()))


def test_a_withdrawn_dossier_settles_its_item_of_the_live_session(either: World) -> None:
    session = either.ready(either.awaiting_signature(), either.awaiting_signature())
    withdrawn(either, session.items[0].dossier)
    assert [(item.status.value, item.reason) for item in either.signing.session(session.id).items] == [
        ("failed", "cancelled"),
        ("ready", None),
    ]
    task = either.signing.task(session.items[0].task)
    assert (task.open, task.session) == (False, None)


def test_a_session_whose_only_document_was_withdrawn_is_done(either: World) -> None:
    session = either.ready(either.awaiting_signature())
    withdrawn(either, session.items[0].dossier)
    assert either.signing.session(session.id).status(either.clock.now()) is SessionStatus.DONE


def test_the_item_of_a_session_that_is_over_stays(either: World) -> None:
    session = either.ready(either.awaiting_signature())
    either.clock.moment = session.expires_at
    withdrawn(either, session.items[0].dossier)
    assert either.signing.session(session.id).items[0].status is ItemStatus.READY
    assert either.signing.task(session.items[0].task).session is None
