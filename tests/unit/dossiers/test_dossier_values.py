"""Documents' ids, parties' keys, and the status that follows from facts."""

import re

import pytest
from chauban.dossiers.documents import DocumentKind, document_id
from chauban.dossiers.facts import SERVICE, DossierStatus, FactType
from chauban.dossiers.parties import Contact, Party, PartyKeys, Scheme
from chauban.errors import NotFound
from pydantic import ValidationError

from tests.unit.fakes.people import AN, BINH, KEYS
from tests.unit.fakes.world import World

DOSSIER = "01KARX5T9V6T2J4Q8M3W7E1N5C"


def test_a_document_has_the_same_id_at_every_attempt() -> None:
    made = [document_id(DOSSIER, DocumentKind.RESULT, 1, "decision-3") for _ in range(2)]
    assert made[0] == made[1]
    assert re.fullmatch(r"[0-9A-Z]{26}", made[0])


def test_another_cause_kind_ordinal_or_dossier_is_another_document() -> None:
    ids = {
        document_id(DOSSIER, DocumentKind.RESULT, 1, "decision-3"),
        document_id(DOSSIER, DocumentKind.RESULT, 1, "decision-5"),
        document_id(DOSSIER, DocumentKind.RESULT, 2, "decision-3"),
        document_id(DOSSIER, DocumentKind.RECEIPT, 1, "decision-3"),
        document_id(DOSSIER[:-1] + "D", DocumentKind.RESULT, 1, "decision-3"),
    }
    assert len(ids) == 5
    assert not any("RESULT" in value or DOSSIER[:10] in value for value in ids)


def test_no_identifier_can_be_read_in_a_party_key() -> None:
    key = KEYS.key(Scheme.PERSONAL_NUMBER, AN)
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    assert AN not in key


def test_a_party_key_depends_on_scheme_identifier_and_secret() -> None:
    keys = {
        KEYS.key(Scheme.PERSONAL_NUMBER, AN),
        KEYS.key(Scheme.PERSONAL_NUMBER, BINH),
        KEYS.key(Scheme.TAX_CODE, AN),
        PartyKeys(b"another secret").key(Scheme.PERSONAL_NUMBER, AN),
    }
    assert len(keys) == 4


def test_a_party_has_the_key_of_its_identifier_whatever_its_name() -> None:
    party = Party(scheme=Scheme.PERSONAL_NUMBER, identifier=f" {AN} ", name="Nguyễn Thị An")
    assert KEYS.of(party) == KEYS.key(Scheme.PERSONAL_NUMBER, AN)


@pytest.mark.parametrize("identifier", ["", "0461|98000101", "046 198", "số-046", "0" * 33])
def test_a_malformed_identifier_is_refused(identifier: str) -> None:
    with pytest.raises(ValidationError):
        Party(scheme=Scheme.PERSONAL_NUMBER, identifier=identifier, name="Nguyễn Thị An")


@pytest.mark.parametrize(
    "contact", [{"phone": "gọi tôi"}, {"email": "an@vidu"}, {"zalo": "0905"}, {"address": "a" * 301}]
)
def test_a_malformed_contact_is_refused(contact: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Contact.model_validate(contact)


def test_the_status_follows_from_the_facts(world: World) -> None:
    seen = [
        world.submitted().status,
        world.received().status,
        world.drafted().status,
        world.awaiting_signature().status,
        world.awaiting_seal().status,
        world.issued().status,
    ]
    assert seen == ["submitted", "received", "processing", "signing", "signing", "processed"]


def test_a_receipt_made_late_does_not_change_the_status(world: World) -> None:
    dossier = world.issued()
    late = dossier.with_fact(FactType.DOCUMENT_ISSUED, world.clock.now(), SERVICE, document="x", kind="receipt")
    assert late.status is DossierStatus.PROCESSED


def test_a_dossier_without_that_document_says_so(world: World) -> None:
    with pytest.raises(NotFound):
        world.submitted().document("NOSUCHDOCUMENT")


def test_a_changed_dossier_leaves_the_one_before_alone(world: World) -> None:
    before = world.submitted()
    after = before.with_fact(FactType.RECEIVED, world.clock.now(), SERVICE)
    assert (before.version, after.version) == (1, 2)
    with pytest.raises(ValidationError):
        before.filing.answers = {}  # type: ignore[misc]
