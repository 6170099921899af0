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
from chauban.signing.preservation.renewing import Outcome, Renewing, RunReport

from tests.unit.fakes.algorithms import project_policy
from tests.unit.fakes.time_and_ids import SettableClock
from tests.unit.fakes.world import World, result_of
from tests.unit.preservation.simulated import YEAR, Outage, SimulatedTrust
from tests.unit.signing.acts import completed_by, prepared_by

START = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
# What was good for a hundred files is weak from here on; it is said three years before.
RETIRED = (START + 15 * YEAR).date()
ANNOUNCED = START + 12 * YEAR
# Another root takes over; the first one ends six years later.
NEXT_ROOT = START + 18 * YEAR
END = START + 30 * YEAR
TICK = timedelta(days=20)
ONE, TWO = SimulatedTrust.TSAS
# The first authority has bad times, in which the second one serves; that one closes for good in the tenth year.
OUTAGES = (
    Outage(ONE, START + 4 * YEAR, START + 4.6 * YEAR),
    Outage(ONE, START + 8.9 * YEAR, START + 9.5 * YEAR),
    Outage(TWO, START + 10 * YEAR),
)
CLOSED = OUTAGES[-1].since


# A hash is taken for new timestamps while it is relied on for so long.
LEAST = timedelta(days=project_policy().least_days)


class Service:
    """What keeps files: the real services over a store of its own, with the authorities of a simulated world."""

    def __init__(self, trust: SimulatedTrust, clock: SettableClock) -> None:
        self.world, self.clock = World(), clock
        engine = trust.engine()
        preserving = PadesPreservation(engine.trust, engine.timestamps, clock.now)
        world = self.world
        extending = Extending(world.store, world.files, preserving, world.catalogue, world.events, clock)
        self.renewing = Renewing(world.due, extending, clock, reason_of)
        self.dossiers: list[str] = []
        self.policy = self.policy.model_copy(update={"hashes": ("sha256", "sha512")})

    @property
    def policy(self) -> AlgorithmPolicy:
        return self.world.catalogue.algorithms()

    @policy.setter
    def policy(self, policy: AlgorithmPolicy) -> None:
        self.world.catalogue.put_algorithms(policy)

    def keep(self, pdf: bytes) -> str:
        """Takes a result that is issued now, and raises it at once; the dossier's id."""
        dossier = self.world.issued()
        stored = self.world.files.archive(pdf)
        made = Revision(revision=1, file=stored, level="PAdES-BASELINE-LT", made_at=self.clock.now())
        document = result_of(dossier).model_copy(update={"current": stored, "revisions": (made,)})
        tables = self.world.tables
        tables.dossiers[dossier.id] = dossier.with_document(document)
        tables.due[document.id] = PreservationEntry.raised_soon(dossier.id, document, self.clock.now())
        if self.renewing.one(document.id, 1) is not Outcome.DONE:
            raise AssertionError("not raised when it was issued")
        self.dossiers.append(dossier.id)
        return dossier.id

    def announce(self) -> None:
        """The regulator says that SHA-256 is weak from a day on."""
        end = {"family": "hash", "name": "sha256", "weak_from": RETIRED, "source": "a simulated regulator"}
        known = self.policy.model_dump()
        self.policy = AlgorithmPolicy.model_validate({**known, "ends": [*known["ends"], end]})
        Planning(self.world.due, self.world.catalogue).plan()

    def revisions(self, dossier: str) -> list[bytes]:
        """All revisions of a result, as they were issued first."""
        return [self.world.files.read(each.file) for each in result_of(self.world.store.load(dossier)).revisions]

    def entry(self, dossier: str) -> PreservationEntry:
        """What is planned for a result."""
        entry = self.world.due.entry(result_of(self.world.store.load(dossier)).id)
        assert entry
        return entry


@dataclass
class Years:
    """Two services in one world, which get the same results: `unsigned`, signed and sealed by others each time. One of them
    renews what is due; the other one is without its schedule. Where they are not `told`, neither they nor any authority
    know that SHA-256 ends.
    """

    unsigned: bytes
    clock: SettableClock = field(default_factory=lambda: SettableClock(START))
    outages: tuple[Outage, ...] = OUTAGES
    told: bool = True
    reports: list[RunReport] = field(default_factory=list)

    def __post_init__(self) -> None:
        stronger_from = ANNOUNCED if self.told else START + 40 * YEAR
        self.trust = SimulatedTrust(
            self.clock.now, START, stronger_from, NEXT_ROOT, self.outages, policy=lambda: self.kept.policy
        )
        self.kept, self.idle = Service(self.trust, self.clock), Service(self.trust, self.clock)
        self._announced = not self.told

    def issue(self) -> bytes:
        """A result that is signed, sealed and issued now, into both services; its bytes."""
        pdf, number = self.unsigned, len(self.kept.dossiers)
        for field_name in ("official", "seal"):
            owner = self.trust.signer(f"{field_name} {number}")
            prepared = prepared_by(self.trust.engine(), pdf, owner, field_name, self.clock.now())
            pdf = completed_by(self.trust.engine(), prepared, owner, field_name).pdf
        for service in (self.kept, self.idle):
            service.keep(pdf)
        return pdf

    def pass_to(self, end: datetime) -> None:
        """Lets the time pass, with what the schedule does meanwhile."""
        while self.clock.now() < end:
            self.clock.moment = min(self.clock.now() + TICK, end)
            if not self._announced and self.clock.now() >= ANNOUNCED:
                for service in (self.kept, self.idle):
                    service.announce()
                self._announced = True
            self.reports.append(self.kept.renewing.run(60, 1000))


def birthdays(last: int) -> Iterator[datetime]:
    """The end of each simulated year."""
    return (START + number * YEAR for number in range(1, last + 1))
