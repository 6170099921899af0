"""What credentials' certificates say, without certificates: each is its holder's own and good, until a test says otherwise."""

from datetime import UTC, datetime
from typing import Any

from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import CertificateFacts, Credential

from tests.unit.fakes.catalogue import MemoryCatalogue


class StatedCertificates:
    """A `CertificateReader`. `said` holds what the certificate of a credential says differently."""

    def __init__(self, catalogue: MemoryCatalogue) -> None:
        self._catalogue = catalogue
        self.said: dict[str, dict[str, Any]] = {}

    def __call__(self, credential: Credential) -> CertificateFacts:
        held = self._catalogue.appointments_of(credential.person or "")
        facts = {
            "names": tuple(appointment.name for appointment in held),
            "numbers": (),
            "not_before": datetime(2025, 7, 1, tzinfo=UTC),
            "not_after": datetime(2030, 7, 1, tzinfo=UTC),
            "signs": True,
            "algorithms": frozenset(Algorithm),
        }
        return CertificateFacts(**{**facts, **self.said.get(credential.id, {})})
