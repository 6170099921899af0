"""Where registers are kept."""

from typing import Protocol

from chauban.dossiers.changes import IdempotencyRecord, OutboxMessage
from chauban.registers.model import Register


class RegisterStore(Protocol):
    """Registers by id."""

    def load(self, register: str) -> Register:
        """The register; raises `NotFound`."""
        ...

    def create(self, register: Register, order: OutboxMessage, once: IdempotencyRecord) -> None:
        """Writes a new register with the order to render it; raises `ConcurrentChange` where the key was used."""
        ...

    def replace(self, before: Register, after: Register, order: OutboxMessage | None) -> None:
        """Writes the next state; raises `ConcurrentChange` where the register moved on from `before`."""
        ...
