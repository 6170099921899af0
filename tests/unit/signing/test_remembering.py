"""Status answers are kept while they speak for themselves, an hour at most, and nothing else is."""

from datetime import UTC, datetime, timedelta

import pytest
from chauban.signing.trust.certificates import TIMESTAMPING, TrustService
from chauban.signing.trust.fetching import FetchError
from chauban.signing.trust.remembering import LONGEST, MOST_ANSWERS, RememberedStatus

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
        authority = self.trust._authority(ONE)
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
