"""What preservation needs of the world: an engine that extends files, and a store of what is due when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy, UsedAlgorithm
from chauban.signing.preservation.entries import PreservationEntry


@dataclass(frozen=True)
class ExtendedFile:
    """A file with another document timestamp as its last revision, which covers all of it.

    It stands until `ends_at` (the certificates of that timestamp) and as long as the algorithms that it `rests_on`;
    `certificate_check` is what was found about its authority's certificate before.
    """

    pdf: bytes
    level: str
    timestamped_at: datetime
    authority: str
    ends_at: datetime
    rests_on: tuple[UsedAlgorithm, ...]
    certificate_check: dict[str, str] = field(default_factory=dict)


class PreservationEngine(Protocol):
    """PAdES B-LTA: what a file lacks, a document timestamp, and a judgement of the whole without a network."""

    def extend(self, pdf: bytes, policy: AlgorithmPolicy) -> ExtendedFile:
        """The file extended by the first authority that can be relied on.

        Raises `TimestampUnavailable` where none answers, `CertificateNotUsable` and `VerificationFailed` for a file that
        cannot be kept, `SigningError` for one that cannot be read. Nothing is returned that does not verify offline.
        """
        ...


class RegisterExtender(Protocol):
    """Extends the documents of agencies' registers, as `Extending` does those of dossiers."""

    def extend(self, register: str, revision: int) -> bool:
        """Extends that revision; False where it is not the newest any more. Raises as `Extending.extend`."""
        ...


class PolicySource(Protocol):
    """Where the policy on algorithms is kept."""

    def algorithms(self) -> AlgorithmPolicy:
        """The policy as it is now; raises `NotConfigured` where none was loaded."""
        ...


class PreservationStore(Protocol):
    """The entries; they are written with the change of the dossier (`Change.preservations`) or of the register."""

    def entry(self, document: str) -> PreservationEntry | None:
        """The entry of a document; None for one that is not kept for good."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[PreservationEntry]:
        """What is to be tried by now, longest due first, without what somebody else has taken."""
        ...

    def page(self, cursor: str | None, limit: int) -> tuple[Sequence[PreservationEntry], str | None]:
        """Some of all entries, soonest first within a shard, and the cursor for those after them."""
        ...

    def failing(self, limit: int) -> Sequence[PreservationEntry]:
        """Some of those whose files could not be extended when that was tried last, whenever they are tried next."""
        ...

    def take(self, entry: PreservationEntry, until: datetime) -> PreservationEntry | None:
        """Takes an entry until a moment, so that nobody else works on it; None where it is not as it was read any more."""
        ...

    def put_back(self, entry: PreservationEntry) -> bool:
        """Writes an entry whose file was not extended; False where somebody else has written it since it was read or taken."""
        ...
