"""A file that another agency signed, and the scan of a paper: brought to a settled dossier, examined, judged, copied, kept."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import httpx
import pikepdf
import pytest
from chauban.signing.pades.inspection import require_valid

from infra.local.trust import open_authority
from tests.integration.journey import Journey, Json, facts, good, key
from tests.integration.running_stack import RunningStack, eventually
from tests.integration.test_amendments_and_copies import CLERK, OFFICE, content, one, raised, until_issued
from tests.integration.test_attachments import upload
from tests.unit.attachments.scanned import scan
from tests.unit.signing.foreign import PASSAGE, page, signed, tampered
from tests.unit.signing.world import World

AGENCY = "Ủy ban nhân dân phường Vỹ Dạ"
PURPOSE = "Bổ túc hồ sơ đăng ký kết hôn"


@pytest.fixture(scope="module")
def journey(stack: RunningStack) -> Journey:
    """A dossier whose result is issued."""
    issued = Journey(stack)
    issued.whole()
    return issued


@pytest.fixture(scope="module")
def world(stack: RunningStack) -> World:
    return World(open_authority(stack.stack.folder.trust))


@pytest.fixture(scope="module")
def decision(world: World) -> bytes:
    """A decision of another agency, which trusts the same root."""
    return signed(world, page(), world.owner("another-agency", "rsa", "seal", AGENCY))


def brought(journey: Journey, file: bytes, kind: str = "signed_file", who: str = OFFICE, **changes: Any) -> Json:
    """The file after it was judged."""
    body = {
        "kind": kind,
        "title": "Quyết định về việc hỗ trợ",
        "number": "12/QĐ-UBND",
        "day": "2026-03-05",
        "issuer": "Ủy ban nhân dân phường Vỹ Dạ",
        "name": "quyết định.pdf",
        "type": "application/pdf",
        "bytes": len(file),
        "sha256": hashlib.sha256(file).hexdigest(),
        **changes,
    }
    api = journey.stack.api(who)
    path = f"/v1/dossiers/{journey.id}/copy-sources"
    announced = good(api.post(path, json=body, headers=key()), 201)
    assert upload(announced, file).status_code == 204

    def judged() -> Json | None:
        found = good(api.get(f"{path}/{announced['id']}"))
        return found if found["status"] in ("accepted", "refused") else None

    return eventually(judged, seconds=60, what="the file to be judged")


def copied(journey: Journey, source: str, kind: str, *excerpt: str, **more: Any) -> Json:
    return until_issued(journey, good(ordered(journey, source, kind, *excerpt, **more), 202)["document"]["id"])


def ordered(journey: Journey, source: str, kind: str, *excerpt: str, who: str = OFFICE, **more: Any) -> httpx.Response:
    body = {"kind": kind, "purpose": PURPOSE, "excerpt": list(excerpt), **more}
    path = f"/v1/dossiers/{journey.id}/copy-sources/{source}/copies"
    return journey.stack.api(who).post(path, json=body, headers=key())


def test_a_decision_of_another_agency_is_copied_in_three_ways(journey: Journey, world: World, decision: bytes) -> None:
    source = brought(journey, decision, who=CLERK)
    assert (source["status"], source["reason"], source["no_sao_y"]) == ("accepted", None, None)
    (found,) = source["signatures"]
    assert (found["field"], found["level"]) == ("Signature1", "PAdES-BASELINE-LT")
    assert httpx.get(source["url"]).content == decision

    sao_y = copied(journey, source["id"], "sao_y")["document"]
    assert (sao_y["made_from"], sao_y["copy_of"]) == (source["id"], None)
    file = content(journey, sao_y["id"])
    assert file.startswith(decision)
    require_valid(file, world.anchors, ["Signature1", "copy"])
    sao_luc = copied(journey, source["id"], "sao_luc")["document"]
    trich_sao = copied(journey, source["id"], "trich_sao", PASSAGE)["document"]
    assert (sao_luc["copy_of"], trich_sao["made_from"]) == (sao_y["id"], source["id"])
    raised(journey, sao_y["id"], sao_luc["id"], trich_sao["id"])
    assert content(journey, sao_y["id"]).startswith(file)
    with pikepdf.open(BytesIO(content(journey, trich_sao["id"]))) as opened:
        assert opened.attachments["ban-goc.pdf"].get_file().read_bytes() == decision
    assert journey.dossier()["status"] == "processed"
    told = [fact["data"] for fact in facts(journey.stack, journey.id, "attachment_accepted")]
    assert [each["source"] for each in told if "source" in each] == ["signed_file"]


def test_what_does_not_stand_is_refused_in_both_languages(journey: Journey, decision: bytes) -> None:
    for file, reason in ((tampered(decision), "altered-after-signing"), (page(), "not-signed")):
        source = brought(journey, file)
        assert (source["status"], source["reason"]) == ("refused", reason)
        assert set(source["explanation"]) == {"vi", "en"}
        answer = ordered(journey, source["id"], "sao_y")
        assert (answer.status_code, answer.json()["code"]) == (409, "copy-source-refused")
        assert answer.json()["detail"] == source["explanation"]["vi"]


def test_nothing_is_certified_of_other_bytes_than_those_that_were_judged(
    journey: Journey, world: World, decision: bytes
) -> None:
    file = signed(world, page(), world.owner("third-agency", "rsa", "seal", AGENCY))
    source = brought(journey, file)
    assert (source["status"], source["reason"]) == ("accepted", None)
    put_in_its_place(journey, file, decision)
    copy = good(ordered(journey, source["id"], "sao_y"), 202)["document"]["id"]

    def cancelled() -> Json | None:
        found: Json = one(journey, copy)["document"]
        assert found["status"] != "issued", found
        return found if found["status"] == "cancelled" else None

    assert eventually(cancelled, seconds=60, what="the copy to be given up")["reason"] == "source-altered"
    put_in_its_place(journey, file, file)
    again = copied(journey, source["id"], "sao_y")["document"]
    assert content(journey, again["id"]).startswith(file)


def put_in_its_place(journey: Journey, file: bytes, other: bytes) -> None:
    """Writes other bytes where the bucket has a file."""
    place = f"attachments/{hashlib.sha256(file).hexdigest()}"
    s3, bucket = journey.stack.aws("s3"), journey.stack.resource("WorkBucket")
    assert s3.get_object(Bucket=bucket, Key=place)["Body"].read()
    s3.put_object(Bucket=bucket, Key=place, Body=other)


def test_a_paper_is_copied_from_its_scan(journey: Journey, world: World) -> None:
    file = scan("PDF", 200, 2)
    source = brought(journey, file, "paper_scan")
    assert (source["status"], source["pages"], source["resolution"]) == ("accepted", 2, 200)
    refused = ordered(journey, source["id"], "sao_y")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not-compared")
    copy = copied(journey, source["id"], "sao_y", compared_with_paper=True)["document"]
    raised(journey, copy["id"])
    made = content(journey, copy["id"])
    require_valid(made, world.anchors, ["copy"])
    with pikepdf.open(BytesIO(made)) as opened:
        assert len(opened.pages) == 2
        assert opened.attachments["ban-goc.pdf"].get_file().read_bytes() == file
    assert brought(journey, scan("PDF", 150), "paper_scan")["reason"] == "resolution-too-low"


def test_rights_are_those_of_the_agency(journey: Journey, decision: bytes) -> None:
    source = brought(journey, decision)["id"]
    path = f"/v1/dossiers/{journey.id}/copy-sources"
    for who, status in (("clerk-phu-xuan", 404), ("records-phu-xuan", 404), ("citizen-b", 404), ("citizen-a", 403)):
        api = journey.stack.api(who)
        assert api.get(f"{path}/{source}").status_code == status, who
        assert api.get(path).status_code == status, who
        assert ordered(journey, source, "sao_y", who=who).status_code == status, who
    assert ordered(journey, source, "sao_y", who=CLERK).status_code == 403
    assert all(one["id"] != source for one in journey.dossier()["attachments"])
