"""Status answers are kept while they speak for themselves, an hour at most, and nothing else is."""

from datetime import UTC, datetime, timedelta

import pytest
from chauban.signing.trust.certificates import TIMESTAMPING, TrustService
from chauban.signing.trust.fetching import FetchError
from chauban.signing.trust.remembering import LONGEST, MOST_ANSWERS, RememberedStatus
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from tests.unit.preservation.simulated import YEAR, SimulatedTrust

START = datetime(2026, 12, 1, tzinfo=UTC)
ONE = SimulatedTrust.TSAS[0]


class Moments:
    """A world with one authority, and a service that remembers."""

    def __init__(self) -> None:
        self.now = START
        self.trust = SimulatedTrust(lambda: self.now, START, START + 20 * YEAR)
        self.remembered = RememberedStatus(self.trust, lambda: self.now)
        self.service = TrustService([self.trust.root.der], self.remembered)

    def check(self) -> int:
        """Checks the authority; how many questions that took."""
        before = len(self.trust.asked)
        authority = self.trust.authority(ONE)
        assert authority.issuer
        self.service.for_one_act().check(authority.der, [authority.issuer.der], self.now, TIMESTAMPING)
        return len(self.trust.asked) - before


def test_the_same_authority_is_asked_about_once_an_hour() -> None:
    moments = Moments()
    assert [moments.check() for _ in range(5)] == [2, 0, 0, 0, 0]
    moments.now += LONGEST - timedelta(seconds=1)
    assert moments.check() == 0
    moments.now += timedelta(seconds=1)
    assert moments.check() == 2


class Responder:
    """Gives an answer of its own that ends after a while, each time it is asked."""

    def __init__(self, moments: Moments, life: timedelta) -> None:
        self._moments, self._life, self.asked = moments, life, 0

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        self.asked += 1
        root = self._moments.trust.root
        answer = ocsp.OCSPResponseBuilder().add_response(
            cert=root.certificate,
            issuer=root.certificate,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.GOOD,
            this_update=START - timedelta(days=1),
            next_update=START + self._life,
            revocation_time=None,
            revocation_reason=None,
        )
        signed = answer.responder_id(ocsp.OCSPResponderEncoding.HASH, root.certificate).sign(root.key, hashes.SHA512())
        return signed.public_bytes(serialization.Encoding.DER)

    def get(self, url: str) -> bytes:
        self.asked += 1
        root = self._moments.trust.root
        made = x509.CertificateRevocationListBuilder().issuer_name(root.certificate.subject)
        made = made.last_update(START - timedelta(days=1)).next_update(START + self._life)
        return made.sign(root.key, hashes.SHA512()).public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize("what", ["answer", "list"])
@pytest.mark.parametrize(("life", "kept"), [(timedelta(minutes=10), True), (timedelta(0), False)])
def test_an_answer_is_kept_until_its_own_end_and_not_at_all_after_it(what: str, life: timedelta, *, kept: bool) -> None:
    moments = Moments()
    responder = Responder(moments, life)
    remembered = RememberedStatus(responder, lambda: moments.now)

    def ask() -> int:
        remembered.post("http://ocsp", b"", "") if what == "answer" else remembered.get("http://crl")
        return responder.asked

    assert [ask(), ask()] == ([1, 1] if kept else [1, 2])
    moments.now += max(life - timedelta(seconds=1), timedelta(0))
    assert ask() == (1 if kept else 3)
    moments.now += timedelta(seconds=1)
    assert ask() == (2 if kept else 4)


class Echo:
    """Answers that cannot be read as status."""

    def __init__(self) -> None:
        self.asked = 0

    def get(self, url: str) -> bytes:
        self.asked += 1
        return b"no list"

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        self.asked += 1
        if body == b"down":
            raise FetchError(url)
        return b"no response"


def test_what_cannot_be_read_and_failures_are_not_kept() -> None:
    echo = Echo()
    remembered = RememberedStatus(echo, lambda: START)
    for _ in range(2):
        remembered.get("http://crl.example")
        remembered.post("http://ocsp.example", b"", "application/ocsp-request")
        with pytest.raises(FetchError):
            remembered.post("http://ocsp.example", b"down", "application/ocsp-request")
    assert echo.asked == 6


def test_no_more_answers_are_kept_than_fit() -> None:
    moments = Moments()
    for number in range(MOST_ANSWERS + 10):
        signer = moments.trust.signer(f"signer {number}").identity
        moments.service.check(signer.certificate, signer.chain, moments.now)
    assert len(moments.remembered._answers) == MOST_ANSWERS
