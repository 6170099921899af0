"""Attachments over the API and the bucket: what is taken, what is refused and why, who opens them, and where a name never is."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pikepdf
import pytest
from botocore.exceptions import ClientError
from PIL import Image

from tests.integration.journey import WARD, Journey, Json, facts, good, key
from tests.integration.running_stack import RunningStack, eventually

COMPONENT = "marital_proof"
NAME = "Quyết định ly hôn của bà Hoàng Thị Ngọc Trâm.jpg"
OFFICIAL = f"official-{WARD}"


def photograph() -> bytes:
    written = BytesIO()
    Image.linear_gradient("L").convert("RGB").save(written, "JPEG")
    return written.getvalue()


def scripted() -> bytes:
    written = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.save(written)
    return written.getvalue()


def announce(journey: Journey, content: bytes, who: str = "citizen-a", **changes: Any) -> httpx.Response:
    body = {
        "component": COMPONENT,
        "name": NAME,
        "type": "image/jpeg",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **changes,
    }
    return journey.stack.api(who).post(f"/v1/dossiers/{journey.id}/attachments", json=body, headers=key())


def upload(announced: Json, content: bytes, **changes: str) -> httpx.Response:
    """As a browser's form does."""
    place = announced["upload"]
    return httpx.post(place["url"], data={**place["fields"], **changes}, files={"file": ("x", content)})


def opened(journey: Journey, attachment: str, who: str = "citizen-a") -> Json:
    return good(journey.stack.api(who).get(f"/v1/dossiers/{journey.id}/attachments/{attachment}"))


def settled(journey: Journey, attachment: str) -> Json:
    """The attachment once it was examined."""

    def examined() -> Json | None:
        found = opened(journey, attachment)
        return found if found["status"] in {"accepted", "refused"} else None

    return eventually(examined, what="the attachment to be examined")


def attached(journey: Journey, content: bytes, **changes: Any) -> Json:
    announced = good(announce(journey, content, **changes), 201)
    assert upload(announced, content).status_code == 204
    return settled(journey, announced["id"])


@pytest.fixture(scope="module")
def journey(stack: RunningStack) -> Journey:
    filed = Journey(stack)
    filed.file()
    filed.receive()
    return filed


def test_a_photograph_is_taken_and_opened_by_those_who_read_the_dossier_under_a_neutral_name(journey: Journey) -> None:
    content = photograph()
    kept = attached(journey, content)
    assert (kept["status"], kept["reason"], kept["sha256"]) == (
        "accepted",
        None,
        hashlib.sha256(content).hexdigest(),
    )
    for who in ("citizen-a", "portal", f"clerk-{WARD}", OFFICIAL):
        link = opened(journey, kept["id"], who)
        assert link["name"] == NAME
        answer = httpx.get(link["url"])
        assert answer.content == content
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{kept['component']}-1.jpg"
    for who in ("citizen-b", "clerk-phu-xuan", "official-phu-xuan"):
        path = f"/v1/dossiers/{journey.id}/attachments"
        for place in (path, f"{path}/{kept['id']}"):
            assert journey.stack.api(who).get(place).status_code == 404
        assert announce(journey, content, who).status_code == 404
    listed = good(journey.stack.api(f"clerk-{WARD}").get(f"/v1/dossiers/{journey.id}/attachments"))
    assert [item["id"] for item in listed["items"]] == [kept["id"]]
    assert listed["missing_attachments"] == []
    assert journey.dossier()["attachments"][0]["name"] == NAME
    assert "attachment_accepted" in [fact["type"] for fact in journey.dossier()["history"]]


def test_the_bucket_takes_exactly_what_was_announced_and_keeps_nothing_that_was_settled(journey: Journey) -> None:
    content = photograph()
    announced = good(announce(journey, content), 201)
    for wrong, changes in (
        (content + b"x", {}),
        (content[:-1], {}),
        (content, {"Content-Type": "text/html"}),
        (content, {"key": f"uploads/{journey.id}/another"}),
        (content, {"acl": "public-read"}),
    ):
        assert upload(announced, wrong, **changes).status_code in {400, 403}
    assert opened(journey, announced["id"])["status"] == "expected"
    # The emulator does not look at the checksum in the form; the service does.
    other = bytes(len(content))
    assert upload(announced, other).status_code == 204
    refused = settled(journey, announced["id"])
    assert (refused["status"], refused["reason"], refused["url"]) == ("refused", "hash-differs", None)
    assert set(refused["explanation"]) == {"vi", "en"}
    assert uploads(journey.stack) == []


def uploads(stack: RunningStack) -> list[str]:
    found = stack.aws("s3").list_objects_v2(Bucket=stack.resource("UploadsBucket"))
    return [item["Key"] for item in found.get("Contents", [])]


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (scripted(), "application/pdf", "active-content"),
        (photograph(), "image/png", "type-differs"),
        (photograph()[:200], "image/jpeg", "unreadable"),
    ],
    ids=["script", "type", "cut off"],
)
def test_what_is_not_a_plain_paper_is_refused_with_what_to_do(
    journey: Journey, content: bytes, media_type: str, reason: str
) -> None:
    refused = attached(journey, content, type=media_type)
    assert (refused["status"], refused["reason"], refused["url"]) == ("refused", reason, None)
    assert "Hãy" in refused["explanation"]["vi"]
    assert uploads(journey.stack) == []


def test_what_the_form_does_not_ask_for_is_refused_at_once(journey: Journey) -> None:
    wrong = announce(journey, b"x", component="passport", type="image/gif")
    assert [error["code"] for error in good(wrong, 422)["errors"]] == ["unknown-component"]
    wrong = announce(journey, b"x", type="image/gif", bytes=10**8)
    assert [error["pointer"] for error in good(wrong, 422)["errors"]] == ["#/type", "#/bytes"]


def test_the_official_opens_what_came_beside_the_draft_and_nothing_of_it_is_signed(stack: RunningStack) -> None:
    journey, content = Journey(stack), photograph()
    journey.file()
    kept = attached(journey, content)
    journey.receive()
    journey.draft()
    late = announce(journey, content)
    assert good(late, 409)["code"] == "wrong-state"
    task = journey.task()
    session = journey.open_session(task)
    official = stack.api(OFFICIAL)
    places = (f"/v1/signing/tasks/{task}/papers", f"/v1/signing/sessions/{session['id']}/items/1/papers")
    for place in places:
        beside = good(official.get(place))
        application = httpx.get(beside["application"]["url"]).content
        assert hashlib.sha256(application).hexdigest() == beside["application"]["sha256"]
        (paper,) = beside["attachments"]
        assert (paper["id"], paper["status"], paper["name"]) == (kept["id"], "accepted", NAME)
        assert httpx.get(paper["url"]).content == content
        assert stack.api("official-phu-xuan").get(place).status_code == 404
    journey.hand_in(session, journey.signatures(session))
    with pikepdf.open(BytesIO(journey.download("result"))) as pdf:
        assert list(pdf.attachments) == ["data.json"]
        assert kept["sha256"].encode() not in pdf.attachments["data.json"].get_file().read_bytes()
        for object_ in pdf.objects:
            if isinstance(object_, pikepdf.Stream):
                assert content[:200] not in object_.read_raw_bytes()


def test_a_supplement_is_answered_with_a_file_alone(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.file()
    item = {"what": "Trích lục khai tử", "reason": "Bản chụp không đọc được", "component": "death_extract"}
    clerk = stack.api(f"clerk-{WARD}")
    place = f"/v1/dossiers/{journey.id}"
    asked = good(clerk.post(f"{place}/supplement-requests", json={"items": [item]}, headers=key()), 202)
    empty = stack.api("citizen-a").post(f"{place}/supplements", json={"request": asked["id"]}, headers=key())
    assert [error["code"] for error in good(empty, 422)["errors"]] == ["nothing-supplemented"]
    kept = attached(journey, photograph(), component="death_extract")
    assert kept["request"] == asked["id"]
    answer = stack.api("citizen-a").post(f"{place}/supplements", json={"request": asked["id"]}, headers=key())
    assert good(answer)["status"] == "submitted"


def ways_of_writing(name: str) -> set[str]:
    """A name as it is, in an address, in an address within an address, and in JSON."""
    quoted = quote(name, safe="")
    return {name, quoted, quote(quoted, safe=""), quoted.replace("%20", "+"), json.dumps(name).strip('"')}


def test_the_role_that_opens_files_from_outside_reads_no_other_bucket(stack: RunningStack) -> None:
    document = stack.aws("iam").get_role_policy(RoleName=stack.resource("ExamineRole"), PolicyName="examine")
    statements: list[Json] = document["PolicyDocument"]["Statement"]
    read = [one["Resource"] for one in statements if "s3:GetObject" in one["Action"]]
    assert read == [f"arn:aws:s3:::{stack.resource('UploadsBucket')}/uploads/*"]
    with pytest.raises(ClientError, match="not authorized|Access Denied|AccessDenied"):
        stack.aws("s3", "subscriber").list_objects_v2(Bucket=stack.resource("UploadsBucket"))


def test_a_files_name_is_in_no_link_no_log_no_event_no_key_and_no_fact(journey: Journey) -> None:
    kept = attached(journey, photograph())
    # Whoever serves or relays the download may log its address.
    link = opened(journey, kept["id"])["url"]
    assert httpx.get(link).status_code == 200
    stack, found = journey.stack, []
    for word in (form for part in ("ly hôn của bà", "Ngọc Trâm") for form in ways_of_writing(part)):
        assert word not in link
        for path in Path(stack.description["logs"]).iterdir():
            if word in path.read_text(encoding="utf-8", errors="replace"):
                found.append((word, path.name))
        for bucket in ("UploadsBucket", "WorkBucket"):
            for item in stack.aws("s3").list_objects_v2(Bucket=stack.resource(bucket)).get("Contents", []):
                assert word not in item["Key"]
        for message in stack.messages("SubscriberQueue", user="subscriber", delete=False):
            assert word not in message["Body"]
        assert word not in json.dumps(facts(stack, journey.id, "attachment_accepted"), ensure_ascii=False)
    assert found == []
    assert facts(stack, journey.id, "attachment_accepted")
    # It is where it has to be, so that it can be found at all.
    assert NAME in json.dumps(journey.dossier(), ensure_ascii=False)
