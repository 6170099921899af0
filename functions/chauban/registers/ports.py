"""Where registers and number books are kept."""

from collections.abc import Sequence
from typing import Protocol

from chauban.dossiers.changes import IdempotencyRecord, OutboxMessage
from chauban.dossiers.documents import Document
from chauban.dossiers.number_books import NumberEntry
from chauban.registers.model import Register
from chauban.signing.preservation.entries import PreservationEntry


class RegisterStore(Protocol):
    """Registers by id."""

    def load(self, register: str) -> Register:
        """The register; raises `NotFound`."""
        ...

    def create(self, register: Register, order: OutboxMessage, once: IdempotencyRecord) -> None:
        """Writes a new register with the order to render it; raises `ConcurrentChange` where the key was used."""
        ...

    def replace(
        self,
        before: Register,
        after: Register,
        order: OutboxMessage | None = None,
        entry: PreservationEntry | None = None,
    ) -> None:
        """Writes the next state, with an order and when its document is extended next, if they are given.

        Raises `ConcurrentChange` where the register moved on from `before`.
        """
        ...


class NumberBookStore(Protocol):
    """The entries of number books; they are written with the dossier's change (`Change.number`, `Change.voided`)."""

    def entry(self, agency: str, book: str, year: int, number: int) -> NumberEntry:
        """The entry of a number; raises `NotFound` for one that was never taken."""
        ...

    def entries(self, agency: str, book: str, year: int, first: int, last: int) -> tuple[NumberEntry, ...]:
        """The entries from one number to another, both included, in their order."""
        ...

    def documents(self, entries: Sequence[NumberEntry]) -> tuple[Document, ...]:
        """The documents of up to 100 entries, each as it is now, in the entries' order."""
        ...
