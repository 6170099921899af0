"""A file to be copied that can never be judged: at the last attempt it is refused, and whoever brought it reads why."""

from typing import Any

import pytest
from chauban import bootstrap
from chauban.handlers import seal
from chauban.handlers.failures import GIVEN_UP

from tests.unit.handlers.conftest import sqs_event


class Checking:
    """Never gets an answer."""

    def __init__(self) -> None:
        self.given_up: list[tuple[str, str]] = []

    def check(self, dossier: str, attachment: str) -> None:
        raise TimeoutError

    def give_up(self, dossier: str, attachment: str) -> str:
        self.given_up.append((dossier, attachment))
        return "not-checked"


@pytest.mark.usefixtures("outbox")
def test_a_file_that_cannot_be_judged_is_given_up_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    checking = Checking()
    monkeypatch.setattr(bootstrap, "source_checking", lambda: checking)
    order: dict[str, Any] = {"task": "check-source", "dossier": "D", "attachment": "A", "order": "O"}
    for attempt in range(1, GIVEN_UP):
        assert seal.handler(sqs_event(order, attempt=attempt), None)["batchItemFailures"]  # type: ignore[arg-type]
    assert not checking.given_up
    assert not seal.handler(sqs_event(order, attempt=GIVEN_UP), None)["batchItemFailures"]  # type: ignore[arg-type]
    assert checking.given_up == [("D", "A")]
