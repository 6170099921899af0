"""What an official is to sign is fixed once while it is fresh, asked about each time, and every preparation ends with a word."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.errors import CertificateNotUsable, ConcurrentChange
from chauban.signing.preparation import STALE
from chauban.signing.sessions.model import ItemStatus, SessionStatus, SigningSession

from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.people import official
from tests.unit.fakes.world import World, result_of, signatures_for

CREDENTIAL = "cred-official-thuan-hoa"


def again(world: World, dossier: Dossier, **later: float) -> SigningSession:
    """Another session for a document that was prepared and not signed, so much later."""
    world.clock.forward(**later)
    session = world.opened(dossier, caller=official(auth_time=world.clock.now()))
    world.official.prepare(session.id, 1)
    return world.signing.session(session.id)


def test_what_was_fixed_is_asked_about_again_and_used_again_while_it_is_fresh(world: World) -> None:
    dossier = world.awaiting_signature()
    first = world.ready(dossier)
    second = again(world, dossier, seconds=STALE.total_seconds() - 1)
    assert second.items[0].signed_attributes == first.items[0].signed_attributes
    assert [credential for credential, _ in world.engine.asked_about] == [CREDENTIAL] * 2
    assert world.engine.asked_about[1][1] == world.clock.now()
    assert len(world.engine.prepared) == 1


@pytest.mark.parametrize("reason", ["revoked", "suspended", "expired"])
def test_a_certificate_that_was_revoked_since_signs_nothing_that_was_fixed_before(world: World, reason: str) -> None:
    dossier = world.awaiting_signature()
    world.ready(dossier)
    world.engine.refused[CREDENTIAL] = reason
    item = again(world, dossier, minutes=31).items[0]
    assert (item.status, item.reason) == (ItemStatus.FAILED, f"certificate-{reason}")
    assert world.signing.task(result_of(dossier).id).session is None


def test_nobody_answers_for_the_certificate_of_what_was_fixed_before(world: World) -> None:
    dossier = world.awaiting_signature()
    world.ready(dossier)
    world.engine.refused[CREDENTIAL] = "status_unavailable"
    with pytest.raises(CertificateNotUsable):
        again(world, dossier, minutes=31)


def test_what_is_stale_is_fixed_anew_and_the_old_attributes_take_no_value_any_more(world: World) -> None:
    dossier = world.awaiting_signature()
    first = world.ready(dossier)
    second = again(world, dossier, seconds=STALE.total_seconds())
    assert second.items[0].signed_attributes != first.items[0].signed_attributes
    digests = [
        fact.data["digest"] for fact in world.store.load(dossier.id).facts if fact.type is FactType.SIGNATURE_PREPARED
    ]
    assert digests == [first.items[0].digest, second.items[0].digest]
    caller = official(auth_time=world.clock.now())
    accepted = world.desk.accept(caller, second.id, signatures_for(second))
    assert accepted.status(world.clock.now()) is SessionStatus.SIGNING
    world.official.embed(second.id, 1)
    assert [each.field for each in result_of(world.store.load(dossier.id)).signatures] == ["official"]


def test_a_value_that_was_accepted_holds_its_document_however_old_it_is(world: World) -> None:
    """The authority rests for a day: nobody else may prepare the document, and what was accepted is embedded."""
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)
    fixed = result_of(world.store.load(dossier.id)).preparation
    world.clock.forward(hours=24)
    world.official.prepare(session.id, 1)
    assert result_of(world.store.load(dossier.id)).preparation == fixed
    world.official.embed(session.id, 1)
    assert world.signing.session(session.id).items[0].status is ItemStatus.SIGNED


def withdrawn(world: World, dossier: Dossier) -> None:
    present = world.store.load(dossier.id)
    document = result_of(present).model_copy(update={"status": "cancelled"})
    world.tables.dossiers[dossier.id] = present.with_document(document)
    world.tables.tasks[document.id] = world.signing.task(document.id).closed()


def taken(world: World, dossier: Dossier) -> None:
    task = world.signing.task(result_of(dossier).id)
    world.tables.tasks[task.id] = task.model_copy(update={"session": "another", "session_until": MUCH_LATER})


MUCH_LATER = World().clock.now() + timedelta(days=1)


@pytest.mark.parametrize("at", range(1, 12))
@pytest.mark.parametrize(("happens", "reason"), [(withdrawn, "cancelled"), (taken, "in-another-session")])
def test_whatever_happens_meanwhile_no_item_is_left_preparing(
    world: World, happens: Callable[[World, Dossier], None], reason: str, at: int
) -> None:
    """The order is done then, and nobody would ever come back to the item."""
    dossier = world.awaiting_signature()
    session = world.opened(dossier)
    steps = Steps(at, lambda: happens(world, dossier))
    watched(world.official, steps, "store", "signing", "files", "engine").prepare(session.id, 1)
    item = world.signing.session(session.id).items[0]
    assert item.status is not ItemStatus.PREPARING
    assert item.status is ItemStatus.READY or item.reason == reason


def test_a_document_that_never_rests_is_left_to_the_queue(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.opened(dossier)

    class Restless:
        """Another worker always changes what was decided on."""

        def __getattr__(self, name: str) -> object:
            return getattr(world.store, name)

        def commit(self, _change: object) -> None:
            raise ConcurrentChange

    with pytest.raises(ConcurrentChange):
        replace(world.official, store=Restless()).prepare(session.id, 1)  # type: ignore[arg-type]
    assert world.signing.session(session.id).items[0].status is ItemStatus.PREPARING
