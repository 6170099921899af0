"""The function that an official waits for ends the calls to providers before it is ended itself."""

from typing import Any

import pytest
from chauban.handlers import signing_api
from chauban.signing.signers.deadline import AFTERWARDS_SECONDS, seconds_left


class Context:
    """Twenty seconds are left of the function."""

    def get_remaining_time_in_millis(self) -> int:
        return 20_000


class Application:
    """Notes how long providers may take."""

    def __init__(self) -> None:
        self.left = 0.0

    def resolve(self, _event: dict[str, Any], _context: object) -> dict[str, Any]:
        self.left = seconds_left()
        return {"statusCode": 204}


def test_providers_are_waited_for_until_shortly_before_the_function_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    application = Application()
    monkeypatch.setattr(signing_api, "app", lambda: application)
    answer = signing_api.handler({"requestContext": {"requestId": "1"}}, Context())  # type: ignore[arg-type]
    assert answer == {"statusCode": 204}
    assert 19 - AFTERWARDS_SECONDS < application.left <= 20 - AFTERWARDS_SECONDS
    assert seconds_left() == float("inf")
