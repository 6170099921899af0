"""An order is held for half a minute at a time while somebody works on it.

So a killed worker's order comes again within that, whatever the queue's own visibility timeout.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from chauban.handlers.failures import reason_of
from chauban.observability import logger
from chauban.ports import OwnQueue

# For how long an order is hidden from other workers, and how often that is renewed.
HELD_SECONDS = 30
RENEWED_SECONDS = 10.0


@contextmanager
def held(queue: OwnQueue, receipt: str) -> Iterator[None]:
    """Hides an order from other workers for as long as this process works on it, and hardly longer."""
    done = Event()

    def renew() -> None:
        while not done.wait(RENEWED_SECONDS):
            _hold(queue, receipt)

    _hold(queue, receipt)
    renewing = Thread(target=renew, daemon=True)
    renewing.start()
    try:
        yield
    finally:
        done.set()
        renewing.join()


def _hold(queue: OwnQueue, receipt: str) -> None:
    try:
        queue.try_again_in(receipt, HELD_SECONDS)
    except (
        Exception
    ) as fault:  # the order is hidden by the queue's own time then, or another worker finds its work done
        logger().warning("order-not-held", reason=reason_of(fault))
