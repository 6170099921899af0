"""What is refused for good waits with its reason, and is finished later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chauban.adapters.dead_letters import dead_orders, redrive

from tests.integration.journey import Journey
from tests.integration.papers import assert_one_of_each
from tests.integration.running_stack import RunningStack, eventually

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def test_a_seal_that_is_refused_waits_with_its_reason_until_it_is_allowed(
    own_stack: RunningStack, tmp_path: Path
) -> None:
    without = tmp_path / "template.yaml"
    text = TEMPLATE.read_text(encoding="utf-8")
    assert text.count("Action: [kms:Sign, kms:GetPublicKey]") == 1
    without.write_text(
        text.replace("Action: [kms:Sign, kms:GetPublicKey]", "Action: [kms:GetPublicKey]"), encoding="utf-8"
    )
    journey = Journey(own_stack)
    journey.until_drafted()
    journey.issued("receipt")
    own_stack.deploy(without)
    journey.sign()

    def dead() -> dict[str, Any] | None:
        found = dead_orders(
            own_stack.aws("sqs"),
            own_stack.aws("dynamodb"),
            own_stack.resource("SealDeadLetterQueue"),
            own_stack.resource("Table"),
        )
        return found[0] if found else None

    order = eventually(dead, seconds=200, what="the order in the dead-letter queue")
    assert order["dossier"] == journey.id
    assert order["failure"]["code"] == "signing-failed: kms-AccessDeniedException"
    assert journey.document("result")["status"] == "awaiting_seal"
    own_stack.deploy()
    moved = redrive(own_stack.aws("sqs"), own_stack.resource("SealDeadLetterQueue"), own_stack.resource("SealQueue"))
    assert moved == 1
    journey.issued("result", seconds=60)
    assert_one_of_each(own_stack, journey)
