"""The main job: a submission becomes a signed, numbered, sealed result that anyone can check."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pikepdf
import pytest
from chauban.signing.pades.identity import certificates_from_pem
from chauban.signing.pades.inspection import signature_report
from jsonschema import Draft202012Validator

from tests.integration.journey import OTHER_WARD, SLUG, WARD, Journey, facts, filing, good, key, sample
from tests.integration.papers import signed_by
from tests.integration.running_stack import RunningStack, eventually

EVENTS = Path(__file__).parents[2] / "docs" / "events"


@pytest.mark.parametrize("ward", [WARD, OTHER_WARD])
def test_a_result_is_signed_by_official_and_organisation(stack: RunningStack, ward: str) -> None:
    journey = Journey(stack, ward)
    journey.whole()
    assert signed_by(journey, journey.download("result")) == ["official", "seal"]
    assert journey.dossier()["status"] == "processed"


def test_the_receipt_is_sealed(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.file()
    journey.receive()
    anchors = certificates_from_pem(Path(stack.description["trust_root"]).read_text())
    (seal,) = signature_report(journey.download("receipt"), anchors)
    assert seal.field == "seal"
    assert seal.faults == ()
    assert seal.covers_whole_file


def test_number_and_date_are_in_the_file_and_the_data_is_what_was_filed(stack: RunningStack, tmp_path: Path) -> None:
    journey = Journey(stack)
    journey.whole()
    place = tmp_path / "result.pdf"
    place.write_bytes(journey.download("result"))
    issued = journey.document("result")
    with pikepdf.open(place) as pdf:
        fields = {str(field.T): str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields if field.FT == "/Tx"}
        data = json.loads(pdf.attachments["data.json"].get_file().read_bytes())
    assert fields["number"] == issued["number"]
    year, month, day = issued["date"].split("-")
    assert fields["date"].startswith(f"ngày {day} tháng ")
    assert fields["date"].endswith(f" năm {year}")
    assert data["answers"] == sample()["answers"]
    assert data["decision"] == sample()["decision"]


def test_events_keep_their_contract_and_hold_number_date_and_book(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.whole()
    seen: dict[str, dict[str, object]] = {}

    def all_there() -> bool:
        for message in stack.messages("SubscriberQueue", user="subscriber"):
            event = json.loads(message["Body"])["detail"]
            if event["subject"] == journey.id:
                seen[event["id"]] = event
        return len(seen) >= 7

    eventually(all_there, what="seven events")
    for event in seen.values():
        schema = json.loads((EVENTS / f"{event['type']}.json").read_text(encoding="utf-8"))
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(event)
    by_type = sorted(str(event["type"]) for event in seen.values())
    assert by_type == [
        "document.extended.v1",
        "document.signed.v1",
        "document.signed.v1",
        "document.signed.v1",
        "dossier.received.v1",
        "dossier.submitted.v1",
        "result.issued.v1",
    ]
    issued = next(event["data"] for event in seen.values() if event["type"] == "result.issued.v1")
    result = journey.document("result")
    assert isinstance(issued, dict)
    assert f"{issued['number']:02d}/{issued['symbol']}" == result["number"]
    assert (issued["book"], issued["date"]) == (SLUG, result["date"])


def test_the_citizen_lists_the_result(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.whole()
    listed = good(stack.api("citizen-a").get("/v1/results", params={"limit": 100}))["items"]
    mine = next(item for item in listed if item["dossier"]["id"] == journey.id)
    assert mine["document"]["number"] == journey.document("result")["number"]


def test_two_dossiers_in_one_session_get_numbers_that_follow_each_other(stack: RunningStack) -> None:
    one, two = Journey(stack), Journey(stack)
    for journey in (one, two):
        journey.until_drafted()
    session = one.open_session(one.task(), two.task())
    one.hand_in(session, one.signatures(session))
    numbers = sorted(int(journey.issued("result")["number"].split("/")[0]) for journey in (one, two))
    assert numbers[1] == numbers[0] + 1


def test_a_value_that_does_not_verify_is_refused_and_nothing_is_lost(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.until_drafted()
    session = journey.open_session(journey.task())
    right = journey.signatures(session)
    spoiled = bytearray(base64.b64decode(right["signatures"][0]["signature"]))
    spoiled[-1] ^= 1
    wrong = {"signatures": [{"item": 1, "signature": base64.b64encode(bytes(spoiled)).decode()}]}
    official = stack.api(f"official-{WARD}")
    answer = official.post(f"/v1/signing/sessions/{session['id']}/signatures", json=wrong)
    assert good(answer, 422)["errors"][0] | {"detail": ""} == {
        "pointer": "#/signatures/0/signature",
        "code": "signature-mismatch",
        "detail": "",
    }
    journey.hand_in(session, right)
    journey.hand_in(session, right)
    journey.issued("result")
    assert len(facts(stack, journey.id, "number_issued")) == 1
    assert len(facts(stack, journey.id, "document_signed")) == 1


def test_three_mistakes_are_told_in_vietnamese_and_in_english(stack: RunningStack) -> None:
    answers = sample()["answers"]
    answers["subject"]["birth_date"] = "1998-02-30"
    answers["subject"]["personal_number"] = "12"
    del answers["purpose"]
    body = filing(stack, answers=answers)
    portal = stack.api("portal")
    answer = portal.post("/v1/dossiers", json=body, headers=key())
    assert answer.headers["content-type"] == "application/problem+json"
    vietnamese = good(answer, 422)
    assert sorted(error["pointer"] for error in vietnamese["errors"]) == [
        "#/answers/purpose",
        "#/answers/subject/birth_date",
        "#/answers/subject/personal_number",
    ]
    assert "Mục đích sử dụng" in " ".join(error["detail"] for error in vietnamese["errors"])
    english = good(portal.post("/v1/dossiers", json=body, headers={**key(), "Accept-Language": "en"}), 422)
    assert all("Please" in error["detail"] or "must" in error["detail"] for error in english["errors"])


def test_decomposed_text_is_stored_composed(stack: RunningStack) -> None:
    answers = sample()["answers"]
    answers["subject"]["full_name"] = "Nguyễn Thị An"
    journey = Journey(stack)
    dossier = journey.file(answers=answers)
    assert dossier["answers"]["subject"]["full_name"] == "Nguyễn Thị An"
