"""Errors as RFC 9457 problems: every one, in both languages, and never with what it should not tell."""

import json
from collections.abc import Iterator
from io import StringIO
from string import Formatter

import pytest
from chauban import adapters  # noqa: F401 - its modules define errors too
from chauban.adapters import forms as _forms  # noqa: F401
from chauban.adapters import messaging as _messaging  # noqa: F401
from chauban.errors import (
    LANGUAGES,
    ChaubanError,
    CredentialNotFit,
    FieldError,
    FormNotCurrent,
    InvalidRequest,
    SignerNotEntitled,
)
from chauban.http.problems import language_of, problem_of

from tests.unit.fakes.gateway import Gateway
from tests.unit.fakes.people import submission_body
from tests.unit.fakes.world import World

KEY = {"Idempotency-Key": "k1"}


def classes(root: type[ChaubanError] = ChaubanError) -> Iterator[type[ChaubanError]]:
    yield root
    for child in root.__subclasses__():
        yield from classes(child)


def example(kind: type[ChaubanError]) -> ChaubanError:
    if kind is InvalidRequest:
        return InvalidRequest([FieldError("#/answers/ten", "required", {"vi": "Thiếu tên.", "en": "No name."})])
    if kind is FormNotCurrent:
        return FormNotCurrent("to-khai", "1.0", "1.1")
    if reasons := getattr(kind, "reasons", None):
        return kind(reason=next(iter(reasons)))
    names = {name for text in kind.text.values() for _, name, _, _ in Formatter().parse(text) if name}
    return kind(**{name: f"{name}." for name in names})


@pytest.mark.parametrize("kind", list(classes()), ids=lambda kind: kind.__name__)
def test_an_error_has_title_and_text_in_both_languages(kind: type[ChaubanError]) -> None:
    problems = {language: problem_of(example(kind), language) for language in LANGUAGES}
    assert problems["vi"].title != problems["en"].title
    assert problems["vi"].detail != problems["en"].detail
    for problem in problems.values():
        assert problem.type == f"urn:chauban:problem:{kind.code}"
        assert 400 <= problem.status <= 599
        assert "{" not in problem.detail
        assert problem.detail.endswith(".")


@pytest.mark.parametrize("kind", [SignerNotEntitled, CredentialNotFit])
def test_every_reason_has_a_text_of_its_own_and_is_told_as_a_word(kind: type[ChaubanError]) -> None:
    texts = set()
    for reason in kind.reasons:
        problems = [problem_of(kind(reason=reason), language) for language in LANGUAGES]
        texts |= {problem.detail for problem in problems}
        assert all(problem.model_dump()["reason"] == reason for problem in problems)
        assert all(problem.detail.count(".") >= 2 for problem in problems), "what is wrong, and what to do"
    assert len(texts) == 2 * len(kind.reasons)


def test_codes_are_unique() -> None:
    """A class that only holds others together has its parent's; it is never raised itself."""
    codes = [kind.code for kind in classes() if kind is ChaubanError or "code" in vars(kind)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "vi"),
        ("vi", "vi"),
        ("en", "en"),
        ("en-GB,en;q=0.9,vi;q=0.8", "en"),
        ("fr, vi;q=0.3, en;q=0.7", "en"),
        ("vi-VN,vi;q=0.9,en-US;q=0.8", "vi"),
        ("EN", "en"),
        ("fr", "vi"),
        ("*", "vi"),
        ("en;q=0", "vi"),
        ("en;q=abc", "vi"),
        (";;,,", "vi"),
    ],
)
def test_the_language_follows_accept_language(header: str, language: str) -> None:
    assert language_of({"accept-language": header}) == language


@pytest.mark.parametrize("body", ["{", "{'a': 1}", "", "null", "[]", '"text"', "12"])
def test_a_body_that_is_no_json_object_is_refused(call: Gateway, body: str) -> None:
    refused = call("POST", "/v1/dossiers", body, who="portal", headers=KEY)
    assert refused.status in {400, 422}
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.body["code"] in {"malformed-body", "invalid-request"}


@pytest.mark.parametrize("body", ["{", "{'a': 1}", '{"a": 1'])
def test_malformed_json_is_400(call: Gateway, body: str) -> None:
    refused = call("POST", "/v1/dossiers", body, who="portal", headers=KEY)
    assert (refused.status, refused.body["code"]) == (400, "malformed-body")


def test_bytes_that_are_no_utf8_are_400(call: Gateway) -> None:
    """They used to end as a fault of the service."""
    refused = call("POST", "/v1/dossiers", who="portal", headers=KEY, raw=b'{"channel": "\xff"}')
    assert (refused.status, refused.body["code"]) == (400, "malformed-body")


def test_a_body_in_base64_is_read(call: Gateway) -> None:
    raw = json.dumps(submission_body(), ensure_ascii=False).encode()
    assert call("POST", "/v1/dossiers", who="portal", headers=KEY, raw=raw).status == 201


@pytest.mark.parametrize("value", ["1152921504606846976", "1e400", "NaN"])
def test_a_body_without_a_canonical_form_is_400(call: Gateway, value: str) -> None:
    """Such a body cannot be compared with its repetition; it used to end as a fault of the service."""
    body = '{"form": {"slug": "x", "version": "1.0"}, "procedure": "1.004873", "agency": "x", "channel": "online",'
    body += (
        '"requester": {"scheme": "passport", "identifier": "C1234567", "name": "An"}, "answers": {"x": ' + value + "}}"
    )
    refused = call("POST", "/v1/dossiers", body, who="portal", headers=KEY)
    assert (refused.status, refused.body["code"]) == (400, "malformed-body")


def test_half_a_surrogate_pair_is_told_where_it_stands(call: Gateway) -> None:
    """Such a text has no canonical form either; it used to end as a fault of the service."""
    body = json.dumps({**submission_body(), "answers": {"x": "\ud800"}})
    refused = call("POST", "/v1/dossiers", body, who="portal", headers=KEY)
    assert (refused.status, refused.body["code"]) == (422, "invalid-request")
    assert [(one["pointer"], one["code"]) for one in refused.body["errors"]] == [("#/answers/x", "forbidden-character")]


@pytest.mark.parametrize(("depth", "status"), [(62, 422), (63, 400), (300, 400), (900, 400)])
def test_a_deeply_nested_body_is_no_fault_of_the_service(call: Gateway, depth: int, status: int) -> None:
    """From about 250 levels on it used to be one."""
    text = json.dumps({**submission_body(), "answers": "DEEP"}).replace('"DEEP"', '{"a":' * depth + "1" + "}" * depth)
    assert call("POST", "/v1/dossiers", text, who="portal", headers=KEY).status == status


def test_a_body_nested_beyond_all_measure_is_400(call: Gateway) -> None:
    body = {**submission_body(), "answers": "DEEP"}
    text = json.dumps(body).replace('"DEEP"', '{"a":' * 20_000 + "1" + "}" * 20_000)
    refused = call("POST", "/v1/dossiers", text, who="portal", headers=KEY)
    assert (refused.status, refused.body["code"]) == (400, "malformed-body")


@pytest.mark.parametrize("media", ["text/plain", "application/xml"])
def test_another_content_type_is_refused_as_a_problem(call: Gateway, media: str) -> None:
    refused = call("POST", "/v1/dossiers", submission_body(), who="portal", headers={**KEY, "Content-Type": media})
    assert 400 <= refused.status < 500
    assert refused.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/khong-co"),
        ("GET", "/"),
        ("DELETE", "/v1/dossiers"),
        ("GET", "/v1/signing/khong-co"),
        ("POST", "/v1/signing/tasks"),
        ("GET", "/v2/dossiers"),
    ],
)
def test_an_unknown_path_is_a_404_problem(call: Gateway, method: str, path: str) -> None:
    refused = call(method, path, who="clerk-thuan-hoa", headers={"Accept-Language": "en"})
    assert (refused.status, refused.body["code"]) == (404, "not-found")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Content-Language"] == "en"


def test_an_unexpected_fault_tells_the_caller_and_the_log_nothing_personal(
    call: Gateway, world: World, monkeypatch: pytest.MonkeyPatch, log: StringIO
) -> None:
    def broken(_change: object) -> None:
        raise RuntimeError("Nguyễn Thị An, 046198000101")

    monkeypatch.setattr(world.store, "commit", broken)
    refused = call("POST", "/v1/dossiers", submission_body(), who="portal", headers=KEY)
    assert (refused.status, refused.body["code"]) == (500, "internal-error")
    written = log.getvalue() + str(refused.body)
    assert "RuntimeError" in written
    assert "Nguyễn" not in written
    assert "046198" not in written
