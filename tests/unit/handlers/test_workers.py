"""Workers: one order after another, each failure kept with its reason and left to the queue."""

import json
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chauban.errors import AuthorisationSpent, CertificateNotUsable, NotFound, TimestampUnavailable
from chauban.handlers import render, seal, sign
from chauban.handlers.failures import reason_of
from chauban.handlers.holding import HELD_SECONDS
from chauban.handlers.work import work_off
from chauban.observability import logger
from chauban.signing.linting import Finding

from tests.unit.fakes.messaging import MemoryOutbox, MemoryOwnQueue
from tests.unit.fakes.people import official
from tests.unit.fakes.world import World, result_of, signatures_for
from tests.unit.handlers.conftest import sqs_event
from tests.unit.signing_services import remote


def orders(world: World, channel: str) -> list[dict[str, Any]]:
    return [message.body for message in world.messages(channel)]


def failures(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_the_three_workers_bring_a_dossier_to_its_result(world: World, outbox: MemoryOutbox) -> None:
    dossier = world.drafted()
    assert failures(render.handler(sqs_event(*orders(world, "render")), None)) == []  # type: ignore[arg-type]
    session = world.opened(dossier)
    assert failures(sign.handler(sqs_event(*orders(world, "sign")), None)) == []  # type: ignore[arg-type]
    world.desk.accept(official(), session.id, signatures_for(world.signing.session(session.id)))
    assert failures(sign.handler(sqs_event(*orders(world, "sign")), None)) == []  # type: ignore[arg-type]
    assert failures(seal.handler(sqs_event(*orders(world, "seal")), None)) == []  # type: ignore[arg-type]
    present = world.store.load(dossier.id)
    assert present.status == "processed"
    assert {document.status for document in present.documents} == {"issued"}
    assert outbox.failures == []


def test_every_order_may_come_again(world: World, outbox: MemoryOutbox) -> None:
    dossier = world.issued()
    before = world.store.load(dossier.id)
    result = result_of(dossier).id
    for handler, channel in ((render.handler, "render"), (sign.handler, "sign"), (seal.handler, "seal")):
        again = [order for order in orders(world, channel) if order.get("document") in (None, result)]
        assert failures(handler(sqs_event(*again), None)) == []  # type: ignore[arg-type]
    assert world.store.load(dossier.id) == before


def test_one_failure_does_not_touch_the_orders_beside_it(world: World, outbox: MemoryOutbox) -> None:
    dossier = world.submitted()
    good = orders(world, "render")[0]
    unknown = {"task": "render", "dossier": "NOSUCH", "document": "X", "order": "O1"}
    answer = render.handler(sqs_event(unknown, good, attempt=2), None)  # type: ignore[arg-type]
    assert failures(answer) == ["message-1"]
    assert outbox.failures == [("NOSUCH", "O1", "not-found", 2)]
    assert world.store.load(dossier.id).documents[0].status == "issued"


@pytest.mark.parametrize(
    ("attempt", "again"),
    [(1, 2), (2, 15), (3, 30), (4, 60), (5, 120), (8, 3600), (9, 3600), (17, 3600), (18, 0), (19, 0)],
)
def test_failures_are_tried_again_with_growing_pauses_and_the_last_goes_to_the_dead_letters_at_once(
    world: World, outbox: MemoryOutbox, own_queue: MemoryOwnQueue, attempt: int, again: int
) -> None:
    world.submitted()
    bad = {"task": "render", "dossier": "NOSUCH", "document": "X", "order": "O1"}
    render.handler(sqs_event(orders(world, "render")[0], bad, attempt=attempt), None)  # type: ignore[arg-type]
    assert own_queue.again == [("receipt-1", HELD_SECONDS), ("receipt-2", HELD_SECONDS), ("receipt-2", again)]


def test_a_signing_order_is_noted_under_its_session(world: World, outbox: MemoryOutbox) -> None:
    session = world.accepted(world.awaiting_signature())
    world.engine.timestamps_fail = True
    embed = orders(world, "sign")[-1]
    assert failures(sign.handler(sqs_event(embed, attempt=3), None)) == ["message-1"]  # type: ignore[arg-type]
    assert outbox.failures == [(session.id, embed["order"], "timestamp-unavailable", 3)]


def test_the_sign_worker_carries_an_authorisation_to_its_end(world: World, outbox: MemoryOutbox) -> None:
    session = remote.ready(world, 3)
    remote.authorise(world, session)
    done: list[dict[str, Any]] = []
    while new := [order for order in remote.orders(world, session) if order not in done]:
        assert failures(sign.handler(sqs_event(*new), None)) == []  # type: ignore[arg-type]
        done += new
    assert {order["task"] for order in done} == {"ask", "keep", "embed"}
    assert remote.states(world, session) == [("signed", None)] * 3


def test_why_an_authorisation_ended_is_in_the_log(
    world: World, outbox: MemoryOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, dict[str, Any]]] = []
    session = remote.ready(world, 1)
    remote.authorise(world, session)
    world.provider.trouble = [AuthorisationSpent(reason="test")]
    monkeypatch.setattr(logger(), "warning", lambda code, **more: said.append((code, more)))
    assert failures(sign.handler(sqs_event(*remote.orders(world, session)), None)) == []  # type: ignore[arg-type]
    assert said == [("authorisation-ended", {"reason": "authorisation-spent"})]


def test_an_order_of_an_unknown_kind_is_a_failure(world: World, outbox: MemoryOutbox) -> None:
    order = {"task": "countersign", "session": "S", "item": 1, "order": "O1"}
    assert failures(sign.handler(sqs_event(order), None)) == ["message-1"]  # type: ignore[arg-type]
    assert outbox.failures == [("S", "O1", "KeyError", 1)]


def test_a_killed_process_answers_nothing(outbox: MemoryOutbox) -> None:
    class Killed(BaseException):
        pass

    def die(_order: dict[str, Any]) -> None:
        raise Killed

    with pytest.raises(Killed):
        work_off(sqs_event({"task": "seal", "dossier": "D", "order": "O"}), die)
    assert outbox.failures == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (NotFound(), "not-found"),
        (TimestampUnavailable(), "timestamp-unavailable"),
        (CertificateNotUsable(reason="revoked"), "certificate-not-usable: revoked"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "user x"}}, "PutObject"),
            "ClientError: AccessDenied",
        ),
        (ValueError("Nguyễn Thị An"), "ValueError"),
        (KeyError("046198000101"), "KeyError"),
        (ExceptionGroup("x", [NotFound(), ValueError("a"), NotFound()]), "ValueError, not-found"),
    ],
)
def test_a_reason_is_a_code_and_never_a_text_of_somebody(fault: Exception, reason: str) -> None:
    assert reason_of(fault) == reason


def test_the_log_tells_where_an_order_failed_and_nothing_personal(
    world: World, outbox: MemoryOutbox, log: StringIO
) -> None:
    """Texts of exceptions hold values: pydantic's and pyHanko's quote what they were given."""

    def fail(_order: dict[str, Any]) -> None:
        try:
            raise KeyError("046198000101")
        except KeyError as cause:
            raise ValueError("Nguyễn Thị An is not valid") from cause

    work_off(sqs_event({"task": "seal", "dossier": "D", "order": "O1"}), fail)
    written = log.getvalue()
    lines = [json.loads(line) for line in written.splitlines()]
    assert lines[-1]["reason"] == "ValueError"
    assert (lines[-1]["order"], lines[-1]["task"], lines[-1]["attempt"]) == ("O1", "seal", 1)
    assert lines[-1]["trace"][0] == "ValueError"
    assert any(line.startswith("test_workers.py:") for line in lines[-1]["trace"])
    assert "Nguyễn" not in json.dumps(lines, ensure_ascii=False)
    assert "046198000101" not in written


def test_a_good_order_is_logged_by_its_ids_only(world: World, outbox: MemoryOutbox, log: StringIO) -> None:
    world.submitted()
    render.handler(sqs_event(*orders(world, "render")), None)  # type: ignore[arg-type]
    text = json.dumps([json.loads(line) for line in log.getvalue().splitlines()], ensure_ascii=False)
    assert "order-done" in text
    assert "Nguyễn" not in text
    assert "0461980" not in text


def test_a_sealing_that_the_linter_stopped_is_told_once_and_not_tried_again(
    world: World, outbox: MemoryOutbox, log: StringIO
) -> None:
    dossier = world.awaiting_seal()
    world.engine.unsafe = [Finding("covered-content", "page 1")]
    (order,) = [one for one in orders(world, "seal") if one["document"] == result_of(dossier).id]
    for _ in range(2):
        assert failures(seal.handler(sqs_event(order), None)) == []  # type: ignore[arg-type]
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    stopped = [line for line in told if line["message"] == "sealing-stopped"]
    assert [(line["level"], line["reason"]) for line in stopped] == [("ERROR", "covered-content")]
    assert outbox.failures == []
