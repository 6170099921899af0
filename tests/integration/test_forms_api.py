"""What helps to fill in a form: entity tags, validations, previews, drafts."""

from __future__ import annotations

import hashlib
import json
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from ulid import ULID

from tests.integration.journey import PROCEDURE, SLUG, VERSION, WARD, Json, good, own_filing, sample
from tests.integration.running_stack import RunningStack

FORM = f"/v1/forms/{SLUG}/{VERSION}"
THIRTY_DAYS = 30 * 24 * 3600


@pytest.mark.parametrize("path", ["/v1/procedures", f"/v1/forms/{SLUG}", FORM])
def test_who_has_it_already_is_not_sent_it_again(stack: RunningStack, path: str) -> None:
    public = stack.api()
    first = public.get(path)
    tag = first.headers["etag"]
    again = public.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert public.get(path, headers={"If-None-Match": f'W/{tag}, "x"'}).status_code == 304
    other = public.get(path, headers={"If-None-Match": '"something-else"'})
    assert (other.status_code, other.json()) == (200, first.json())


def validated(stack: RunningStack, answers: Json, language: str = "vi", **more: str) -> Json:
    body = {"answers": answers, **more}
    return good(stack.api().post(f"{FORM}/validations", json=body, headers={"Accept-Language": language}))


def test_a_sample_is_valid_without_a_token(stack: RunningStack) -> None:
    state = validated(stack, sample()["answers"])
    assert (state["valid"], state["errors"], state["missing"]) == (True, [], [])


def test_what_is_not_filled_in_yet_is_missing_and_not_wrong(stack: RunningStack) -> None:
    state = validated(stack, {"subject": {"full_name": "Nguyễn Thị An"}})
    assert (state["valid"], state["errors"]) == (False, [])
    assert "#/answers/subject/birth_date" in [fault["pointer"] for fault in state["missing"]]


def test_one_page_is_checked_by_its_scope(stack: RunningStack) -> None:
    answers = sample()["answers"]
    answers["subject"]["birth_date"] = "2026-02-30"
    del answers["purpose"]
    state = validated(stack, answers, "en", scope="#/properties/subject")
    assert [(fault["pointer"], fault["code"]) for fault in state["errors"]] == [
        ("#/answers/subject/birth_date", "format")
    ]
    assert state["missing"] == []
    assert "date" in state["errors"][0]["detail"]
    assert validated(stack, sample()["answers"], scope="#/properties/subject")["valid"]


def test_questions_that_are_not_asked_are_named(stack: RunningStack) -> None:
    hidden = validated(stack, sample("never-married")["answers"])["hidden"]
    assert "#/answers/marital_status/spouse_name" in hidden
    assert "#/answers/marital_status/spouse_name" not in validated(stack, sample("married")["answers"])["hidden"]


@pytest.mark.parametrize("body", [{}, {"answers": []}, {"answers": {}, "scope": "subject"}, {"answers": {}, "x": 1}])
def test_a_malformed_validation_is_refused(stack: RunningStack, body: Json) -> None:
    assert stack.api().post(f"{FORM}/validations", json=body).status_code == 422


def test_there_is_nothing_to_check_for_an_unknown_form(stack: RunningStack) -> None:
    assert stack.api().post("/v1/forms/none/1.0/validations", json={"answers": {}}).status_code == 404


# Previews ------------------------------------------------------------------------------------------------------------


def preview_body(stack: RunningStack, **changes: object) -> Json:
    body = own_filing(stack) | changes
    return {name: body[name] for name in ("procedure", "agency", "requester", "answers")}


def test_a_preview_looks_like_the_application_and_says_what_it_is(stack: RunningStack, tmp_path: Path) -> None:
    began = time.monotonic()
    link = good(stack.api("citizen-a").post(f"{FORM}/previews", json=preview_body(stack)))
    assert time.monotonic() - began < 20
    pdf = httpx.get(link["url"]).content
    assert hashlib.sha256(pdf).hexdigest() == link["sha256"]
    (tmp_path / "preview.pdf").write_bytes(pdf)
    command = ["pdftotext", "-raw", str(tmp_path / "preview.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "BẢN XEM TRƯỚC" in " ".join(text.split())
    assert sample()["answers"]["subject"]["full_name"].upper() in text


def test_a_preview_is_kept_where_it_is_forgotten_in_a_day(stack: RunningStack) -> None:
    link = good(stack.api("citizen-a").post(f"{FORM}/previews", json=preview_body(stack)))
    assert f"/previews/{link['sha256']}.pdf" in link["url"]
    rules = stack.aws("s3").get_bucket_lifecycle_configuration(Bucket=stack.resource("WorkBucket"))["Rules"]
    assert [rule["Expiration"]["Days"] for rule in rules if rule["Filter"].get("Prefix") == "previews/"] == [1]


def test_previews_are_for_those_who_may_file(stack: RunningStack) -> None:
    body = preview_body(stack)
    assert stack.api().post(f"{FORM}/previews", json=body).status_code == 401
    assert good(stack.api(f"clerk-{WARD}").post(f"{FORM}/previews", json=body), 403)["code"] == "not-allowed"


def test_a_preview_of_faulty_answers_is_refused_with_their_places(stack: RunningStack) -> None:
    answers = sample()["answers"]
    del answers["purpose"]
    problem = good(stack.api("citizen-a").post(f"{FORM}/previews", json=preview_body(stack, answers=answers)), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["#/answers/purpose"]
    wrong = preview_body(stack, agency="nowhere")
    assert good(stack.api("citizen-a").post(f"{FORM}/previews", json=wrong), 422)["errors"][0]["pointer"] == "#/agency"


def test_a_citizen_previews_what_she_may_file(stack: RunningStack) -> None:
    body = preview_body(stack, answers=sample()["answers"])
    problem = good(stack.api("citizen-a").post(f"{FORM}/previews", json=body), 422)
    assert {error["code"] for error in problem["errors"]} == {"requester-differs"}
    good(stack.api("portal").post(f"{FORM}/previews", json=body))


def test_previews_have_a_function_with_a_limit_of_its_own(stack: RunningStack) -> None:
    function = stack.aws("lambda").get_function(FunctionName=stack.resource("PreviewFunction"))
    assert function["Concurrency"]["ReservedConcurrentExecutions"] == 10


# Drafts --------------------------------------------------------------------------------------------------------------


def draft_body(**changes: object) -> Json:
    form = {"slug": SLUG, "version": VERSION}
    return {"form": form, "procedure": PROCEDURE, "answers": {"subject": {"full_name": "Nguyễn Thị An"}}} | changes


def test_a_draft_is_kept_resumed_changed_and_forgotten(stack: RunningStack) -> None:
    citizen, path = stack.api("citizen-a"), f"/v1/drafts/{ULID()}"
    made = citizen.put(path, json=draft_body())
    assert good(made, 201)["answers"] == {"subject": {"full_name": "Nguyễn Thị An"}}
    assert made.headers["location"] == path
    assert citizen.put(path, json=draft_body()).status_code == 200
    found = citizen.get(path)
    assert good(found) == made.json()
    tag = found.headers["etag"]
    changed = citizen.put(path, json=draft_body(answers={"purpose": "để mua nhà"}), headers={"If-Match": tag})
    assert good(changed)["answers"] == {"purpose": "để mua nhà"}
    late = citizen.put(path, json=draft_body(answers={}), headers={"If-Match": tag})
    assert good(late, 412)["code"] == "precondition-failed"
    assert citizen.put(path, json=draft_body(answers={})).status_code == 412
    assert citizen.delete(path).status_code == 412
    gone = citizen.delete(path, headers={"If-Match": changed.headers["etag"]})
    assert (gone.status_code, gone.content) == (204, b"")
    assert citizen.get(path).status_code == 404


def test_a_draft_does_not_exist_for_anybody_else(stack: RunningStack) -> None:
    path = f"/v1/drafts/{ULID()}"
    good(stack.api("citizen-a").put(path, json=draft_body()), 201)
    for who in ("citizen-b", "portal"):
        other = stack.api(who)
        assert other.get(path).status_code == 404
        assert other.put(path, json=draft_body(answers={})).status_code == 404
        assert other.delete(path, headers={"If-Match": '"1"'}).status_code == 404
    assert stack.api(f"clerk-{WARD}").get(path).status_code == 403
    assert stack.api().get(path).status_code == 401
    assert good(stack.api("citizen-a").get(path))["answers"]["subject"]


def test_a_draft_ends_after_thirty_days_in_the_table_too(stack: RunningStack) -> None:
    draft = str(ULID())
    good(stack.api("citizen-a").put(f"/v1/drafts/{draft}", json=draft_body()), 201)
    table, where = stack.aws("dynamodb"), {"pk": {"S": f"W#{draft}"}, "sk": {"S": "DRAFT"}}
    item = table.get_item(TableName=stack.resource("Table"), Key=where)["Item"]
    assert abs(int(item["expires_at"]["N"]) - time.time() - THIRTY_DAYS) < 120
    ttl = table.describe_time_to_live(TableName=stack.resource("Table"))["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "expires_at")
    # Expired, and not yet forgotten by the table.
    value = json.loads(item["value"]["S"]) | {"expires_at": "2026-01-01T00:00:00Z"}
    item |= {"value": {"S": json.dumps(value)}, "expires_at": {"N": "1"}}
    table.put_item(TableName=stack.resource("Table"), Item=item)
    assert stack.api("citizen-a").get(f"/v1/drafts/{draft}").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("not-a-ulid", draft_body(), 422),
        (str(ULID()), draft_body(form={"slug": SLUG, "version": "9.9"}), 422),
        (str(ULID()), draft_body(procedure="1.000000"), 422),
        (str(ULID()), draft_body(answers={"x": "y" * 400_000}), 422),
    ],
    ids=["no-ulid", "unknown-version", "unknown-procedure", "too-large"],
)
def test_what_is_no_draft_is_refused(stack: RunningStack, path: str, body: Json, status: int) -> None:
    assert stack.api("citizen-a").put(f"/v1/drafts/{path}", json=body).status_code == status


def test_no_personal_data_of_a_draft_is_in_a_key_or_a_log(stack: RunningStack) -> None:
    draft, secret = str(ULID()), "Bí Mật Không Ai Biết"
    good(stack.api("citizen-a").put(f"/v1/drafts/{draft}", json=draft_body(answers={"purpose": secret})), 201)
    logs = "".join(path.read_text(errors="replace") for path in Path(stack.description["logs"]).glob("*.log"))
    assert secret not in logs
