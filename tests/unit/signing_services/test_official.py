"""The sign worker: one set of attributes, one embedded signature, and every failure with its reason."""

from collections.abc import Callable

import pytest
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.errors import (
    CertificateNotUsable,
    NotConfigured,
    NotFound,
    SignatureLost,
    SignatureMismatch,
    SigningError,
    TimestampUnavailable,
)
from chauban.signing.linting import Finding
from chauban.signing.losses import word_of
from chauban.signing.sessions.model import ItemStatus, SessionStatus
from chauban.signing.sessions.official import OfficialSigning

from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.people import official
from tests.unit.fakes.world import World, result_of, signatures_for

PORTS = ("store", "signing", "files", "engine")


def facts(dossier: Dossier, kind: FactType) -> int:
    return len([fact for fact in dossier.facts if fact.type is kind])


def test_a_prepared_item_shows_what_is_signed(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.ready(dossier)
    item = session.items[0]
    fixed = result_of(world.store.load(dossier.id)).preparation
    assert fixed is not None
    assert (item.status, item.document_sha256) == (ItemStatus.READY, fixed.file.sha256)
    assert (item.signed_attributes, item.digest) == (fixed.signed_attributes, fixed.digest)
    assert world.engine.prepared == [("official", None)]


def test_an_embedded_signature_goes_on_to_the_seal(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)
    world.official.embed(session.id, 1)
    result = result_of(world.store.load(dossier.id))
    assert (result.status, result.preparation, result.number) == ("awaiting_seal", None, None)
    assert [s.field for s in result.signatures] == ["official"]
    assert [m.body["document"] for m in world.messages("seal")] == [result.id]
    assert world.events_of(dossier.id)[-1] == "document.signed.v1"
    assert world.signing.session(session.id).status(world.clock.now()) is SessionStatus.DONE
    assert not world.signing.task(result.id).open


def prepare_step(world: World, _dossier: Dossier) -> tuple[str, Callable[[OfficialSigning], None]]:
    session = world.opened(_dossier)
    return session.id, lambda service: service.prepare(session.id, 1)


def embed_step(world: World, _dossier: Dossier) -> tuple[str, Callable[[OfficialSigning], None]]:
    session = world.accepted(_dossier)
    return session.id, lambda service: service.embed(session.id, 1)


@pytest.mark.parametrize("begin", [prepare_step, embed_step])
def test_a_worker_killed_anywhere_goes_on_where_it_stopped(begin: Callable) -> None:
    for at in range(1, 30):
        world = World()
        dossier = world.awaiting_signature()
        session, work = begin(world, dossier)
        steps = Steps(at, kill)
        try:
            work(watched(world.official, steps, *PORTS))
        except Killed:
            world.clock.forward(minutes=2)
            work(world.official)
        present = world.store.load(dossier.id)
        assert facts(present, FactType.SIGNATURE_PREPARED) == 1, steps.taken
        if begin is prepare_step:
            assert world.signing.session(session).items[0].status is ItemStatus.READY
        else:
            assert facts(present, FactType.DOCUMENT_SIGNED) == 1, steps.taken
            assert len(result_of(present).signatures) == 1
            assert len(world.messages("seal")) == 1
            assert world.signing.session(session).items[0].status is ItemStatus.SIGNED
        if not steps.reached:
            assert {"engine.prepare", "engine.complete"} & set(steps.taken)
            assert {"files.put_draft", "store.commit"} <= set(steps.taken)
            return
    pytest.fail("the service never came to its end")


@pytest.mark.parametrize("at", range(1, 9))
def test_two_workers_with_the_same_preparation_fix_one_set_of_attributes(world: World, at: int) -> None:
    dossier = world.awaiting_signature()
    session = world.opened(dossier)
    steps = Steps(at, lambda: world.official.prepare(session.id, 1))
    watched(world.official, steps, *PORTS).prepare(session.id, 1)
    present = world.store.load(dossier.id)
    fixed = result_of(present).preparation
    assert fixed is not None
    assert facts(present, FactType.SIGNATURE_PREPARED) == 1
    assert world.signing.session(session.id).items[0].signed_attributes == fixed.signed_attributes


@pytest.mark.parametrize("at", range(1, 9))
def test_a_slow_second_preparation_does_not_undo_a_signature(at: int) -> None:
    """An order delivered twice, its second worker so slow that the document was signed and half sealed meanwhile.

    It used to put the official's old attributes in the place of the seal's, and its item back to `ready`.
    """
    world = World()
    dossier = world.awaiting_signature()
    session = world.opened(dossier)

    def meanwhile() -> None:
        world.official.prepare(session.id, 1)
        world.desk.accept(official(), session.id, signatures_for(world.signing.session(session.id)))
        world.official.embed(session.id, 1)
        seal = Steps(4, kill)
        with pytest.raises(Killed):
            watched(world.sealing, seal, "keys", "engine", "store").seal(dossier.id, result_of(dossier).id)

    steps = Steps(at, meanwhile)
    watched(world.official, steps, *PORTS).prepare(session.id, 1)
    present = result_of(world.store.load(dossier.id))
    assert steps.reached
    assert world.signing.session(session.id).items[0].status is ItemStatus.SIGNED
    assert present.preparation is None or present.preparation.field == "seal"
    world.sealing.seal(dossier.id, present.id)
    assert [s.field for s in result_of(world.store.load(dossier.id)).signatures] == ["official", "seal"]


@pytest.mark.parametrize("at", range(1, 9))
def test_a_slow_second_preparation_does_not_forget_an_accepted_signature(at: int) -> None:
    world = World()
    session = world.opened(world.awaiting_signature())

    def meanwhile() -> None:
        world.official.prepare(session.id, 1)
        world.desk.accept(official(), session.id, signatures_for(world.signing.session(session.id)))

    watched(world.official, Steps(at, meanwhile), *PORTS).prepare(session.id, 1)
    assert world.signing.session(session.id).status(world.clock.now()) is SessionStatus.SIGNING
    world.official.embed(session.id, 1)
    assert world.signing.session(session.id).status(world.clock.now()) is SessionStatus.DONE


@pytest.mark.parametrize("at", range(1, 9))
def test_two_workers_with_the_same_signature_embed_it_once(world: World, at: int) -> None:
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)
    steps = Steps(at, lambda: world.official.embed(session.id, 1))
    watched(world.official, steps, *PORTS).embed(session.id, 1)
    present = world.store.load(dossier.id)
    assert facts(present, FactType.DOCUMENT_SIGNED) == 1
    assert len(world.messages("seal")) == 1


@pytest.mark.parametrize("at", range(1, 9))
def test_a_slow_second_embedding_does_not_touch_a_half_sealed_document(world: World, at: int) -> None:
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)

    def meanwhile() -> None:
        world.official.embed(session.id, 1)
        with pytest.raises(Killed):
            watched(world.sealing, Steps(1, kill), "keys").seal(dossier.id, result_of(dossier).id)

    watched(world.official, Steps(at, meanwhile), *PORTS).embed(session.id, 1)
    waiting = result_of(world.store.load(dossier.id))
    assert waiting.preparation is not None
    assert waiting.preparation.field == "seal"
    world.sealing.seal(dossier.id, waiting.id)
    issued = result_of(world.store.load(dossier.id))
    assert [s.field for s in issued.signatures] == ["official", "seal"]
    assert world.files.read(issued.revisions[0].file).count(b"official signed with") == 1


def test_preparing_again_in_a_later_session_uses_the_same_attributes(world: World) -> None:
    dossier = world.awaiting_signature()
    first = world.ready(dossier)
    world.clock.forward(minutes=31)
    second = world.opened(dossier, caller=official(auth_time=world.clock.now()))
    world.official.prepare(second.id, 1)
    assert world.signing.session(second.id).items[0].signed_attributes == first.items[0].signed_attributes
    assert len(world.engine.prepared) == 1


def test_another_credential_fixes_new_attributes_while_nothing_was_signed(world: World) -> None:
    dossier = world.awaiting_signature()
    first = world.ready(dossier)
    world.sessions.cancel(official(), first.id)
    other = world.catalogue.credentials["cred-official-thuan-hoa"].model_copy(update={"id": "cred-new"})
    world.catalogue.put_credential(other)
    second = world.opened(dossier)
    world.tables.sessions[second.id] = second.model_copy(update={"credential": "cred-new"})
    world.official.prepare(second.id, 1)
    fixed = result_of(world.store.load(dossier.id)).preparation
    assert fixed is not None
    assert fixed.credential == "cred-new"


@pytest.mark.parametrize("reason", ["revoked", "expired", "suspended"])
def test_a_certificate_that_cannot_be_used_fails_the_item_and_frees_the_task(world: World, reason: str) -> None:
    first, second = world.awaiting_signature(), world.awaiting_signature()
    world.engine.refused["cred-official-thuan-hoa"] = reason
    session = world.opened(first, second)
    world.official.prepare(session.id, 1)
    item = world.signing.session(session.id).items[0]
    assert (item.status, item.reason) == (ItemStatus.FAILED, f"certificate-{reason}")
    assert world.signing.task(result_of(first).id).session is None
    world.engine.refused.clear()
    world.official.prepare(session.id, 2)
    assert world.signing.session(session.id).items[1].status is ItemStatus.READY
    assert world.opened(first).id != session.id


def test_a_file_that_is_not_safe_to_sign_fails_its_item_and_frees_the_task(world: World) -> None:
    first, second = world.awaiting_signature(), world.awaiting_signature()
    session = world.opened(first, second)
    world.engine.unsafe = [Finding("covered-content", "page 1")]
    world.official.prepare(session.id, 1)
    item = world.signing.session(session.id).items[0]
    assert (item.status, item.reason) == (ItemStatus.FAILED, "unsafe-to-sign")
    assert world.signing.task(result_of(first).id).session is None
    assert world.engine.prepared == []
    world.engine.unsafe = []
    world.official.prepare(session.id, 2)
    assert world.signing.session(session.id).items[1].status is ItemStatus.READY


def test_without_a_timestamp_the_signature_waits(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)
    world.engine.timestamps_fail = True
    with pytest.raises(TimestampUnavailable):
        world.official.embed(session.id, 1)
    assert result_of(world.store.load(dossier.id)).status == "awaiting_signature"
    world.engine.timestamps_fail = False
    world.official.embed(session.id, 1)
    assert result_of(world.store.load(dossier.id)).status == "awaiting_seal"


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_nothing_is_prepared_for_a_session_that_is_over(world: World, end: str) -> None:
    session = world.opened(world.awaiting_signature())
    if end == "cancelled":
        world.sessions.cancel(official(), session.id)
    else:
        world.clock.forward(minutes=30)
    world.official.prepare(session.id, 1)
    assert world.engine.prepared == []


def test_a_document_that_was_signed_meanwhile_fails_its_item(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.opened(dossier)
    present = world.store.load(dossier.id)
    signed = result_of(present).model_copy(update={"status": "issued"})
    world.tables.dossiers[dossier.id] = present.with_document(signed)
    world.official.prepare(session.id, 1)
    assert world.signing.session(session.id).items[0].reason == "already-signed"


def test_nothing_is_embedded_without_an_accepted_signature(world: World) -> None:
    session = world.ready(world.awaiting_signature())
    with pytest.raises(SigningError, match="no signature"):
        world.official.embed(session.id, 1)


def test_orders_for_what_does_not_exist_are_refused(world: World) -> None:
    session = world.opened(world.awaiting_signature())
    with pytest.raises(NotFound):
        world.official.prepare("no-such-session", 1)
    with pytest.raises(SigningError, match="no such item"):
        world.official.prepare(session.id, 2)
    world.catalogue.credentials.clear()
    with pytest.raises(NotConfigured):
        world.official.prepare(session.id, 1)


def test_a_certificate_revoked_before_embedding_gives_the_task_back_with_its_reason(world: World) -> None:
    """The order used to fail for ever, with the task held for good."""
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)
    world.engine.refused_at_embedding[session.credential] = "revoked"
    world.official.embed(session.id, 1)
    item = world.signing.session(session.id).items[0]
    assert (item.status, item.reason) == (ItemStatus.FAILED, "certificate-revoked")
    present = world.store.load(dossier.id)
    assert facts(present, FactType.SIGNATURE_GIVEN_UP) == 1
    assert result_of(present).preparation is None
    world.engine.refused_at_embedding.clear()
    again = world.accepted(dossier)
    world.official.embed(again.id, 1)
    world.official.embed(session.id, 1)
    assert [s.field for s in result_of(world.store.load(dossier.id)).signatures] == ["official"]


LASTING = [
    SignatureLost(reason="signature-larger-than-its-room"),
    SignatureLost(reason="attributes-of-another-certificate"),
    SignatureLost(reason="stale-signed-attributes"),
    SignatureMismatch(),
]


@pytest.mark.parametrize("fault", LASTING, ids=word_of)
def test_a_value_that_can_never_be_embedded_is_given_up_at_once(world: World, fault: SigningError) -> None:
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)
    world.engine.never_embedded = fault
    world.official.embed(session.id, 1)
    item = world.signing.session(session.id).items[0]
    assert (item.status, item.reason) == (ItemStatus.FAILED, "signature-lost")
    assert world.signing.task(item.task).session is None
    present = world.store.load(dossier.id)
    assert result_of(present).preparation is None
    assert [fact.data["reason"] for fact in present.facts if fact.type is FactType.SIGNATURE_GIVEN_UP] == [
        word_of(fault)
    ]
    world.engine.never_embedded = None
    again = world.accepted(present)
    world.official.embed(session.id, 1)
    world.official.embed(again.id, 1)
    assert [s.field for s in result_of(world.store.load(dossier.id)).signatures] == ["official"]


@pytest.mark.parametrize("step", ["prepare", "embed"])
def test_a_status_that_nobody_can_tell_is_asked_again(world: World, step: str) -> None:
    dossier = world.awaiting_signature()
    session = world.opened(dossier) if step == "prepare" else world.accepted(dossier)
    refused = world.engine.refused if step == "prepare" else world.engine.refused_at_embedding
    refused[session.credential] = "status_unavailable"
    with pytest.raises(CertificateNotUsable):
        getattr(world.official, step)(session.id, 1)
    assert world.signing.session(session.id).items[0].status not in {ItemStatus.FAILED, ItemStatus.SIGNED}
    refused.clear()
    getattr(world.official, step)(session.id, 1)
    assert world.signing.session(session.id).items[0].status in {ItemStatus.READY, ItemStatus.SIGNED}
