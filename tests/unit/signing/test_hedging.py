"""Several who can give the same: nobody who keeps silent is waited for while another answers."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from chauban.signing.trust.hedging import Outcome, gathered, one_by_one, raced

HEAD_START = 0.15
LONG = 5.0


class Asked:
    """Questions that answer with their index when they may, and who of them is open at the moment."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.begun: list[int] = []
        self.open = self.most_open = 0
        self._lock = threading.Lock()

    def silent(self, index: int) -> Callable[[], int]:
        """Says nothing until the test ends."""
        return self._question(index, lambda: self.release.wait(LONG))

    def good(self, index: int, seconds: float = 0.0) -> Callable[[], int]:
        """Answers after so many seconds."""
        return self._question(index, lambda: time.sleep(seconds))

    def bad(self, index: int) -> Callable[[], int]:
        """Fails at once."""

        def fail() -> None:
            raise ValueError(index)

        return self._question(index, fail)

    def _question(self, index: int, work: Callable[[], object]) -> Callable[[], int]:
        def ask() -> int:
            with self._lock:
                self.begun.append(index)
                self.open += 1
                self.most_open = max(self.most_open, self.open)
            try:
                work()
            finally:
                with self._lock:
                    self.open -= 1
            return index

        return ask


@pytest.fixture
def asked() -> Iterator[Asked]:
    made = Asked()
    yield made
    made.release.set()


def test_whoever_answers_in_its_head_start_is_asked_alone(asked: Asked) -> None:
    outcomes = raced([asked.good(0), asked.good(1)], HEAD_START)
    assert next(outcomes) == Outcome(0, answer=0)
    assert asked.begun == [0]


def test_whoever_keeps_silent_gets_company_and_the_first_answer_counts(asked: Asked) -> None:
    started = time.monotonic()
    outcomes = raced([asked.silent(0), asked.good(1)], HEAD_START)
    assert [next(outcomes), next(outcomes)] == [Outcome(0), Outcome(1, answer=1)]
    assert HEAD_START <= time.monotonic() - started < LONG / 2


def test_one_that_is_slower_than_its_head_start_still_wins_against_a_slower_one(asked: Asked) -> None:
    outcomes = list(raced([asked.good(0, 2 * HEAD_START), asked.good(1, 8 * HEAD_START)], HEAD_START))
    assert [each for each in outcomes if each.answer is not None] == [Outcome(0, answer=0), Outcome(1, answer=1)]
    assert Outcome(0) in outcomes


def test_whoever_fails_is_followed_by_the_next_at_once(asked: Asked) -> None:
    started = time.monotonic()
    outcomes = raced([asked.bad(0), asked.bad(1), asked.good(2)], LONG)
    assert [type(next(outcomes).fault) for _ in range(2)] == [ValueError, ValueError]
    assert next(outcomes) == Outcome(2, answer=2)
    assert time.monotonic() - started < LONG / 2


def test_never_are_more_than_two_open(asked: Asked) -> None:
    outcomes = raced([asked.silent(0), asked.silent(1), asked.good(2)], HEAD_START)
    assert [next(outcomes), next(outcomes)] == [Outcome(0), Outcome(1)]
    time.sleep(2 * HEAD_START)
    assert asked.begun == [0, 1]
    asked.release.set()
    assert {each.answer for each in outcomes} == {0, 1, 2}
    assert asked.most_open == 2


def test_the_third_is_asked_when_one_of_the_two_has_failed(asked: Asked) -> None:
    outcomes = raced([asked.silent(0), asked.bad(1), asked.good(2)], HEAD_START)
    seen = [next(outcomes) for _ in range(3)]
    assert (seen[0], type(seen[1].fault), seen[2]) == (Outcome(0), ValueError, Outcome(2, answer=2))


def test_a_race_of_nobody_has_no_outcome() -> None:
    assert list(raced([], HEAD_START)) == []


def test_all_are_gathered_within_the_time(asked: Asked) -> None:
    outcomes = list(gathered([asked.good(0), asked.bad(1), asked.good(2)], LONG, enough=False))
    assert sorted(each.question for each in outcomes) == [0, 1, 2]
    assert {each.answer for each in outcomes} == {0, 2, None}


def test_who_is_late_is_not_gathered_where_one_has_answered(asked: Asked) -> None:
    started = time.monotonic()
    outcomes = list(gathered([asked.silent(0), asked.good(1)], HEAD_START, enough=False))
    assert outcomes == [Outcome(1, answer=1), Outcome(0)]
    assert HEAD_START <= time.monotonic() - started < LONG / 2


def test_where_none_has_answered_the_first_one_is_waited_for(asked: Asked) -> None:
    late = 4 * HEAD_START
    outcomes = list(gathered([asked.good(0, late), asked.bad(1), asked.silent(2)], HEAD_START, enough=False))
    assert [each.question for each in outcomes] == [1, 0, 2]
    assert outcomes[1:] == [Outcome(0, answer=0), Outcome(2)]


def test_what_there_is_already_may_be_enough(asked: Asked) -> None:
    started = time.monotonic()
    assert list(gathered([asked.silent(0)], HEAD_START, enough=True)) == [Outcome(0)]
    assert time.monotonic() - started < LONG / 2


def test_one_by_one_asks_nobody_beyond_the_first_good_answer(asked: Asked) -> None:
    outcomes = one_by_one([asked.bad(0), asked.good(1), asked.good(2)])
    assert isinstance(next(outcomes).fault, ValueError)
    assert next(outcomes) == Outcome(1, answer=1)
    assert asked.begun == [0, 1]
