"""Publishes the outbox: every message at least once, whichever way it was noticed (stream, sweep at start, schedule)."""

from dataclasses import dataclass

from chauban.dossiers.changes import OutboxMessage
from chauban.ports import EventBus, Outbox, WorkQueues

BATCH = 100


@dataclass(frozen=True)
class Publisher:
    """Hands messages over, then takes them off the list; consumers drop duplicates by `id` or by the state of the work."""

    outbox: Outbox
    bus: EventBus
    queues: WorkQueues

    def publish(self, message: OutboxMessage) -> None:
        """Publishes one message; raises where it was not taken, and then it stays on the list."""
        if message.channel == "bus":
            self.bus.publish(message.body)
        else:
            self.queues.send(message.channel, message.body)
        self.outbox.mark_published(message)

    def sweep(self) -> int:
        """Publishes what waits, up to a batch; says how many there were.

        Raises an `ExceptionGroup` of what went wrong, after all the others were published.
        """
        waiting = self.outbox.unpublished(BATCH)
        faults = []
        for message in waiting:
            try:
                self.publish(message)
            except Exception as fault:  # one that cannot be delivered must not hold up those behind it
                faults.append(fault)
        if faults:
            raise ExceptionGroup("messages that were not published", faults)
        return len(waiting)
