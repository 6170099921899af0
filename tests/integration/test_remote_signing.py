"""Officials sign with keys at signing providers: one authorisation, many decisions, whatever the provider does meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from infra.local.folder import Folder
from infra.local.stack import Stack
from tests.integration.journey import Journey, facts
from tests.integration.remote_keys import (
    CSC_PAGE,
    CSC_PIN,
    MYSIGN,
    SMARTCA,
    RemoteSession,
    drafted,
    mood,
    outcomes,
    switch,
    tasks_of,
)
from tests.integration.running_stack import RunningStack

SIGNED = ("signed", None)


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack for these tests: they change the moods of its providers."""
    running = RunningStack(Stack(Folder(tmp_path_factory.mktemp("ký từ xa"))))
    running.start()
    yield running
    running.stop()


def assert_signed_once(stack: RunningStack, journey: Journey) -> None:
    """One value was accepted from the official, and one signature of theirs is in the decision."""
    accepted = [fact for fact in facts(stack, journey.id, "signature_accepted") if fact["by"]["kind"] == "person"]
    assert len(accepted) == 1
    assert len(facts(stack, journey.id, "document_signed")) == 1


@pytest.mark.parametrize(
    ("provider", "kind"),
    [(CSC_PIN, "RSA"), (CSC_PIN, "P-384"), (CSC_PAGE, "RSA"), (SMARTCA, "RSA"), (SMARTCA, "P-384"), (MYSIGN, "RSA")],
)
def test_two_decisions_are_signed_with_one_authorisation(signing: RunningStack, provider: str, kind: str) -> None:
    journeys = drafted(signing, 2)
    session = RemoteSession(signing, provider, kind)
    opened = session.open(tasks_of(signing, journeys))
    assert opened["progress"]["ready"] == 2
    accepted = session.authorise()
    assert accepted.status_code == 202, accepted.text
    assert session.settled()["status"] == "done"
    for journey in journeys:
        journey.issued("result", seconds=90)
        assert_signed_once(signing, journey)


# What the provider does, where in its calls, and what the documents wait for after the official authorised (or tried to).
FAULTS = [
    (CSC_PIN, "refusing", "authorize", "authorisation-refused"),
    (CSC_PIN, "expired-sad", "authorize", "authorisation-spent"),
    (CSC_PIN, "garbage", "signHash", "provider-answer-unusable"),
    (CSC_PIN, "misshapen", "signHash", "provider-answer-unusable"),
    (CSC_PIN, "wrong-signature", "signHash", "signature-mismatch"),
    (CSC_PIN, "wrong-certificate", "signHash", "signature-mismatch"),
    (CSC_PIN, "twice", "signHash", "provider-answer-unusable"),
    (CSC_PIN, "down", "signHash", "provider-unavailable"),
    # The provider has signed, and its answer comes when nobody waits any more: asked again, it says that all is used up.
    (CSC_PIN, "late", "signHash", "authorisation-spent"),
    (CSC_PAGE, "expired-sad", "token", "authorisation-spent"),
    (SMARTCA, "refusing", "", "authorisation-refused"),
    (SMARTCA, "expired-sad", "", "authorisation-spent"),
    (SMARTCA, "garbage", "", "provider-answer-unusable"),
    (SMARTCA, "wrong-signature", "", "signature-mismatch"),
    (SMARTCA, "down", "", "provider-unavailable"),
    (MYSIGN, "refusing", "", "authorisation-refused"),
    (MYSIGN, "expired-sad", "", "authorisation-spent"),
    (MYSIGN, "misshapen", "", "provider-answer-unusable"),
    (MYSIGN, "wrong-certificate", "", "signature-mismatch"),
]


@pytest.mark.parametrize("provider", [CSC_PIN, CSC_PAGE, SMARTCA, MYSIGN])
def test_whatever_a_provider_does_the_documents_come_back_with_a_reason_and_are_signed_in_the_end(
    signing: RunningStack, provider: str
) -> None:
    """The same session goes through all faults, one authorisation after another, and is signed by the last of them."""
    journeys = drafted(signing, 2)
    session = RemoteSession(signing, provider)
    session.open(tasks_of(signing, journeys))
    for _, name, at, reason in [fault for fault in FAULTS if fault[0] == provider]:
        with mood(signing, provider, name, at, times=1 if name == "late" else None):
            session.authorise()
            found = session.settled()
        assert found["status"] == "ready", name
        assert outcomes(found) == Counter({("ready", reason): 2}), name
        assert all(set(item["explanation"]) == {"vi", "en"} for item in found["items"])
    session.authorise()
    assert outcomes(session.settled()) == Counter({SIGNED: 2})
    for journey in journeys:
        journey.issued("result", seconds=90)
        assert_signed_once(signing, journey)


@pytest.mark.parametrize("provider", [CSC_PIN, SMARTCA, MYSIGN])
def test_a_provider_that_did_not_answer_once_is_asked_again(signing: RunningStack, provider: str) -> None:
    journeys = drafted(signing, 1)
    session = RemoteSession(signing, provider)
    session.open(tasks_of(signing, journeys))
    with mood(signing, provider, "timing-out", "signHash" if provider == CSC_PIN else "", times=1):
        session.authorise()
        assert session.settled()["status"] == "done"
    assert_signed_once(signing, journeys[0])


def test_a_call_back_brings_the_answer_before_its_time(signing: RunningStack) -> None:
    journeys = drafted(signing, 1)
    session = RemoteSession(signing, SMARTCA)
    session.open(tasks_of(signing, journeys))
    url = f"{signing.description['api_url']}/v1/signing/callbacks/{SMARTCA}"
    switch(signing, SMARTCA, "callback", url=url)
    try:
        session.authorise()
        assert session.settled()["status"] == "done"
    finally:
        switch(signing, SMARTCA, "callback", url=None)
    # Anybody may call, with anything, and is told nothing.
    for body in ({}, {"tran_code": "khong-co"}, {"transaction_id": ["a"]}):
        answer = httpx.post(url, json=body)
        assert (answer.status_code, answer.content) == (204, b"")
