"""Events keep their committed schemas, name the dossier, and hold nothing personal."""

import json
from typing import Any

import jsonschema_rs
import pytest
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.notice_requests import ReturnDraft, WithdrawDossier
from chauban.errors import SigningError
from chauban.events.contracts import EventMaker, utc_text

from tests.unit.fakes.amendments import amended
from tests.unit.fakes.catalogue import ROOT
from tests.unit.fakes.notices import answered, asked, extended, refused, stopped
from tests.unit.fakes.people import AN, BINH, official, portal
from tests.unit.fakes.time_and_ids import CountingIds
from tests.unit.fakes.world import World, document_of, result_of

SCHEMAS = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "docs" / "events").glob("*.json")
}


PATH = {"dossier.submitted.v1", "dossier.received.v1", "document.signed.v1", "result.issued.v1"}


def keep_their_schemas(world: World) -> None:
    for message in world.messages("bus"):
        jsonschema_rs.Draft202012Validator(SCHEMAS[message.body["type"]], validate_formats=True).validate(message.body)


def events(world: World, dossier: str) -> dict[str, dict[str, Any]]:
    return {m.body["type"]: m.body for m in world.messages("bus", dossier)}


def test_every_event_of_a_whole_path_keeps_its_schema(world: World) -> None:
    dossier = world.issued()
    assert set(events(world, dossier.id)) == PATH
    keep_their_schemas(world)


def test_every_event_of_what_may_come_in_between_keeps_its_schema(world: World) -> None:
    answered(world, asked(world, world.received()))
    world.attaching.examined(world.received())
    world.attaching.examined(world.received(), sha256="0" * 64)
    refused(world, world.submitted())
    stopped(world, world.received())
    extended(world, world.received())
    returned = world.awaiting_signature()
    request, who = ReturnDraft(reason="Sai tên"), official()
    world.returning.send_back(who, result_of(returned).id, request, world.guard(who))
    waiting = world.submitted()
    world.withdrawing.withdraw(portal(), waiting.id, WithdrawDossier(), world.guard(portal()))
    kept = world.issued()
    world.extending.extend(kept.id, result_of(kept).id, 1)
    for act in ("replacement", "correction", "revocation"):
        amended(world, world.issued(), act)
    told = {message.body["type"] for message in world.messages("bus")}
    assert told | PATH == set(SCHEMAS)
    assert told - PATH == set(SCHEMAS) - PATH
    keep_their_schemas(world)


def test_the_signature_of_a_second_official_keeps_the_schema(world: World) -> None:
    dossier = world.issued()
    told = events(world, dossier.id)["document.signed.v1"]
    second = {**told, "data": {**told["data"], "field": "official2"}}
    other = {**told, "data": {**told["data"], "field": "official3"}}
    judge = jsonschema_rs.Draft202012Validator(SCHEMAS["document.signed.v1"], validate_formats=True)
    assert judge.is_valid(second)
    assert not judge.is_valid(other)


def test_a_sealed_receipt_tells_of_its_signature(world: World) -> None:
    dossier = world.received()
    receipt = document_of(dossier, DocumentKind.RECEIPT)
    world.making.make(dossier.id, receipt.id)
    world.sealing.seal(dossier.id, receipt.id)
    told = events(world, dossier.id)["document.signed.v1"]
    jsonschema_rs.Draft202012Validator(SCHEMAS["document.signed.v1"]).validate(told)
    assert (told["data"]["kind"], told["data"]["field"], told["data"]["revision"]) == ("receipt", "seal", 1)


def test_each_signature_of_a_result_is_told_with_its_place_in_the_file(world: World) -> None:
    dossier = world.issued()
    signed = [m.body["data"] for m in world.messages("bus", dossier.id) if m.body["type"] == "document.signed.v1"]
    assert [(data["field"], data["revision"]) for data in signed] == [("official", 1), ("seal", 2)]
    assert [data["sha256"] for data in signed] == [s.sha256 for s in result_of(dossier).signatures]


def test_the_envelope_names_source_subject_and_schema(world: World) -> None:
    dossier = world.submitted()
    told = events(world, dossier.id)["dossier.submitted.v1"]
    assert (told["source"], told["subject"]) == ("urn:chauban:test", dossier.id)
    assert told["dataschema"] == "urn:chauban:event:dossier.submitted.v1"
    assert told["time"] == "2026-11-23T02:00:00Z"


def test_the_issued_result_is_told_with_number_date_and_book(world: World) -> None:
    dossier = world.issued()
    data = events(world, dossier.id)["result.issued.v1"]["data"]
    result = result_of(dossier)
    assert (data["number"], data["symbol"], data["year"], data["date"]) == (1, "UBND-XNTTHN", 2026, "2026-11-23")
    assert data["book"] == "xac-nhan-tinh-trang-hon-nhan"
    assert data["sha256"] == result.revisions[0].file.sha256


def test_deadlines_are_told_in_utc(world: World) -> None:
    dossier = world.received()
    data = events(world, dossier.id)["dossier.received.v1"]["data"]
    assert data["due_at"] == "2026-11-26T02:00:00Z"
    assert dossier.due_at is not None
    assert data["due_at"] == utc_text(dossier.due_at)


def test_no_event_holds_anything_personal(world: World) -> None:
    other = {"scheme": "personal_number", "identifier": BINH, "name": "Trần Văn Bình"}
    dossier = world.issued(representative=other)
    text = json.dumps([m.body for m in world.messages("bus", dossier.id)], ensure_ascii=False)
    for secret in (AN, BINH, "Nguyễn", "Trần", "Lê Lợi", "0905", "an@example.vn", *dossier.filing.party_keys):
        assert secret not in text


def test_an_event_is_made_once_with_an_id_of_its_own(world: World) -> None:
    world.issued()
    ids = [m.id for m in world.tables.messages]
    assert len(set(ids)) == len(ids)
    assert all(m.body["id"] == m.id for m in world.messages("bus"))
    assert all(m.body["order"] == m.id for m in world.tables.messages if m.channel != "bus")


def test_a_result_without_a_number_is_not_told_as_issued(world: World) -> None:
    dossier = world.issued()
    bare = result_of(dossier).model_copy(update={"number": None})
    maker = EventMaker("test", world.clock, CountingIds())
    with pytest.raises(SigningError, match="number"):
        maker.issued(dossier, bare, bare.revisions[0])
