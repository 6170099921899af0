"""Trust services in a simulated time: roots, and below them CAs, time-stamping authorities and signers that roll over.

Everything is made in this process and answers at the clock's moment; no network and no waiting.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from asn1crypto import tsp
from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.engine import PadesEngine
from chauban.signing.pades.identity import SignerIdentity
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.trust.fetching import FetchError
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import ocsp

from tests.unit.fakes.algorithms import project_policy
from tests.unit.preservation.certified import STATUS_ADDRESS, Holder, Life, holder, status, token
from tests.unit.signing.world import KeyOwner

YEAR = timedelta(days=365.25)
TSA_LIFE, TSA_ROLLS = 5 * YEAR, 3 * YEAR
SIGNER_LIFE = 3 * YEAR
# A root ends so long after the next one has taken over: nothing below it lives longer.
ROOT_OUTLIVES = 6 * YEAR


@dataclass(frozen=True)
class Outage:
    """That an address does not answer from a moment on, until another one or for good."""

    url: str
    since: datetime
    until: datetime | None = None

    def covers(self, url: str, moment: datetime) -> bool:
        return url == self.url and self.since <= moment and (self.until is None or moment < self.until)


@dataclass
class SimulatedTrust:
    """`now` is the simulated time. From `stronger_from` on, whatever is made new signs with SHA-512; from `next_root_from` on, it
    stands below another root, and the first one ends a few years later.

    `down` holds addresses that do not answer, `outages` those that do not at times, `revoked` the certificates (DER) that were
    revoked, and when. It fetches for whoever asks (`Fetch`).
    """

    now: Callable[[], datetime]
    start: datetime
    stronger_from: datetime
    next_root_from: datetime | None = None
    outages: tuple[Outage, ...] = ()
    down: set[str] = field(default_factory=set)
    revoked: dict[bytes, datetime] = field(default_factory=dict)
    made: dict[str, Holder] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    policy: Callable[[], AlgorithmPolicy] = project_policy

    TSAS = ("http://tsa-one.example/", "http://tsa-two.example/")

    @cached_property
    def root(self) -> Holder:
        ends = self.next_root_from + ROOT_OUTLIVES if self.next_root_from else self.start + 40 * YEAR
        return holder("root", None, Life(self.start - YEAR, ends), "sha512", authority=True)

    @cached_property
    def next_root(self) -> Holder | None:
        if self.next_root_from is None:
            return None
        life = Life(self.next_root_from - YEAR, self.next_root_from + 40 * YEAR)
        return holder("next root", None, life, "sha512", authority=True)

    @property
    def anchors(self) -> list[bytes]:
        """The roots in DER, the first one first."""
        return [each.der for each in (self.root, self.next_root) if each]

    def engine(self) -> PadesEngine:
        return PadesEngine(self.anchors, self.TSAS, self, self.now, policy=self.policy)

    def signer(self, label: str) -> KeyOwner:
        """Somebody whose certificate begins now and lives for three years."""
        held = self._holder(f"signer {label}", self.now(), self.now() + SIGNER_LIFE)
        chain = [held, held.issuer]
        pem = b"".join(each.certificate.public_bytes(serialization.Encoding.PEM) for each in chain if each)
        stronger = held.digest == "sha512"
        algorithm = Algorithm.ECDSA_P384_SHA384 if stronger else Algorithm.ECDSA_P256_SHA256
        return KeyOwner(held.key, SignerIdentity.from_pem(pem.decode(), algorithm), label, pem.decode())

    # Fetch ---------------------------------------------------------------------------------------------------------

    def get(self, url: str) -> bytes:
        raise FetchError(f"{url}: nothing is fetched that a chain already brings")

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        self.asked.append(url)
        if url in self.down or any(each.covers(url, self.now()) for each in self.outages):
            raise FetchError(f"{url}: down")
        return self._status(body) if url == STATUS_ADDRESS else self._stamped(url, body)

    def _stamped(self, url: str, body: bytes) -> bytes:
        request = tsp.TimeStampReq.load(body)
        stamped = token(self.authority(url), request, self.now())
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": stamped}).dump()

    def _status(self, body: bytes) -> bytes:
        serial = ocsp.load_der_ocsp_request(body).serial_number
        held = next(each for each in self.made.values() if each.certificate.serial_number == serial)
        now = self.now()
        return status(held, now, self.revoked.get(held.der), self._strength(now))

    # Certificates --------------------------------------------------------------------------------------------------

    def authority(self, url: str) -> Holder:
        """Who stamps there now: an authority takes another certificate every three years, the second one a year after the first."""
        offset = self.TSAS.index(url) * YEAR
        turn = (self.now() - self.start + offset) // TSA_ROLLS
        since = max(self.start + turn * TSA_ROLLS - offset, self.start)
        return self._holder(f"{url} {turn}", since, since + TSA_LIFE, timestamping=True)

    def _holder(self, label: str, since: datetime, until: datetime, *, timestamping: bool = False) -> Holder:
        if label not in self.made:
            digest = self._strength(since)
            issuer = self._ca(since, digest)
            self.made[label] = holder(label, issuer, Life(since, until), digest, timestamping=timestamping)
        return self.made[label]

    def _ca(self, moment: datetime, digest: str) -> Holder:
        later = self.next_root if self.next_root_from and moment >= self.next_root_from else None
        label = f"ca {digest} {'next' if later else 'first'}"
        if label not in self.made:
            above = (later or self.root).certificate
            life = Life(above.not_valid_before_utc, above.not_valid_after_utc)
            self.made[label] = holder(label, later or self.root, life, digest, authority=True)
        return self.made[label]

    def _strength(self, moment: datetime) -> str:
        return "sha512" if moment >= self.stronger_from else "sha256"
