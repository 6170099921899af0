"""Notices over the API: sealed or signed documents, the clock that stands still and goes on, and who may do what."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.integration.journey import OTHER_WARD, WARD, Journey, Json, facts, good, key
from tests.integration.papers import opened, signed_by
from tests.integration.running_stack import RunningStack, eventually

EVENTS = Path(__file__).parents[2] / "docs" / "events"
MISSING = {
    "items": [{"what": "Bản án ly hôn đã có hiệu lực", "reason": "Bản chụp không đọc được"}],
    "note": "Bản chụp cần rõ dấu.",
}
BACK = {"reason": "Sai tên người đề nghị"}
REASON = {"reason": "Không thuộc thẩm quyền giải quyết", "legal_basis": "Điều 21 Nghị định 123/2015/NĐ-CP"}


@pytest.fixture
def received(stack: RunningStack) -> Journey:
    journey = Journey(stack)
    journey.file()
    journey.receive()
    return journey


def call(journey: Journey, act: str, body: Json, who: str = f"clerk-{WARD}", status: int = 202) -> Json:
    answer = journey.stack.api(who).post(f"/v1/dossiers/{journey.id}/{act}", json=body, headers=key())
    return good(answer, status)


def events_of(journey: Journey, *types: str) -> dict[str, Json]:
    """The events of these types about a dossier, each checked against its contract."""
    seen: dict[str, Json] = {}

    def all_there() -> bool:
        for message in journey.stack.messages("SubscriberQueue", user="subscriber"):
            event = json.loads(message["Body"])["detail"]
            if event["subject"] == journey.id:
                schema = json.loads((EVENTS / f"{event['type']}.json").read_text(encoding="utf-8"))
                Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(event)
                seen[event["type"]] = event["data"]
        return set(types) <= set(seen)

    eventually(all_there, what=f"events {types}")
    return seen


def test_a_supplement_stops_the_clock_and_starts_it_again(received: Journey) -> None:
    asked = call(received, "supplement-requests", MISSING)
    assert (asked["status"], asked["due_at"], asked["ordinal"]) == ("open", None, 1)
    waiting = received.dossier()
    assert (waiting["status"], waiting["due_at"]) == ("supplement_requested", None)
    pdf = received.download("supplement_request")
    assert signed_by(received, pdf) == ["seal"]
    fields, data = opened(pdf)
    issued = received.document("supplement_request")
    assert fields["number"] == issued["number"]
    assert issued["number"].endswith("/HDHS")
    assert data["notice"]["items"][0]["what"] == MISSING["items"][0]["what"]  # type: ignore[index]
    assert "answers" not in data

    answers = {**waiting["answers"], "purpose": "đăng ký kết hôn tại nước ngoài"}
    body = {"request": asked["id"], "answers": answers}
    after = good(
        received.stack.api("citizen-a").post(f"/v1/dossiers/{received.id}/supplements", json=body, headers=key())
    )
    assert (after["status"], after["answers"]["purpose"]) == ("received", answers["purpose"])
    assert after["due_at"] is not None
    assert [one["status"] for one in after["supplement_requests"]] == ["answered"]
    # The application is made once more, with the answers as they are now.
    _, embedded = opened(received.download("application"))
    assert embedded["answers"] == answers
    assert [d["ordinal"] for d in received.dossier()["documents"] if d["kind"] == "application"] == [1, 2]
    again = received.stack.api("citizen-a").post(f"/v1/dossiers/{received.id}/supplements", json=body, headers=key())
    assert good(again, 409)["code"] == "wrong-state"
    told = events_of(received, "dossier.supplement_requested.v1", "dossier.supplemented.v1")
    assert told["dossier.supplement_requested.v1"]["request"] == asked["id"]


def test_the_result_holds_the_supplemented_answers(received: Journey) -> None:
    asked = call(received, "supplement-requests", MISSING)
    answers = {**received.dossier()["answers"], "purpose": "bổ túc hồ sơ xin việc"}
    call(received, "supplements", {"request": asked["id"], "answers": answers}, "portal", 200)
    received.draft()
    received.sign()
    _, data = opened(received.download("result"))
    assert data["answers"] == answers


def test_a_refusal_is_sealed_and_ends_the_dossier(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.file()
    assert call(journey, "refusal", REASON)["status"] == "refused"
    assert signed_by(journey, journey.download("refusal")) == ["seal"]
    late = stack.api(f"clerk-{WARD}").post(f"/v1/dossiers/{journey.id}/receive", json={}, headers=key())
    assert good(late, 409)["code"] == "wrong-state"
    events_of(journey, "dossier.refused.v1")


def test_an_extension_is_signed_by_the_official_and_sealed(received: Journey) -> None:
    before = received.dossier()["due_at"]
    year, rest = before[:4], before[4:]
    later = f"{int(year) + 1}{rest}"
    drafted = call(received, "extension", {"due_at": later, "reason": "Cần xác minh nơi cư trú trước đây"})
    assert drafted["due_at"] == before
    waits = received.stack.api(f"clerk-{WARD}").post(
        f"/v1/dossiers/{received.id}/stop", json=REASON, headers=key() | {"Accept-Language": "en"}
    )
    assert (good(waits, 409)["code"], "form 04" in waits.json()["detail"]) == ("notice-open", True)
    received.sign()
    pdf = received.download("extension")
    assert signed_by(received, pdf) == ["official", "seal"]
    fields, _ = opened(pdf)
    assert fields["number"] == received.document("extension")["number"]
    assert received.dossier()["due_at"] == later
    told = events_of(received, "dossier.extended.v1")["dossier.extended.v1"]["due_at"]
    assert datetime.fromisoformat(told) == datetime.fromisoformat(later)
    again = received.stack.api(f"clerk-{WARD}").post(
        f"/v1/dossiers/{received.id}/extension",
        json={"due_at": f"{int(year) + 2}{rest}", "reason": "Lần nữa"},
        headers=key(),
    )
    assert good(again, 409)["code"] == "notice-limit"


def test_a_stop_ends_the_dossier_with_its_signed_notice(received: Journey) -> None:
    assert call(received, "stop", REASON)["status"] == "received"
    session = received.open_session(received.task())
    assert received.dossier()["status"] == "received"
    for reader in ("citizen-a", "portal"):
        told = good(received.stack.api(reader).get(f"/v1/dossiers/{received.id}"))
        assert "stop_notice" not in [document["kind"] for document in told["documents"]]
        assert "notice_drafted" not in [entry["type"] for entry in told["history"]]
    assert facts(received.stack, received.id, "stopped") == []
    received.hand_in(session, received.signatures(session))
    assert signed_by(received, received.download("stop_notice")) == ["official", "seal"]
    assert received.dossier()["status"] == "stopped"
    notice = received.document("stop_notice")["id"]
    assert events_of(received, "dossier.stopped.v1")["dossier.stopped.v1"]["document"] == notice


def returned(journey: Journey, task: str, status: int = 200, who: str = f"official-{WARD}") -> Json:
    answer = journey.stack.api(who).post(f"/v1/signing/tasks/{task}/return", json=BACK, headers=key())
    return good(answer, status)


def statuses(dossier: Json) -> dict[str, str]:
    return {document["id"]: document["status"] for document in dossier["documents"]}


def test_a_returned_result_is_drafted_again_and_issued(received: Journey) -> None:
    received.draft()
    task = received.task()
    assert returned(received, task, 403, f"clerk-{WARD}")["code"] == "not-allowed"
    assert returned(received, task, 404, f"official-{OTHER_WARD}")["code"] == "not-found"
    session = received.open_session(task)
    back = returned(received, task)
    assert (back["status"], statuses(back)[task]) == ("received", "returned")
    assert returned(received, task, 409)["code"] == "wrong-state"
    official, clerk = received.stack.api(f"official-{WARD}"), received.stack.api(f"clerk-{WARD}")
    (item,) = good(official.get(f"/v1/signing/sessions/{session['id']}"))["items"]
    assert (item["status"], item["reason"]) == ("refused", "returned")
    seen = good(clerk.get(f"/v1/signing/tasks/{task}"))
    assert (seen["open"], seen["returned"]["reason"]) == (False, BACK["reason"])
    told = events_of(received, "document.returned.v1")["document.returned.v1"]
    assert (told["document"], told["kind"]) == (task, "result")
    received.draft()
    received.sign()
    issued = received.issued("result")
    assert issued["id"] != task
    assert signed_by(received, file_of(received, issued)) == ["official", "seal"]
    assert received.dossier()["status"] == "processed"


def test_a_returned_notice_never_happened(received: Journey) -> None:
    call(received, "stop", REASON)
    task = received.task()
    back = returned(received, task)
    assert (back["status"], statuses(back)[task]) == ("received", "returned")
    # The way is free again.
    call(received, "supplement-requests", MISSING)
    assert facts(received.stack, received.id, "stopped") == []


def test_a_clerk_takes_back_what_waits_for_the_official(received: Journey) -> None:
    call(received, "stop", REASON)
    task = received.task()
    session = received.open_session(task)
    act = f"documents/{task}/take-back"
    assert call(received, act, BACK, f"official-{WARD}", 403)["code"] == "not-allowed"
    assert call(received, act, BACK, "citizen-a", 403)["code"] == "not-allowed"
    back = call(received, act, BACK, status=200)
    assert (back["status"], statuses(back)[task]) == ("received", "returned")
    official = received.stack.api(f"official-{WARD}")
    (item,) = good(official.get(f"/v1/signing/sessions/{session['id']}"))["items"]
    assert (item["status"], item["reason"]) == ("refused", "returned")
    assert events_of(received, "document.returned.v1")["document.returned.v1"]["document"] == task
    # The way is free again. A stop for want of a supplement goes when the supplement comes.
    asked = call(received, "supplement-requests", MISSING)
    call(received, "stop", REASON)
    stop = received.task()
    call(received, "supplements", {"request": asked["id"], "components": [{"name": "Bản án"}]}, "citizen-a", 200)
    seen = received.stack.api(f"clerk-{WARD}").get(f"/v1/dossiers/{received.id}")
    assert (good(seen)["status"], statuses(good(seen))[stop]) == ("received", "cancelled")
    assert good(official.get(f"/v1/signing/tasks/{stop}"))["open"] is False


def test_the_desk_refuses_in_its_own_name_with_its_own_seal(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.file(receiving_agency=f"ubnd-phuong-{OTHER_WARD}")
    desk = f"clerk-{OTHER_WARD}"
    numbers = []
    for act, kind, body in (
        ("supplement-requests", "supplement_request", MISSING),
        ("refusal", "refusal", REASON),
    ):
        call(journey, act, body, desk)
        notice = journey.issued(kind)
        pdf = file_of(journey, notice)
        assert signed_by(journey, pdf) == ["seal"]
        assert "Phú Xuân" in sealer_of(pdf)
        head = first_page(pdf).upper()
        assert "PHÚ XUÂN" in head
        assert "THUẬN HÓA" not in head.split("KÍNH GỬI")[0].split("HỒ SƠ CỦA")[0]
        numbers.append(int(notice["number"].split("/")[0]))
    assert numbers[1] > numbers[0]
    assert journey.dossier()["status"] == "refused"


def test_only_the_competent_agency_stops_what_a_desk_received(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.file(receiving_agency=f"ubnd-phuong-{OTHER_WARD}")
    journey.receive()
    refused = call(journey, "stop", REASON, f"clerk-{OTHER_WARD}", 403)
    assert refused["code"] == "competent-agency-only"


def file_of(journey: Journey, document: Json) -> bytes:
    """An issued document as the citizen gets it."""
    path = f"/v1/dossiers/{journey.id}/documents/{document['id']}"
    return httpx.get(good(journey.stack.api(journey.citizen).get(path))["url"]).content


def sealer_of(pdf: bytes) -> str:
    """Who sealed a file, as the certificate names it."""
    signer = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[-1].signer_cert
    return str(signer.subject.human_friendly)


def first_page(pdf: bytes) -> str:
    command = ["pdftotext", "-f", "1", "-l", "1", "-layout", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def test_a_withdrawn_dossier_leaves_the_officials_list(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.until_drafted()
    task = journey.task()
    citizen = stack.api("citizen-a")
    path = f"/v1/dossiers/{journey.id}/withdrawal"
    assert stack.api("citizen-b").post(path, json={}, headers=key()).status_code == 404

    def with_the_tag_just_read() -> httpx.Response | None:
        tag = citizen.get(f"/v1/dossiers/{journey.id}").headers["etag"]
        answer = citizen.post(path, json={"reason": "Không còn nhu cầu"}, headers={"If-Match": tag})
        # The receipt may have been sealed in between.
        return None if answer.status_code == 412 else answer

    assert good(eventually(with_the_tag_just_read, what="nothing to come in between"))["status"] == "withdrawn"
    official = stack.api(f"official-{WARD}")
    listed = good(official.get("/v1/signing/tasks", params={"limit": 100}))["items"]
    assert task not in [one["id"] for one in listed]
    body = {"tasks": [task], "credential": f"cred-official-{WARD}"}
    assert official.post("/v1/signing/sessions", json=body, headers=key()).status_code == 409
    assert journey.document("result")["status"] == "cancelled"
    events_of(journey, "dossier.withdrawn.v1")


def test_a_withdrawal_cancels_the_notice_that_waits_too(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.until_drafted()
    journey.task()
    due = journey.dossier()["due_at"]
    call(journey, "extension", {"due_at": f"{int(due[:4]) + 1}{due[4:]}", "reason": "Cần xác minh"})
    official = stack.api(f"official-{WARD}")

    def mine() -> list[Json]:
        listed = good(official.get("/v1/signing/tasks", params={"limit": 100}))["items"]
        return [one for one in listed if one["dossier"]["id"] == journey.id]

    eventually(lambda: len(mine()) == 2, what="both tasks in the official's list")
    call(journey, "withdrawal", {}, "citizen-a", 200)
    after = {d["kind"]: d["status"] for d in journey.dossier()["documents"]}
    assert (after["result"], after["extension"]) == ("cancelled", "cancelled")
    assert mine() == []


def test_an_issued_result_cancels_the_apology_that_waits(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.until_drafted()
    task, due = journey.task(), journey.dossier()["due_at"]
    call(journey, "extension", {"due_at": f"{int(due[:4]) + 1}{due[4:]}", "reason": "Cần xác minh"})
    eventually(lambda: journey.document("extension")["status"] == "awaiting_signature", what="the drafted extension")
    session = journey.open_session(task)
    journey.hand_in(session, journey.signatures(session))
    journey.issued("result")
    assert journey.document("extension")["status"] == "cancelled"


def test_an_old_key_answers_with_its_own_request(received: Journey) -> None:
    clerk, header = received.stack.api(f"clerk-{WARD}"), key()
    path = f"/v1/dossiers/{received.id}/supplement-requests"
    first = good(clerk.post(path, json=MISSING, headers=header), 202)
    papers = {"request": first["id"], "components": [{"name": "Bản án", "certified_copy": 1}]}
    call(received, "supplements", papers, "citizen-a", 200)
    second = good(clerk.post(path, json=MISSING, headers=key()), 202)
    again = good(clerk.post(path, json=MISSING, headers=header), 202)
    assert (again["id"], again["status"], second["ordinal"]) == (first["id"], "answered", 2)


def test_the_control_slip_is_for_staff_only(received: Journey) -> None:
    stack = received.stack
    call(received, "hand-overs", {"to": "Công chức tư pháp - hộ tịch", "note": "Kèm bản chính"}, status=200)
    clerk = stack.api(f"clerk-{WARD}")
    rows = good(clerk.get(f"/v1/dossiers/{received.id}/control-slip"))["rows"]
    assert [row["taker"] for row in rows][1:] == ["Công chức tư pháp - hộ tịch"]
    call(received, "control-slip", {})
    slip = received.issued("control_slip")
    path = f"/v1/dossiers/{received.id}/documents/{slip['id']}"
    link = good(clerk.get(path))
    assert signed_by(received, httpx.get(link["url"]).content) == ["seal"]
    citizen = stack.api("citizen-a")
    assert citizen.get(path).status_code == 404
    assert citizen.get(f"/v1/dossiers/{received.id}/control-slip").status_code == 403


def test_one_key_asks_once_and_another_body_is_refused(received: Journey) -> None:
    clerk, header = received.stack.api(f"clerk-{WARD}"), key()
    path = f"/v1/dossiers/{received.id}/supplement-requests"
    first = good(clerk.post(path, json=MISSING, headers=header), 202)
    assert good(clerk.post(path, json=MISSING, headers=header), 202) == first
    other = {"items": [{"what": "Giấy khác", "reason": "Khác"}]}
    assert good(clerk.post(path, json=other, headers=header), 422)["code"] == "idempotency-key-reused"
    assert len(facts(received.stack, received.id, "supplement_requested")) == 1
    assert good(clerk.post(path, json=MISSING), 400)["code"] == "idempotency-key-required"


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("supplement-requests", {"items": []}, "#/items"),
    ("supplement-requests", {"items": [{"what": "Giấy"}]}, "#/items/0/reason"),
    ("supplement-requests", {**MISSING, "until": "2020-01-01"}, "#/until"),
    ("extension", {"due_at": "2020-01-01T00:00:00Z", "reason": "x"}, "#/due_at"),
    ("extension", {"due_at": "hôm sau", "reason": "x"}, "#/due_at"),
    ("stop", {"reason": "\u202eẩn"}, "#/reason"),
    ("stop", {"reason": "x", "because": "y"}, "#/because"),
    ("hand-overs", {"to": ""}, "#/to"),
]


@pytest.mark.parametrize(("act", "body", "pointer"), BAD)
def test_mistakes_are_told_with_pointers_in_both_languages(
    received: Journey, act: str, body: dict[str, Any], pointer: str
) -> None:
    clerk = received.stack.api(f"clerk-{WARD}")
    texts = []
    for language in ("vi", "en"):
        headers = {**key(), "Accept-Language": language}
        problem = good(clerk.post(f"/v1/dossiers/{received.id}/{act}", json=body, headers=headers), 422)
        assert pointer in [error["pointer"] for error in problem["errors"]]
        texts.append(problem["errors"][0]["detail"])
    assert texts[0] != texts[1]


def test_another_ward_finds_nothing_to_stop_and_a_citizen_may_not(received: Journey) -> None:
    path = f"/v1/dossiers/{received.id}/stop"
    assert received.stack.api(f"clerk-{OTHER_WARD}").post(path, json=REASON, headers=key()).status_code == 404
    assert received.stack.api("citizen-a").post(path, json=REASON, headers=key()).status_code == 403


def test_the_register_of_a_day_is_sealed_and_for_staff_only(received: Journey) -> None:
    stack, agency = received.stack, f"ubnd-phuong-{WARD}"
    clerk, path = stack.api(f"clerk-{WARD}"), f"/v1/agencies/{agency}/registers"
    # The day is Vietnam's, as in the dossier's code.
    code = received.dossier()["code"].split("-")[1]
    day = f"20{code[:2]}-{code[2:4]}-{code[4:]}"
    header, body = key(), {"from": day, "to": day}
    asked = good(clerk.post(path, json=body, headers=header), 202)
    assert good(clerk.post(path, json=body, headers=header), 202)["id"] == asked["id"]

    def issued() -> Json | None:
        found = good(clerk.get(f"{path}/{asked['id']}"))
        return found if found["status"] == "issued" else None

    register = eventually(issued, what="the register to be issued")
    pdf = httpx.get(register["file"]["url"]).content
    assert signed_by(received, pdf) == ["seal"]
    _, data = opened(pdf)
    mine = next(row for row in data["rows"] if row["code"] == received.dossier()["code"])
    assert mine["status"] == "received"
    for who, status in ((f"clerk-{OTHER_WARD}", 404), ("citizen-a", 404), (f"official-{WARD}", 403)):
        assert stack.api(who).post(path, json=body, headers=key()).status_code == status
    assert (
        good(clerk.post(path, json={"from": day, "to": "2999-01-01"}, headers=key()), 422)["code"] == "invalid-request"
    )
