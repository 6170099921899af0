"""What must not be found: personal numbers, officials' keys, and whatever they authorise signatures with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.local.providers.accounts import PROVIDERS, Accounts
from infra.local.providers.records import credential_id
from tests.integration.canaries import expected, planted
from tests.integration.journey import WARD, Journey, good, key
from tests.integration.papers import assert_one_of_each
from tests.integration.piled_up import carried_out, left_to_die, nobody_works
from tests.integration.remote_keys import CSC_PAGE, CSC_PIN, MYSIGN, SMARTCA, RemoteSession, drafted, tasks_of
from tests.integration.running_stack import RunningStack
from tests.integration.secrecy import everything, leaks


@pytest.mark.parametrize("place", ["environments", "keys", "queues", "logs"])
def test_no_personal_number_and_no_officials_key_is_found(stack: RunningStack, place: str) -> None:
    """The scan looks for what a journey certainly contained: the personal numbers of its people, and the devices' keys."""
    journey = Journey(stack)
    journey.whole()
    secrets = _secrets(stack, journey)
    assert len(secrets) >= 4
    found = [secret for secret in secrets for text in _texts(stack, place) if secret in text]
    assert found == []


TASKS = {"Sign": {"prepare", "ask", "keep", "embed"}, "Render": {"render", "register"}, "Seal": {"seal", "register"}}


def test_nothing_that_authorises_signatures_is_found_while_every_queue_is_full_of_dead_orders(
    stack: RunningStack,
) -> None:
    """Orders of every kind lie in the queues and are dead, authorisations of all providers are in force; secrets that the test
    puts there itself are found at every place in every form."""
    *journeys, own, waiting = drafted(stack, 7)
    sessions = [RemoteSession(stack, provider) for provider in (CSC_PIN, CSC_PIN, CSC_PAGE, SMARTCA, MYSIGN)]
    for session, journey in zip(sessions, journeys, strict=True):
        session.open(tasks_of(stack, [journey]))
    device = own.open_session(own.task())
    signatures = own.signatures(device)
    (task,) = tasks_of(stack, [waiting])
    with nobody_works(stack):
        for session in sessions:
            assert session.authorise().status_code == 202
        own.hand_in(device, signatures)
        last = _opened(stack, task)
        _papers(stack)
        for asked in sessions[1:]:
            carried_out(stack, "Sign", lambda order, one=asked: (order["task"], order["session"]) == ("ask", one.id))
        left_to_die(stack, TASKS)
        known = _authorising(stack, sessions)
        with planted(stack) as canaries:
            found = leaks(known | canaries, everything(stack))
        assert {leak for leak in found if leak.secret in known} == set()
        assert found >= expected(canaries)
    # Each order came back twice, from its queue and from among the dead: everything is signed once all the same.
    for session in [*sessions, last]:
        while session.settled()["status"] != "done":
            assert session.authorise().status_code == 202
    for journey in (*journeys, own, waiting):
        journey.issued("result", seconds=120)
        assert_one_of_each(stack, journey)
    assert leaks(_authorising(stack, [*sessions, last]), everything(stack)) == set()


def _opened(stack: RunningStack, task: str) -> RemoteSession:
    """A session that nobody prepares."""
    session = RemoteSession(stack, CSC_PIN)
    body = {"tasks": [task], "credential": credential_id(CSC_PIN, session.person, "RSA")}
    session.id = good(stack.api(session.person).post("/v1/signing/sessions", json=body, headers=key()), 202)["id"]
    return session


def _papers(stack: RunningStack) -> None:
    """An application and a register that nobody makes; a receipt and another register that nobody seals."""
    received = Journey(stack)
    received.file()
    received.receive()
    carried_out(stack, "Render", lambda order: order.get("dossier") == received.id and order["task"] == "render")
    carried_out(stack, "Render", lambda order: order.get("dossier") == received.id and order["task"] == "render")
    clerk, path = stack.api(f"clerk-{WARD}"), f"/v1/agencies/ubnd-phuong-{WARD}/registers"
    for day in ("2026-01-05", "2026-01-06"):
        good(clerk.post(path, json={"from": day, "to": day}, headers=key()), 202)
    carried_out(stack, "Render", lambda order: order["task"] == "register")
    Journey(stack).file()


def _authorising(stack: RunningStack, sessions: list[RemoteSession]) -> dict[str, str]:
    """By a name: what officials typed, what providers gave out and took, and the service's accounts there."""
    accounts = Accounts.at(stack.stack.folder.providers)
    known = {f"client secret {name}": accounts.client(name)["client_secret"] for name in PROVIDERS}
    known |= {f"typed {n}": text for n, text in enumerate(one for session in sessions for one in session.typed)}
    for provider in PROVIDERS:
        told = good(httpx.get(f"{stack.description['providers_url']}/{provider}/_/granted"))["secrets"]
        assert len(told) >= 1
        known |= {f"{provider} {n}": text for n, text in enumerate(told)}
    return known


def _secrets(stack: RunningStack, journey: Journey) -> list[str]:
    numbers = sorted(set(re.findall(r"\b\d{12}\b", json.dumps(journey.dossier()))))
    keys = [Path(device["key"]).read_text() for device in stack.description["devices"].values()]
    return numbers + ["".join(key.split("\n")[1:3])[:60] for key in keys] + [key.split("\n")[1] for key in keys]


def _bodies(stack: RunningStack) -> list[str]:
    """What lies in any queue; the subscriber's holds one of every event, since nobody took them."""
    sqs, found = stack.aws("sqs"), []
    for url in sqs.list_queues()["QueueUrls"]:
        batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", ())
        found += [message["Body"] for message in batch]
    assert found
    return found


def _texts(stack: RunningStack, place: str) -> Iterator[str]:
    if place == "environments":
        for function in stack.aws("lambda").list_functions()["Functions"]:
            yield json.dumps(function.get("Environment", {}))
    elif place == "keys":
        pages = stack.aws("dynamodb").get_paginator("scan").paginate(TableName=stack.resource("Table"))
        names = ("pk", "sk", "party_pk", "party_sk", "work_pk", "work_sk", "outbox_pk", "outbox_sk", "due_pk", "due_sk")
        for page in pages:
            for item in page["Items"]:
                yield json.dumps([item.get(name) for name in names])
        for bucket in ("FormsBucket", "WorkBucket", "ArchiveBucket"):
            for page in stack.aws("s3").get_paginator("list_objects_v2").paginate(Bucket=stack.resource(bucket)):
                yield json.dumps([entry["Key"] for entry in page.get("Contents", ())])
    elif place == "queues":
        yield from _bodies(stack)
    else:
        logs = list(stack.stack.folder.logs.glob("*.log"))
        assert any("order-done" in log.read_text(errors="replace") for log in logs)
        for log in logs:
            yield log.read_text(errors="replace")
