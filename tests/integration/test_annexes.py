"""A building permit with its list of drawings in a file of its own: seen by the official, signed by the organisation, replaced."""

from __future__ import annotations

import hashlib
import json
import re
from io import BytesIO

import httpx
import pikepdf

from tests.integration.journey import Journey, Json, facts, good, key
from tests.integration.running_stack import RunningStack, eventually
from tests.integration.test_amendments_and_copies import amended, content, events, one, raised
from tests.unit.documents import pages
from tests.unit.documents.permit import FOLDER, SLUG, VERSION

SAMPLE: Json = json.loads((FOLDER / "samples" / "three-floors.json").read_text(encoding="utf-8"))


def drafted(stack: RunningStack) -> Journey:
    """A dossier whose permit is drafted."""
    journey = Journey(stack)
    journey.file(form={"slug": SLUG, "version": VERSION}, procedure="1.013225", answers=SAMPLE["answers"])
    journey.receive()
    clerk = stack.api(f"clerk-{journey.ward}")
    good(clerk.post(f"/v1/dossiers/{journey.id}/decision", json={"data": SAMPLE["decision"]}, headers=key()), 202)
    return journey


def named_in(pdf: bytes) -> list[Json]:
    """What a permit's data say of its annexes."""
    with pikepdf.open(BytesIO(pdf)) as file:
        named: list[Json] = json.loads(file.attachments["data.json"].get_file().read_bytes())["annexes"]
    return named


def test_an_annex_is_seen_signed_issued_raised_and_replaced(stack: RunningStack) -> None:
    journey = drafted(stack)
    task = journey.task()
    (beside,) = good(stack.api("official-thuan-hoa").get(f"/v1/signing/tasks/{task}/papers"))["annexes"]
    bare = httpx.get(beside["url"]).content
    assert hashlib.sha256(bare).hexdigest() == beside["sha256"]

    session = journey.open_session(task)
    assert len(session["items"]) == 1
    (again,) = good(stack.api("official-thuan-hoa").get(f"/v1/signing/sessions/{session['id']}/items/1/papers"))[
        "annexes"
    ]
    assert again["sha256"] == beside["sha256"]
    journey.hand_in(session, journey.signatures(session))

    result, annex = journey.issued("result")["id"], journey.issued("annex")["id"]
    permit, first = content(journey, result), content(journey, annex)
    (named,) = named_in(permit)
    assert (named["sha256"], named["size"]) == (beside["sha256"], len(bare))
    assert first.startswith(bare)
    shown, described = [word.text for word in pages.words(first)], one(journey, annex)
    number = described["document"]["number"]
    assert number == one(journey, result)["document"]["number"]
    assert shown.count(number) == 2
    assert len([word for word in shown if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", word)]) == 1
    assert [signature["field"] for signature in described["signatures"]] == ["annex"]
    assert described["document"]["annex_of"] == result
    assert one(journey, result)["document"]["annexes"] == [annex]
    (told,) = events(stack, journey, "result.issued.v1")
    assert json.loads(told["value"]["S"])["body"]["data"]["annexes"][0]["document"] == annex

    raised(journey, result, annex)
    assert content(journey, annex).startswith(first)

    replacing = amended(journey, result, "replacement", data=SAMPLE["decision"])["document"]
    (newer,) = replacing["annexes"]
    assert newer != annex
    assert one(journey, newer)["document"]["status"] == "issued"
    assert one(journey, annex, "citizen-a")["document"]["validity"] == "replaced"
    assert one(journey, newer, "citizen-a")["document"]["validity"] == "in_force"


def test_an_annex_goes_with_a_permit_that_is_withdrawn(stack: RunningStack) -> None:
    journey = drafted(stack)
    journey.task()
    path = f"/v1/dossiers/{journey.id}/withdrawal"
    good(stack.api("citizen-a").post(path, json={}, headers=key()))
    assert journey.document("annex")["status"] == journey.document("result")["status"] == "cancelled"
    assert facts(stack, journey.id, "number_issued") == []


def test_the_annex_of_a_permit_sent_back_is_made_anew_with_the_next(stack: RunningStack) -> None:
    journey = drafted(stack)
    body = {"reason": "Danh mục bản vẽ thiếu bản vẽ kết cấu mái."}
    path = f"/v1/signing/tasks/{journey.task()}/return"
    good(stack.api("official-thuan-hoa").post(path, json=body, headers=key()))
    returned = journey.document("annex")
    assert returned["status"] == "returned"
    clerk = stack.api(f"clerk-{journey.ward}")
    good(clerk.post(f"/v1/dossiers/{journey.id}/decision", json={"data": SAMPLE["decision"]}, headers=key()), 202)

    def anew() -> Json | None:
        found = [each for each in journey.dossier()["documents"] if each["kind"] == "annex"]
        return found[-1] if len(found) == 2 and found[-1]["status"] == "awaiting_main" else None

    assert eventually(anew, what="the annex of the next draft")["id"] != returned["id"]
