"""Asking several who can all give what is needed, so that one of them who keeps silent is not waited for.

Each question is asked in a thread of its own; one whose answer nobody waits for any more ends with its own time-out.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")
# One that is waited for and one beside it: a hedge must not multiply what services are asked.
AT_ONCE = 2


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What came of the question with that index: its answer, its fault, or neither where it keeps its asker waiting."""

    question: int
    answer: T | None = None
    fault: Exception | None = None


def one_by_one(questions: Sequence[Callable[[], T]]) -> Iterator[Outcome[T]]:
    """Each question when the one before it has ended and its outcome was not enough."""
    return (_outcome(index, question) for index, question in enumerate(questions))


def raced(questions: Sequence[Callable[[], T]], head_start: float) -> Iterator[Outcome[T]]:
    """The outcomes as they come, as long as they are asked for.

    A question is asked when the one before it has ended, or has had `head_start` seconds; never more than two are open.
    """
    coming: SimpleQueue[Outcome[T]] = SimpleQueue()
    waited_for: set[int] = set()
    late: set[int] = set()
    following = iter(range(len(questions)))
    until = 0.0
    while True:
        if waited_for <= late and len(waited_for) < AT_ONCE and (index := next(following, None)) is not None:
            _ask(index, questions[index], coming)
            waited_for.add(index)
            until = time.monotonic() + head_start
        if not waited_for:
            return
        outcome = _next(coming, until if waited_for - late else None)
        if outcome is None:
            (kept_waiting,) = waited_for - late
            late.add(kept_waiting)
            outcome = Outcome(kept_waiting)
        else:
            waited_for.discard(outcome.question)
        yield outcome


def gathered(questions: Sequence[Callable[[], T]], seconds: float, *, enough: bool) -> Iterator[Outcome[T]]:
    """The outcomes of all questions, asked at once; after so many seconds only until there is `enough`: one answer."""
    coming: SimpleQueue[Outcome[T]] = SimpleQueue()
    for index, question in enumerate(questions):
        _ask(index, question, coming)
    waited_for, until = set(range(len(questions))), time.monotonic() + seconds
    while waited_for:
        outcome = _next(coming, until if enough else None)
        if outcome is None:
            yield from (Outcome(index) for index in sorted(waited_for))
            return
        waited_for.discard(outcome.question)
        enough = enough or outcome.fault is None
        yield outcome


def _ask(index: int, question: Callable[[], T], coming: SimpleQueue[Outcome[T]]) -> None:
    # A process that ends does not wait for it.
    threading.Thread(target=lambda: coming.put(_outcome(index, question)), daemon=True).start()


def _outcome(index: int, question: Callable[[], T]) -> Outcome[T]:
    try:
        return Outcome(index, answer=question())
    except Exception as fault:  # noqa: BLE001 - told to whoever asked, in whose thread it belongs
        return Outcome(index, fault=fault)


def _next(coming: SimpleQueue[Outcome[T]], until: float | None) -> Outcome[T] | None:
    """The next outcome, waited for until then at most; None where there is none."""
    try:
        return coming.get(timeout=None if until is None else max(0.0, until - time.monotonic()))
    except Empty:
        return None
