"""Thirty years in a minute: results signed in different years by real engines, in the real services' list of what is due."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chauban.dossiers.documents import Revision
from chauban.handlers.failures import reason_of
from chauban.signing.pades.preservation import PadesPreservation
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.preservation.extending import Extending
from chauban.signing.preservation.planning import Planning
from chauban.signing.preservation.renewing import Renewing, RunReport

from tests.unit.fakes.time_and_ids import SettableClock
from tests.unit.fakes.world import World, result_of
from tests.unit.preservation.simulated import YEAR, SimulatedTrust
from tests.unit.signing.acts import completed_by, prepared_by

START = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
# What was good for a hundred files is weak from here on; it is said three years before.
RETIRED = (START + 15 * YEAR).date()
ANNOUNCED = START + 12 * YEAR
TICK = timedelta(days=20)


@dataclass
class Years:
    """A simulated service: `unsigned` is the result that everybody gets; `renews` says whether anything is renewed."""

    unsigned: bytes
    renews: bool = True
    world: World = field(default_factory=World)
    clock: SettableClock = field(default_factory=lambda: SettableClock(START))
    issued: dict[str, datetime] = field(default_factory=dict)
    reports: list[RunReport] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.trust = SimulatedTrust(self.clock.now, START, ANNOUNCED, policy=lambda: self.policy)
        engine = self.trust.engine()
        preserving = PadesPreservation(engine.trust, engine.timestamps, self.clock.now)
        stores = (self.world.store, self.world.files, preserving, self.world.catalogue, self.world.events)
        self.extending = Extending(*stores, self.clock)
        self.renewing = Renewing(self.world.due, self.extending, self.clock, reason_of)
        self._announced = False
        self.policy = self.world.catalogue.algorithms().model_copy(update={"hashes": ("sha256", "sha512")})

    @property
    def policy(self) -> AlgorithmPolicy:
        return self.world.catalogue.algorithms()

    @policy.setter
    def policy(self, policy: AlgorithmPolicy) -> None:
        self.world.catalogue.put_algorithms(policy)

    def issue(self) -> str:
        """A result that is signed, sealed and issued now; the dossier's id."""
        pdf = self.unsigned
        for field_name in ("official", "seal"):
            owner = self.trust.signer(f"{field_name} {len(self.issued)}")
            prepared = prepared_by(self.trust.engine(), pdf, owner, field_name, self.clock.now())
            pdf = completed_by(self.trust.engine(), prepared, owner, field_name).pdf
        dossier = self.world.issued()
        stored = self.world.files.archive(pdf)
        made = Revision(revision=1, file=stored, level="PAdES-BASELINE-LT", made_at=self.clock.now())
        document = result_of(dossier).model_copy(update={"current": stored, "revisions": (made,)})
        tables = self.world.tables
        tables.dossiers[dossier.id] = dossier.with_document(document)
        tables.due[document.id] = PreservationEntry.raised_soon(dossier.id, document, self.clock.now())
        self.issued[dossier.id] = self.clock.now()
        if self.renews:
            self.renewing.one(document.id, 1)
        return dossier.id

    def files(self) -> dict[str, bytes]:
        """The newest revision of each result, by dossier."""
        found = {dossier: result_of(self.world.store.load(dossier)).revisions[-1].file for dossier in self.issued}
        return {dossier: self.world.files.read(file) for dossier, file in found.items()}

    def revisions(self, dossier: str) -> int:
        return len(result_of(self.world.store.load(dossier)).revisions)

    def pass_to(self, end: datetime) -> None:
        """Lets the time pass, with what the schedule does meanwhile."""
        while self.clock.now() < end:
            self.clock.moment = min(self.clock.now() + TICK, end)
            if not self._announced and self.clock.now() >= ANNOUNCED:
                self._announce()
            if self.renews:
                self.reports.append(self.renewing.run(60, 1000))

    def _announce(self) -> None:
        """The regulator says that SHA-256 is weak from a day on."""
        end = {"family": "hash", "name": "sha256", "weak_from": RETIRED, "source": "a simulated regulator"}
        known = self.policy.model_dump()
        self.policy = AlgorithmPolicy.model_validate({**known, "ends": [*known["ends"], end]})
        Planning(self.world.due, self.world.catalogue).plan()
        self._announced = True


def birthdays(last: int) -> Iterator[datetime]:
    """The end of each simulated year."""
    return (START + number * YEAR for number in range(1, last + 1))
