"""Timestamps (RFC 3161) from a list of authorities in order of preference.

Where one is down, slow or answers wrongly, the next one is asked. A token is taken only if it is signed by the certificate it
carries, for time-stamping, over the digest asked for, with the nonce sent.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from asn1crypto import cms, tsp
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity

from chauban.errors import SigningError, TimestampUnavailable
from chauban.signing.trust.fetching import Fetch, FetchError
from chauban.signing.trust.hedging import Outcome, gathered, one_by_one, raced
from chauban.signing.trust.resting import Punctuality

# What a timestamp may be over; the policy on algorithms chooses.
_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
_GRANTED = ("granted", "granted_with_mods")
A_MOMENT = timedelta(seconds=10)
T = TypeVar("T")


class TokenRejected(SigningError):
    """An authority's answer is not a timestamp of what was asked; `reason` says why."""

    code = "timestamp-rejected"


@dataclass(frozen=True)
class TimestampToken:
    """A token (DER ContentInfo), its aware time, its origin, the certificates it carries, the authority's first, the hash
    within its own signature (a name of hashlib's), and whether that is padded by PKCS#1 v1.5."""

    der: bytes
    time: datetime
    url: str
    certificates: tuple[bytes, ...]
    digest: str
    pkcs1: bool


class TimestampAuthority:
    """One authority, asked with one patience; `met` remembers the token that each address gave last."""

    def __init__(
        self, url: str, fetch: Fetch, met: dict[str, TimestampToken], punctuality: Punctuality | None = None
    ) -> None:
        self.url = url
        self._fetch = fetch
        self._met = met
        self._punctuality = punctuality

    def shown(self, algorithm: str) -> TimestampToken:
        """The token that it gave last, in which it shows its certificates; one over nothing where there is none yet. Raises
        `FetchError`, `TokenRejected`.
        """
        if self.url not in self._met:
            self.stamp(secrets.token_bytes(_DIGESTS[algorithm]), algorithm)
        return self._met[self.url]

    def forget(self, token: TimestampToken) -> None:
        """Has it show its certificates anew: those in a token that it gave before cannot be relied on any more."""
        if self._met.get(self.url) is token:
            self._met.pop(self.url, None)

    def stamp(self, digest: bytes, algorithm: str) -> TimestampToken:
        """A token over a digest by sha256, sha384 or sha512; raises `FetchError`, `TokenRejected`."""
        if self._punctuality is None:
            return self._stamp(digest, algorithm)
        return self._punctuality.watched(self.url, lambda: self._stamp(digest, algorithm))

    def _stamp(self, digest: bytes, algorithm: str) -> TimestampToken:
        nonce = secrets.randbits(63)
        imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest})
        request = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True})
        answer = self._fetch.post(self.url, request.dump(), "application/timestamp-query")
        token = read_answer(answer, digest, nonce, self.url, algorithm)
        # An authority may change its certificate at any time.
        self._met[self.url] = token
        return token


class TimestampAuthorities:
    """The configured authorities; `fetch` brings the timeout of each call.

    Where none answers in that time, each is asked once more by `patient`, which waits for longer: one that is slow delays
    nothing as long as another is quick, and is still better than none. Where there is a `head_start` in seconds, the next is asked
    beside one that takes longer, the first answer is taken, and who was late comes after the others for a minute.
    """

    def __init__(
        self, urls: Sequence[str], fetch: Fetch, patient: Fetch | None = None, *, head_start: float | None = None
    ) -> None:
        self._urls = tuple(urls)
        self._fetches = (fetch,) if patient is None else (fetch, patient)
        self._met: dict[str, TimestampToken] = {}
        self._head_start = head_start
        self._punctuality = None if head_start is None else Punctuality(head_start)

    @property
    def longest_token(self) -> int:
        """The length in bytes of the longest token that an authority gave last; 0 where none was met."""
        return max((len(token.der) for token in tuple(self._met.values())), default=0)

    def in_turn(self) -> Iterator[TimestampAuthority]:
        """Whom to ask one after the other: each in order of preference, then each once more, patiently."""
        return (authority for fetch in self._fetches for authority in self._asked_by(fetch))

    def timestamp(
        self, digest: bytes, algorithm: str, choice: Callable[[TimestampToken], bool] | None = None
    ) -> TimestampToken:
        """A token over a `digest` by sha256, sha384 or sha512 from the first authority that gives a proper one.

        `choice` says of a token whether it may be taken. Raises `TimestampUnavailable` with the failures as notes when no
        authority is left.
        """
        failures: list[str] = []
        for fetch in self._fetches:
            authorities = self._asked_by(fetch)
            questions = [partial(authority.stamp, digest, algorithm) for authority in authorities]
            outcomes = one_by_one(questions) if self._head_start is None else raced(questions, self._head_start)
            for authority, token in self._answers(authorities, outcomes, failures):
                if choice is None or choice(token):
                    return token
                failures.append(f"{authority.url}: not an authority to rely on for this file")
        raise unavailable(failures)

    def shown(self, algorithm: str) -> list[TimestampToken]:
        """The last token of every authority that works, for the certificates in it.

        Those that are down or late are left out, and asked again next time; patience is spent only where none answers otherwise.
        Raises `TimestampUnavailable` when none is left.
        """
        failures: list[str] = []
        for fetch in self._fetches:
            unmet = [each for each in self._asked_by(fetch) if each.url not in self._met and self._is_wanted(each)]
            questions = [partial(authority.shown, algorithm) for authority in unmet]
            outcomes = (
                one_by_one(questions)
                if self._head_start is None
                else gathered(questions, self._head_start, enough=bool(self._met))
            )
            for _ in self._answers(unmet, outcomes, failures):
                pass
            if self._met:
                return [self._met[url] for url in self._urls if url in self._met]
        raise unavailable(failures)

    def forget(self, token: TimestampToken) -> None:
        """Has whoever gave a token show its certificates anew: those in it cannot be relied on any more."""
        for authority in self._asked_by(self._fetches[0]):
            if authority.url == token.url:
                authority.forget(token)

    def require_any(self, algorithm: str, now: datetime) -> None:
        """Ask for any timestamp, unless one came a moment before `now`; raises `TimestampUnavailable` when no authority is left."""
        if all(now - token.time > A_MOMENT for token in tuple(self._met.values())):
            self.timestamp(hashlib.new(algorithm, secrets.token_bytes(_DIGESTS[algorithm])).digest(), algorithm)

    def _asked_by(self, fetch: Fetch) -> list[TimestampAuthority]:
        urls = self._urls if self._punctuality is None else self._punctuality.in_order(self._urls)
        return [TimestampAuthority(url, fetch, self._met, self._punctuality) for url in urls]

    def _is_wanted(self, authority: TimestampAuthority) -> bool:
        """Who was late a moment ago is not asked for its certificate where another has shown one."""
        return not (self._met and self._punctuality and self._punctuality.is_late(authority.url))

    def _answers(
        self, authorities: Sequence[TimestampAuthority], outcomes: Iterable[Outcome[T]], failures: list[str]
    ) -> Iterator[tuple[TimestampAuthority, T]]:
        """The answers among the outcomes, and who gave them; the faults become `failures`."""
        for outcome in outcomes:
            authority = authorities[outcome.question]
            if outcome.answer is not None:
                yield authority, outcome.answer
            elif outcome.fault is None:
                if self._punctuality:
                    self._punctuality.late(authority.url)
            elif isinstance(outcome.fault, FetchError | TokenRejected):
                failures.append(f"{authority.url}: {outcome.fault}")
            else:
                raise outcome.fault


def unavailable(failures: Sequence[str]) -> TimestampUnavailable:
    """That no authority is left, with what each one said as notes."""
    error = TimestampUnavailable()
    for failure in failures:
        error.add_note(failure)
    return error


def read_answer(answer: bytes, digest: bytes, nonce: int, url: str, algorithm: str) -> TimestampToken:
    """The token of a DER `TimeStampResp`, fully checked (RFC 3161, 2.4.2); raises `TokenRejected`."""
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        if response["status"]["status"].native not in _GRANTED:
            raise TokenRejected(reason="not-granted")
        token = response["time_stamp_token"]
        information = _information(token)
        if information["nonce"].native != nonce:
            raise TokenRejected(reason="another-nonce")
        if information["message_imprint"]["hash_algorithm"]["algorithm"].native != algorithm:
            raise TokenRejected(reason="another-hash-algorithm")
        if information["message_imprint"]["hashed_message"].native != digest:
            raise TokenRejected(reason="another-imprint")
        certificates = _checked_certificates(token)
        signer = token["content"]["signer_infos"][0]
        own, pkcs1 = signer["digest_algorithm"]["algorithm"].native, is_pkcs1(signer)
        return TimestampToken(token.dump(), information["gen_time"].native, url, certificates, own, pkcs1)
    except TokenRejected:
        raise
    except Exception as error:  # whatever somebody else's bytes bring about, the next authority is asked
        raise TokenRejected(reason="not-a-timestamp") from error


def is_pkcs1(signer: cms.SignerInfo) -> bool:
    """Whether a signature is one of RSA, padded by PKCS#1 v1.5."""
    return bool(signer["signature_algorithm"].signature_algo == "rsassa_pkcs1v15")


def is_over(token_der: bytes, content: bytes) -> bool:
    """Whether a token is over `content`, by a hash that may be chosen; raises `TokenRejected` where it is no token."""
    try:
        imprint = _information(cms.ContentInfo.load(token_der))["message_imprint"]
        algorithm, hashed = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
    except TokenRejected:
        raise
    except Exception as error:  # these may be anybody's bytes
        raise TokenRejected(reason="not-a-timestamp") from error
    return algorithm in _DIGESTS and bool(hashed == hashlib.new(algorithm, content).digest())


def _information(token: cms.ContentInfo) -> tsp.TSTInfo:
    content = token["content"]["encap_content_info"]
    if content["content_type"].native != "tst_info":
        raise TokenRejected(reason="not-a-timestamp")
    return content["content"].parsed


def _checked_certificates(token: cms.ContentInfo) -> tuple[bytes, ...]:
    signed = token["content"]
    held = extract_certs_for_validation(signed)
    authority = held.signer_cert
    usage = authority.extended_key_usage_value
    if usage is None or usage.native != ["time_stamping"]:
        raise TokenRejected(reason="certificate-not-for-timestamping")
    intact, valid = validate_sig_integrity(
        extract_signer_info(signed),
        authority,
        expected_content_type="tst_info",
        actual_digest=_content_digest(signed),
    )
    if not (intact and valid):
        raise TokenRejected(reason="wrong-signature")
    return authority.dump(), *(other.dump() for other in held.other_certs if other != authority)


def _content_digest(signed: cms.SignedData) -> bytes:
    algorithm = signed["signer_infos"][0]["digest_algorithm"]["algorithm"].native
    content = bytes(signed["encap_content_info"]["content"])
    return hashlib.new(algorithm, content).digest()
