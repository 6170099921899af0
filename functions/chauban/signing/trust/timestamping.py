"""Timestamps (RFC 3161) from a list of authorities in order of preference.

An authority that is down, slow or answers wrongly costs its timeout, and the next one is asked. A token is taken only
if it is signed by the certificate it carries, for time-stamping, over the digest asked for, with the nonce sent.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, tsp
from pyhanko.sign.general import CMSExtractionError, extract_signer_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity

from chauban.errors import SigningError, TimestampUnavailable
from chauban.signing.trust.fetching import Fetch, FetchError

_DIGEST = "sha256"
# Those that a document timestamp may be over, from the policy on algorithms.
_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
_GRANTED = ("granted", "granted_with_mods")


class TokenRejected(SigningError):
    """An authority's answer is not a timestamp of what was asked; `reason` says why."""

    code = "timestamp-rejected"


@dataclass(frozen=True)
class TimestampToken:
    """A token (DER ContentInfo), its aware time, its origin, and the certificates it carries, the authority's first."""

    der: bytes
    time: datetime
    url: str
    certificates: tuple[bytes, ...]


class TimestampAuthority:
    """One authority, asked with one patience; `met` remembers the token that each address gave last."""

    def __init__(self, url: str, fetch: Fetch, met: dict[str, TimestampToken]) -> None:
        self.url = url
        self._fetch = fetch
        self._met = met

    def certificates(self) -> tuple[bytes, ...]:
        """Its certificates (DER), its own first; it shows them only in a token. Raises `FetchError`, `TokenRejected`."""
        if self.url not in self._met:
            self.stamp(secrets.token_bytes(_DIGESTS[_DIGEST]))
        return self._met[self.url].certificates

    def stamp(self, digest: bytes, algorithm: str = _DIGEST) -> TimestampToken:
        """A token over a digest by sha256, sha384 or sha512; raises `FetchError`, `TokenRejected`."""
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
    nothing as long as another is quick, and is still better than none.
    """

    def __init__(self, urls: Sequence[str], fetch: Fetch, patient: Fetch | None = None) -> None:
        self._urls = tuple(urls)
        self._fetches = (fetch,) if patient is None else (fetch, patient)
        self._met: dict[str, TimestampToken] = {}

    @property
    def longest_token(self) -> int:
        """The length in bytes of the longest token that an authority gave last; 0 where none was met."""
        return max((len(token.der) for token in self._met.values()), default=0)

    def in_turn(self) -> Iterator[TimestampAuthority]:
        """Whom to ask one after the other: each in order of preference, then each once more, patiently."""
        return (TimestampAuthority(url, fetch, self._met) for fetch in self._fetches for url in self._urls)

    def timestamp(self, digest: bytes, choice: Callable[[Sequence[bytes]], bool] | None = None) -> TimestampToken:
        """A token over a SHA-256 `digest` from the first authority that gives a proper one.

        `choice` says of a token's certificates (DER, the authority's first) whether it may be taken. Raises
        `TimestampUnavailable` with the failures as notes when no authority is left.
        """
        failures = []
        for authority in self.in_turn():
            try:
                token = authority.stamp(digest)
                if choice is None or choice(token.certificates):
                    return token
                failures.append(f"{authority.url}: not an authority to rely on for this file")
            except (FetchError, TokenRejected) as error:
                failures.append(f"{authority.url}: {error}")
        raise unavailable(failures)

    def certificates(self) -> list[tuple[bytes, ...]]:
        """The certificates of every authority that works, each authority's own first, then those above it.

        Those that are down are left out, and asked again next time; patience is spent only where none answers otherwise.
        Raises `TimestampUnavailable` when none is left.
        """
        failures = []
        for fetch in self._fetches:
            for url in self._urls:
                try:
                    TimestampAuthority(url, fetch, self._met).certificates()
                except (FetchError, TokenRejected) as error:
                    failures.append(f"{url}: {error}")
            if self._met:
                return [self._met[url].certificates for url in self._urls if url in self._met]
        raise unavailable(failures)


def unavailable(failures: Sequence[str]) -> TimestampUnavailable:
    """That no authority is left, with what each one said as notes."""
    error = TimestampUnavailable()
    for failure in failures:
        error.add_note(failure)
    return error


def read_answer(answer: bytes, digest: bytes, nonce: int, url: str, algorithm: str = _DIGEST) -> TimestampToken:
    """The token of a DER `TimeStampResp`, fully checked (RFC 3161, 2.4.2); raises `TokenRejected`."""
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        if response["status"]["status"].native not in _GRANTED:
            raise TokenRejected(reason="not-granted")
        token = response["time_stamp_token"]
        information = _information(token)
        if information["nonce"].native != nonce:
            raise TokenRejected(reason="another-nonce")
        if _imprint(information, algorithm) != digest:
            raise TokenRejected(reason="another-imprint")
        certificates = _checked_certificates(token)
        return TimestampToken(token.dump(), information["gen_time"].native, url, certificates)
    except (ValueError, TypeError, KeyError, CMSExtractionError, SignatureValidationError) as error:
        raise TokenRejected(reason="not-a-timestamp") from error


def token_imprint(token_der: bytes) -> bytes:
    """The SHA-256 that a token is over; raises `TokenRejected`."""
    try:
        return _imprint(_information(cms.ContentInfo.load(token_der)))
    except (ValueError, TypeError, KeyError) as error:
        raise TokenRejected(reason="not-a-timestamp") from error


def _information(token: cms.ContentInfo) -> tsp.TSTInfo:
    content = token["content"]["encap_content_info"]
    if content["content_type"].native != "tst_info":
        raise TokenRejected(reason="not-a-timestamp")
    return content["content"].parsed


def _imprint(information: tsp.TSTInfo, algorithm: str = _DIGEST) -> bytes:
    imprint = information["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != algorithm:
        raise TokenRejected(reason="another-hash-algorithm")
    hashed: bytes = imprint["hashed_message"].native
    return hashed


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
