"""A credential that is rotated in the middle of a session: what was signed stays, the rest is signed with the new one."""

from typing import Any

import pytest
from chauban.access.identity import Caller
from chauban.dossiers.documents import DocumentStatus
from chauban.dossiers.requests import OpenSession, PostSignatures, SignatureValue
from chauban.errors import CredentialNotFit, InvalidRequest
from chauban.signing.credentials import Purpose
from chauban.signing.sessions.model import ItemStatus, SigningSession

from tests.unit.fakes.catalogue import credential
from tests.unit.fakes.people import official
from tests.unit.fakes.world import World, result_of, signature_for, signatures_for

OLD, NEW = "cred-official-thuan-hoa", "cred-official-thuan-hoa-2"


def one_of(session: SigningSession, item: int) -> PostSignatures:
    return PostSignatures(signatures=(SignatureValue(item=item, signature=signature_for(session, item)),))


def rotate(world: World) -> None:
    """The old record ends now, a new one begins."""
    old, now = world.catalogue.credentials[OLD], world.clock.now()
    world.catalogue.put_credential(old.model_copy(update={"valid_to": now}))
    world.catalogue.put_credential(credential(NEW, "official-thuan-hoa", Purpose.SIGN, valid_from=now))


def opened_with(world: World, task: str, key: str, caller: Caller) -> SigningSession:
    request = OpenSession(tasks=(task,), credential=key)
    session = world.sessions.open(caller, request, request.model_dump(mode="json"), world.ids.new())
    world.official.prepare(session.id, 1)
    return world.signing.session(session.id)


def test_what_was_signed_stays_and_the_rest_is_signed_with_the_new_key(world: World) -> None:
    first, second = world.awaiting_signature(), world.awaiting_signature()
    session = world.ready(first, second)
    world.desk.accept(official(), session.id, one_of(session, 1))
    world.clock.forward(seconds=1)
    rotate(world)
    with pytest.raises(CredentialNotFit) as error:
        world.desk.accept(official(), session.id, one_of(session, 2))
    assert error.value.reason == "credential-not-valid"
    # What was accepted before is embedded after: the act was done while the record held.
    world.official.embed(session.id, 1)
    assert result_of(world.store.load(first.id)).signatures[0].credential == OLD
    world.sessions.cancel(official(), session.id)
    again = opened_with(world, result_of(second).id, NEW, official())
    assert again.items[0].status is ItemStatus.READY
    assert again.items[0].signed_attributes != session.items[1].signed_attributes
    world.desk.accept(official(), again.id, signatures_for(again))
    world.official.embed(again.id, 1)
    signed = result_of(world.store.load(second.id))
    assert [each.credential for each in signed.signatures] == [NEW]
    assert signed.status is DocumentStatus.AWAITING_SEAL
    assert len(result_of(world.store.load(first.id)).signatures) == 1


def test_no_session_is_opened_with_a_record_that_ended(world: World) -> None:
    waiting = world.awaiting_signature()
    rotate(world)
    with pytest.raises(InvalidRequest) as error:
        opened_with(world, result_of(waiting).id, OLD, official())
    assert [fault.code for fault in error.value.errors] == ["credential-not-usable"]


def test_a_late_preparation_of_a_cancelled_session_disturbs_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = world.awaiting_signature()
    late = world.opened(dossier)
    again: list[SigningSession] = []
    prepare = type(world.engine).prepare

    def slow(engine: Any, *given: Any, **more: Any) -> Any:
        prepared = prepare(engine, *given, **more)
        if not again:
            again.append(late)
            rotate(world)
            world.sessions.cancel(official(), late.id)
            again[0] = opened_with(world, result_of(dossier).id, NEW, official())
        return prepared

    monkeypatch.setattr(type(world.engine), "prepare", slow)
    world.clock.forward(seconds=1)
    world.official.prepare(late.id, 1)
    (session,) = again
    document = result_of(world.store.load(dossier.id))
    assert document.preparation is not None
    assert (document.preparation.credential, session.items[0].status) == (NEW, ItemStatus.READY)
    world.desk.accept(official(), session.id, signatures_for(session))
    world.official.embed(session.id, 1)
    assert [one.credential for one in result_of(world.store.load(dossier.id)).signatures] == [NEW]
