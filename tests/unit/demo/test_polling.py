"""Waiting is quick at first, keeps to what the service asks for, and ends with a reason."""

import httpx
import pytest

from infra.local.demo import polling
from infra.local.demo.failures import TooSlow
from infra.local.demo.polling import wait_for


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses taken, on a clock that they move."""
    taken: list[float] = []
    monkeypatch.setattr(polling.time, "sleep", taken.append)
    monkeypatch.setattr(polling.time, "monotonic", lambda: sum(taken))
    return taken


def test_pauses_begin_short_and_grow(pauses: list[float]) -> None:
    wait_for(lambda: httpx.Response(200), lambda _: len(pauses) == 12, what="it", patience=60)
    assert pauses[0] <= 0.1
    assert pauses == sorted(pauses)
    assert pauses[-1] <= 1.5


def test_retry_after_is_kept_to(pauses: list[float]) -> None:
    answer = httpx.Response(200, headers={"Retry-After": "3"})
    wait_for(lambda: answer, lambda _: len(pauses) == 2, what="it", patience=60)
    assert pauses == [3, 3]


def test_the_end_of_patience_names_what_was_waited_for_and_the_last_answer(pauses: list[float]) -> None:
    with pytest.raises(TooSlow, match=r"receipt issued: not after 5 s.*rendering"):
        wait_for(lambda: httpx.Response(200, text="rendering"), lambda _: False, what="receipt issued", patience=5)
