"""Status answers kept for as long as they speak for themselves: files extended one after another share their authorities.

For preservation only. Whoever is about to sign is asked about anew each time.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.x509 import ocsp

from chauban.signing.trust.fetching import Fetch

LONGEST = timedelta(hours=1)
MOST_ANSWERS = 256


class RememberedStatus:
    """A `Fetch` that keeps OCSP responses and CRLs until their next update, at most for an hour; `now` gives an aware time.

    Nothing else is kept, and nothing that cannot be read. The oldest answers go first.
    """

    def __init__(self, fetch: Fetch, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._fetch, self._now = fetch, now
        self._answers: dict[tuple[str, bytes], tuple[datetime, bytes]] = {}

    def get(self, url: str) -> bytes:
        """The answer to a GET; raises `FetchError`."""
        return self._kept((url, b""), lambda: self._fetch.get(url), _list_ends)

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        """The answer to a POST; raises `FetchError`."""
        return self._kept((url, body), lambda: self._fetch.post(url, body, content_type), _response_ends)

    def _kept(
        self, question: tuple[str, bytes], ask: Callable[[], bytes], ends: Callable[[bytes], datetime | None]
    ) -> bytes:
        now = self._now()
        until, answer = self._answers.get(question, (now, b""))
        if now < until:
            return answer
        answer = ask()
        if (end := _end(ends, answer)) and end > now:
            self._answers.pop(question, None)
            self._answers[question] = (min(end, now + LONGEST), answer)
            if len(self._answers) > MOST_ANSWERS:
                del self._answers[next(iter(self._answers))]
        return answer


def _end(ends: Callable[[bytes], datetime | None], answer: bytes) -> datetime | None:
    try:
        return ends(answer)
    except ValueError:
        return None


def _response_ends(answer: bytes) -> datetime | None:
    response = ocsp.load_der_ocsp_response(answer)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return None
    return response.next_update_utc


def _list_ends(answer: bytes) -> datetime | None:
    return x509.load_der_x509_crl(answer).next_update_utc
