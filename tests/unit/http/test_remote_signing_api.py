"""Remote keys over HTTP: what an authorisation takes, giving it, looking how far it is, and providers' call backs."""

from typing import Any

import pytest
from chauban.errors import AuthorisationRefused, ProviderUnavailable
from chauban.signing.sessions.model import SigningSession

from tests.unit.fakes.gateway import Answer, Gateway
from tests.unit.fakes.world import World
from tests.unit.signing_services.remote import ready, work

OFFICIAL = "official-thuan-hoa"
SECRETS = {"pin": "pin-4711-seeded", "otp": "otp-0815-seeded"}


def place(session: SigningSession) -> str:
    return f"/v1/signing/sessions/{session.id}"


def authorise(call: Gateway, session: SigningSession, body: Any = None, key: str | None = "k1", **rest: Any) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    sent = {"pin": "1"} if body is None else body
    return call("POST", f"{place(session)}/authorisation", sent, who=OFFICIAL, headers=headers, **rest)


def test_a_session_is_authorised_and_its_progress_shown(call: Gateway, world: World) -> None:
    session = ready(world, 3)
    terms = call("GET", f"{place(session)}/authorisation", who=OFFICIAL)
    assert terms.body == {"needs": ["pin"], "items": [1, 2, 3], "most": 500, "login": None}
    assert terms.headers["Cache-Control"] == "no-store"
    begun = authorise(call, session)
    assert (begun.status, begun.body["status"], begun.headers["Retry-After"]) == (202, "signing", "1")
    assert begun.body["progress"]["ready"] == 3
    work(world, session, at_most=2)
    going = call("GET", place(session), who=OFFICIAL).body["progress"]
    assert (going["ready"], going["accepted"]) == (1, 2)
    work(world, session)
    done = call("GET", place(session), who=OFFICIAL)
    assert done.body["progress"] == {"preparing": 0, "ready": 0, "accepted": 0, "signed": 3, "refused": 0, "failed": 0}
    assert "Retry-After" not in done.headers


def test_a_providers_page_is_told_with_its_end(call: Gateway, world: World) -> None:
    session = ready(world, 1)
    world.provider.parts = frozenset({"code"})
    login = call("GET", f"{place(session)}/authorisation", who=OFFICIAL).body["login"]
    assert login["url"].startswith("https://csc.example/authorize?")
    assert login["expires_at"] == "2026-11-23T02:10:00Z"


@pytest.mark.parametrize(
    ("fault", "status"), [(AuthorisationRefused(reason="pin-invalid"), 409), (ProviderUnavailable(reason="late"), 503)]
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_the_provider_refuses_is_told_with_what_to_do(
    call: Gateway, world: World, fault: Any, status: int, language: str
) -> None:
    session = ready(world, 1)
    world.provider.trouble = [fault]
    headers = {"Idempotency-Key": "k", "Accept-Language": language}
    refused = call("POST", f"{place(session)}/authorisation", {"pin": "1"}, who=OFFICIAL, headers=headers)
    assert (refused.status, refused.body["code"]) == (status, fault.code)
    assert refused.body["detail"] == fault.detail(language)
    (item,) = call("GET", place(session), who=OFFICIAL).body["items"]
    assert (item["status"], item["reason"]) == ("ready", fault.code)
    assert set(item["explanation"]) == {"vi", "en"}


def test_nothing_that_was_typed_is_in_an_answer_or_a_log(
    call: Gateway, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    session = ready(world, 1)
    bodies = (SECRETS, {**SECRETS, "pin": ["pin-4711-seeded"]}, {**SECRETS, "more": 1}, {"pin": "pin-4711-seeded" * 9})
    answers = [authorise(call, session, body) for body in bodies]
    assert [answer.status for answer in answers] == [422] * 4
    world.provider.parts = frozenset({"pin", "otp"})
    world.provider.trouble = [ProviderUnavailable(reason="late")]
    answers += [authorise(call, session, SECRETS), authorise(call, session, SECRETS, key="k2")]
    assert [answer.status for answer in answers[4:]] == [503, 202]
    said = "".join(str(answer.body) for answer in answers) + "".join(capsys.readouterr())
    assert "seeded" not in said + world.all_text()


def test_a_request_without_a_key_reaches_no_provider(call: Gateway, world: World) -> None:
    session = ready(world, 1)
    assert (refused := authorise(call, session, key=None)).status == 400
    assert refused.body["code"] == "idempotency-key-required"
    assert world.provider.given == []


def test_a_call_back_needs_no_token_and_is_told_nothing(call: Gateway, world: World) -> None:
    for body in ({"tran_code": "x"}, {}, {"anything": [1]}):
        answer = call("POST", "/v1/signing/callbacks/csc-a", body)
        assert (answer.status, answer.body) == (204, None)
    assert call("POST", "/v1/signing/callbacks/csc-a", "not json").status == 400


def test_the_application_lies_beside_the_document(call: Gateway, world: World) -> None:
    session = ready(world, 1)
    missing = call("GET", f"{place(session)}/items/1/application", who=OFFICIAL)
    assert (missing.status, missing.body["code"]) == (404, "not-found")
    dossier = world.store.load(session.items[0].dossier)
    application = next(document for document in dossier.documents if document.kind.value == "application")
    world.making.make(dossier.id, application.id)
    link = call("GET", f"{place(session)}/items/1/application", who=OFFICIAL)
    (revision,) = world.store.load(dossier.id).document(application.id).revisions
    assert (link.status, link.body["sha256"]) == (200, revision.file.sha256)
    assert call("GET", f"{place(session)}/items/1/application", who="official-phu-xuan").status == 404
