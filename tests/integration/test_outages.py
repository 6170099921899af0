"""Certificate services and authorities that are away: the official learns of it while it lasts, and nothing is stuck afterwards."""

from __future__ import annotations

from tests.integration.journey import Journey, Json, good, key
from tests.integration.papers import assert_one_of_each
from tests.integration.running_stack import RunningStack, eventually
from tests.integration.sleep import trust_services_down


def opened(journey: Journey, task: str) -> str:
    """A session of one task, not waited for."""
    body = {"tasks": [task], "credential": f"cred-official-{journey.ward}"}
    official = journey.stack.api(f"official-{journey.ward}")
    return str(good(official.post("/v1/signing/sessions", json=body, headers=key()), 202)["id"])


def item_with(journey: Journey, session: str, status: str, reason: str, seconds: float) -> Json:
    """The session's item, once it is shown so."""
    official = journey.stack.api(f"official-{journey.ward}")

    def shown() -> Json | None:
        (item,) = good(official.get(f"/v1/signing/sessions/{session}"))["items"]
        return item if (item["status"], item["reason"]) == (status, reason) else None

    return eventually(shown, seconds=seconds, what=f"the item to be {status} for {reason}")


def test_an_official_learns_that_nobody_answers_and_signs_when_somebody_does(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.until_drafted()
    journey.issued("receipt")
    task = journey.task()
    with trust_services_down(stack):
        session = opened(journey, task)
        waits = item_with(journey, session, "preparing", "certificate-status_unavailable", 15)
        assert "tự thử lại" in waits["explanation"]["vi"]
        failed = item_with(journey, session, "failed", "certificate-status_unavailable", 60)
        assert "phiên ký mới" in failed["explanation"]["vi"]
        assert "new session" in failed["explanation"]["en"]
        official = stack.api(f"official-{journey.ward}")
        assert good(official.get(f"/v1/signing/tasks/{task}"))["session"] is None
    again = journey.open_session(task)
    signatures = journey.signatures(again)
    with trust_services_down(stack):
        journey.hand_in(again, signatures)
        waits = item_with(journey, again["id"], "ready", "certificate-status_unavailable", 15)
        assert waits["accepted_at"]
    journey.issued("result", seconds=60)
    (item,) = good(official.get(f"/v1/signing/sessions/{again['id']}"))["items"]
    assert (item["status"], item["reason"]) == ("signed", None)
    assert_one_of_each(stack, journey)
