"""The extend worker's part for registers: the sealed file gets another document timestamp as its next revision.

A register belongs to no dossier, so it has no facts and no events are told of it: who sees it, sees its revisions, each with what
was found about its timestamp's authority.
"""

from dataclasses import dataclass

from chauban.errors import ConcurrentChange
from chauban.ports import Clock, Files
from chauban.registers.ports import RegisterStore
from chauban.signing.preservation.ports import PolicySource, PreservationEngine
from chauban.signing.preservation.stamping import Stamping


@dataclass(frozen=True)
class RegisterExtending:
    """Extends registers: a `RegisterExtender`."""

    store: RegisterStore
    files: Files
    engine: PreservationEngine
    policies: PolicySource
    clock: Clock

    def extend(self, register: str, revision: int) -> bool:
        """See `RegisterExtender.extend`."""
        found = self.store.load(register)
        stamped = Stamping(self.files, self.engine, self.policies).stamp(found.document, revision)
        if stamped is None:
            return False
        after = found.with_document(stamped.on(found.document, self.clock.now()))
        entry = stamped.entry(found.document.id, agency_register=register)
        try:
            self.store.replace(found, after, entry=entry)
        except ConcurrentChange:
            # An issued register changes in no other way: somebody else has extended it.
            return False
        return True
