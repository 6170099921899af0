"""A result is corrected, copied, replaced, and the replacement revoked, over the stack: real files, real rights, real events."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chauban.signing.linting import Mode, lint
from chauban.signing.pades.identity import certificates_from_pem
from chauban.signing.pades.inspection import require_valid

from tests.conformance.conftest import require
from tests.conformance.judge import Judge, missing_programs, running_judge
from tests.integration.journey import Journey, facts, good, key, sample
from tests.integration.running_stack import RunningStack, eventually

OFFICE, CLERK = "records-thuan-hoa", "clerk-thuan-hoa"
WHY = {
    "reason": "Giấy đã cấp ghi sai mục đích sử dụng so với đề nghị trong tờ khai.",
    "legal_basis": [
        "khoản 4 Điều 18 Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư"
    ],
}
ERRORS = [{"place": "Dòng thứ ba", "printed": "Thừa Thiên Huê", "correct": "Thừa Thiên Huế"}]
LTA = "PAdES-BASELINE-LTA"
PASSAGE = "Giấy này có giá trị sử dụng trong thời hạn 6 tháng, kể từ ngày cấp"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def journey(stack: RunningStack) -> Journey:
    """A dossier whose result is issued."""
    issued = Journey(stack)
    issued.whole()
    return issued


@pytest.fixture
def judge() -> Iterator[Judge]:
    require(missing_programs())
    with running_judge() as started:
        yield started


def one(journey: Journey, document: str, who: str = CLERK) -> Json:
    return good(journey.stack.api(who).get(f"/v1/documents/{document}"))


def content(journey: Journey, document: str, who: str = "citizen-a", **asked: int) -> bytes:
    """An issued document as the citizen gets it: the newest revision, or the one that is asked for."""
    link = good(journey.stack.api(who).get(f"/v1/dossiers/{journey.id}/documents/{document}", params=asked))
    found = httpx.get(link["url"]).content
    assert hashlib.sha256(found).hexdigest() == link["sha256"]
    return found


def until_issued(journey: Journey, document: str) -> Json:
    def done() -> Json | None:
        found = one(journey, document)
        assert found["document"]["status"] != "cancelled", found
        return found if found["document"]["status"] == "issued" else None

    return eventually(done, seconds=60, what="the document to be issued")


def sound(journey: Journey, document: str, *fields: str) -> bytes:
    """The newest revision of a document whose signatures, these, hold, and in which the linter finds nothing."""
    file = content(journey, document)
    require_valid(file, certificates_from_pem(root_of(journey).read_text()), fields)
    assert lint(file, Mode.NEXT) == []
    return file


def root_of(journey: Journey) -> Path:
    return Path(journey.stack.description["trust_root"])


def put_in_its_place(journey: Journey, document: str, other: bytes) -> None:
    """Writes other bytes where the archive has the newest revision."""
    digest = one(journey, document)["document"]["revisions"][-1]["sha256"]
    place = {"Bucket": journey.stack.resource("ArchiveBucket"), "Key": f"documents/{digest}.pdf"}
    s3 = journey.stack.aws("s3")
    s3.put_object(**place, Body=other)
    assert s3.get_object(**place)["Body"].read() == other


def raised(journey: Journey, *documents: str) -> None:
    """Waits until the documents are raised in the background."""
    for document in documents:
        eventually(
            lambda known=document: one(journey, known)["document"]["revisions"][-1]["level"] == LTA or None,
            seconds=60,
            what="the document to be raised",
        )


def amended(journey: Journey, document: str, act: str, **body: Any) -> Json:
    """The document that amends another one, drafted by the clerk, signed by the official, and issued."""
    path = f"/v1/documents/{document}/{act}"
    answer = journey.stack.api(CLERK).post(path, json={**WHY, **body}, headers=key())
    new = good(answer, 202)["document"]["id"]
    assert answer.headers["location"] == f"/v1/documents/{new}"
    journey.sign()
    return until_issued(journey, new)


def copied(journey: Journey, document: str, kind: str, *excerpt: str) -> Json:
    body = {"kind": kind, "purpose": "Bổ túc hồ sơ đăng ký kết hôn", "excerpt": list(excerpt)}
    answer = journey.stack.api(OFFICE).post(f"/v1/documents/{document}/copies", json=body, headers=key())
    return until_issued(journey, good(answer, 202)["document"]["id"])


def refused(journey: Journey, path: str, body: Json, who: str) -> tuple[int, str]:
    answer = journey.stack.api(who).post(path, json=body, headers=key())
    return answer.status_code, answer.json()["code"]


def events(stack: RunningStack, journey: Journey, kind: str) -> list[Json]:
    """The orders of the bus that the table holds of a dossier, of one type."""
    answer = stack.aws("dynamodb").query(
        TableName=stack.resource("Table"),
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"O#{journey.id}"}},
    )
    return [item for item in answer["Items"] if f'"{kind}"' in item["value"]["S"]]


def test_a_result_is_corrected_copied_replaced_and_revoked(stack: RunningStack, journey: Journey) -> None:
    original = journey.document("result")["id"]
    raised(journey, original)
    issued, before = content(journey, original, revision=1), content(journey, original)

    letter = amended(journey, original, "correction", errors=ERRORS)["document"]["id"]
    assert one(journey, original)["document"]["corrected_by"] == [letter]
    assert (content(journey, original, revision=1), content(journey, original)) == (issued, before)

    # What somebody puts in its place in the archive is neither copied nor handed out.
    put_in_its_place(journey, original, b"%PDF-1.7 other bytes")
    sao_y = copied(journey, original, "sao_y")
    copy = content(journey, sao_y["document"]["id"])
    assert copy.startswith(before)
    assert len(copy) > len(before)
    assert [one["field"] for one in sao_y["signatures"]] == ["official", "seal", "copy"]
    raised(journey, letter, sao_y["document"]["id"])
    assert sound(journey, sao_y["document"]["id"], "official", "seal", "copy").startswith(copy)
    sao_luc = copied(journey, original, "sao_luc")["document"]
    trich_sao = copied(journey, original, "trich_sao", PASSAGE)["document"]
    assert (sao_luc["copy_of"], trich_sao["copy_of"]) == (sao_y["document"]["id"], original)
    raised(journey, sao_luc["id"], trich_sao["id"])
    for other in (sao_luc["id"], trich_sao["id"]):
        sound(journey, other, "copy")
    again = {"kind": "sao_y", "purpose": "Lưu hồ sơ"}
    path = f"/v1/documents/{sao_luc['id']}/copies"
    assert refused(journey, path, again, OFFICE) == (409, "copy-of-copy")

    replacing = amended(journey, original, "replacement", data=sample()["decision"])["document"]["id"]
    told = good(stack.api("citizen-a").get(f"/v1/dossiers/{journey.id}/documents/{original}"))
    assert (told["validity"], told["replaced_by"], told["corrected_by"]) == ("replaced", replacing, [letter])
    assert told["advice"]
    assert (content(journey, original, revision=1), content(journey, original)) == (issued, before)
    path = f"/v1/documents/{original}"
    assert refused(journey, path + "/copies", again, OFFICE) == (409, "not-in-force")
    assert refused(journey, path + "/revocation", WHY, CLERK) == (409, "not-in-force")

    decision = amended(journey, replacing, "revocation")["document"]["id"]
    assert one(journey, replacing, "citizen-a")["document"]["revoked_by"] == decision
    assert journey.dossier()["status"] == "processed"
    for kind in ("result.corrected.v1", "result.replaced.v1", "result.revoked.v1"):
        assert len(events(stack, journey, kind)) == 1, kind
    assert len(facts(stack, journey.id, "copy_ordered")) == 3


@pytest.mark.java
def test_another_program_finds_the_result_to_last_without_a_network(journey: Journey, judge: Judge) -> None:
    original = journey.document("result")["id"]
    raised(journey, original)
    result = content(journey, original)
    found = judge.preserved(result, root_of(journey))
    assert [(each["field"], each["level"], each["indication"]) for each in found["signatures"]] == [
        ("official", LTA, "TOTAL_PASSED"),
        ("seal", LTA, "TOTAL_PASSED"),
    ]
    assert [each["unexplained"] for each in found["signatures"]] == [[], []]
    assert [each["indication"] for each in found["timestamps"]] == ["PASSED"]
    assert judge.broken_rules(result) == {}


def test_rights_are_those_of_the_agency(stack: RunningStack, journey: Journey) -> None:
    original = journey.document("result")["id"]
    path, order = f"/v1/documents/{original}", {"kind": "sao_y", "purpose": "Lưu hồ sơ"}
    for who, status in (("clerk-phu-xuan", 404), ("records-phu-xuan", 404), ("citizen-b", 404), ("citizen-a", 403)):
        assert refused(journey, path + "/revocation", WHY, who)[0] == status, who
        assert refused(journey, path + "/copies", order, who)[0] == status, who
    assert refused(journey, path + "/copies", order, CLERK)[0] == 403
    assert refused(journey, path + "/revocation", WHY, OFFICE)[0] == 403
    assert stack.api("citizen-b").get(path).status_code == 404
    assert good(stack.api("citizen-a").get(path))["signatures"] is None


def test_the_same_request_twice_makes_one_document(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.whole()
    original, name = journey.document("result")["id"], {"Idempotency-Key": secrets.token_hex(16)}
    answers = [
        good(stack.api(CLERK).post(f"/v1/documents/{original}/revocation", json=WHY, headers=name), 202)
        for _ in range(2)
    ]
    assert len({answer["document"]["id"] for answer in answers}) == 1
    drafted = answers[0]["document"]["id"]
    assert refused(journey, f"/v1/documents/{original}/correction", {**WHY, "errors": ERRORS}, CLERK) == (
        409,
        "amendment-open",
    )
    assert stack.api("citizen-a").get(f"/v1/documents/{drafted}").status_code == 404
    assert drafted not in {
        one["id"] for one in good(stack.api("citizen-a").get(f"/v1/dossiers/{journey.id}"))["documents"]
    }
