"""Events reach a rule of the bus, orders their queue; keys are asked for by credential."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chauban.adapters.kms import KmsKeys
from chauban.adapters.messaging import EventBridgeBus, NotTaken, SqsQueues
from chauban.errors import NotConfigured, SigningError
from chauban.signing.credentials import Purpose

from tests.unit.fakes.catalogue import THUAN_HOA, credential
from tests.unit.fakes.world import World


def test_an_event_reaches_a_rules_queue_as_the_detail(aws: Callable[[str], Any], world: World) -> None:
    events, sqs = aws("events"), aws("sqs")
    events.create_event_bus(Name="chauban")
    url = sqs.create_queue(QueueName="subscriber")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = json.dumps({"source": ["chauban"], "detail-type": ["dossier.submitted.v1"]})
    events.put_rule(Name="all", EventBusName="chauban", EventPattern=pattern)
    events.put_targets(Rule="all", EventBusName="chauban", Targets=[{"Id": "1", "Arn": arn}])
    world.submitted()
    event = world.messages("bus")[0].body
    EventBridgeBus(events, "chauban").publish(event)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    told = json.loads(message["Body"])
    assert (told["source"], told["detail-type"]) == ("chauban", "dossier.submitted.v1")
    assert told["detail"] == event


def test_an_event_that_the_bus_did_not_take_is_a_failure() -> None:
    class Full:
        def put_events(self, **_: Any) -> dict[str, Any]:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}

    with pytest.raises(NotTaken):
        EventBridgeBus(Full(), "chauban").publish({"type": "t"})


def test_an_order_goes_to_the_queue_of_its_channel(aws: Callable[[str], Any]) -> None:
    sqs = aws("sqs")
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("render", "seal")}
    SqsQueues(sqs, urls).send("seal", {"task": "seal", "order": "O"})
    (message,) = sqs.receive_message(QueueUrl=urls["seal"])["Messages"]
    assert json.loads(message["Body"]) == {"task": "seal", "order": "O"}
    assert "Messages" not in sqs.receive_message(QueueUrl=urls["render"])


@pytest.mark.parametrize("seconds", [0, 7])
def test_an_order_may_wait_before_a_worker_gets_it(aws: Callable[[str], Any], seconds: int) -> None:
    sqs, sent = aws("sqs"), []

    class Listening:
        def send_message(self, **arguments: Any) -> None:
            sent.append(arguments)
            sqs.send_message(**arguments)

    url = sqs.create_queue(QueueName="sign")["QueueUrl"]
    SqsQueues(Listening(), {"sign": url}).send("sign", {"task": "ask", "delay": seconds})
    assert [one.get("DelaySeconds", 0) for one in sent] == [seconds]
    assert ("Messages" in sqs.receive_message(QueueUrl=url)) == (seconds == 0)


def test_a_channel_without_a_queue_is_no_silent_loss(aws: Callable[[str], Any]) -> None:
    with pytest.raises(KeyError):
        SqsQueues(aws("sqs"), {}).send("seal", {})


class Kms:
    """A KMS that answers or refuses."""

    def __init__(self, refusal: str | None = None) -> None:
        self.refusal, self.asked = refusal, []

    def sign(self, **request: Any) -> dict[str, Any]:
        if self.refusal:
            raise ClientError({"Error": {"Code": self.refusal, "Message": "no"}}, "Sign")
        self.asked.append(request)
        return {"Signature": b"value"}


def test_a_seal_key_is_asked_for_by_its_alias() -> None:
    kms = Kms()
    assert KmsKeys(kms).sign(credential("seal", THUAN_HOA, Purpose.SEAL), b"d" * 32) == b"value"
    assert kms.asked[0]["KeyId"] == f"alias/chauban-test-seal-{THUAN_HOA}"
    assert kms.asked[0]["MessageType"] == "DIGEST"


def test_a_refusal_of_kms_is_told_with_its_code() -> None:
    with pytest.raises(SigningError, match="kms-AccessDeniedException"):
        KmsKeys(Kms("AccessDeniedException")).sign(credential("seal", THUAN_HOA, Purpose.SEAL), b"d" * 32)


def test_an_officials_credential_has_no_key_here() -> None:
    with pytest.raises(NotConfigured):
        KmsKeys(Kms()).sign(credential("c", "official-thuan-hoa", Purpose.SIGN), b"d" * 32)
