"""Remote signing providers as the sessions see them: an authorisation by the holder, then one raw value per digest.

Every provider is one of two kinds. Some take what the holder typed or the code that their own login page gave back, and answer
with an authorisation that then signs (`authorise`, then `sign`). Others ask the holder on the phone after the digests were
handed over (`authorise` grants nothing by itself, `sign` answers `Pending`, `collect` asks how it stands).

What may be secret (`Given`, `Grant.secret`, `Pending.transaction`) shows nothing of itself when printed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chauban.signing.credentials import Credential


@dataclass(frozen=True)
class ToSign:
    """One document's digest (over its signed attributes, by the algorithm's hash); `label` is what a phone may show: a title
    and the dossier's code, nothing personal."""

    item: int
    label: str
    digest: bytes


@dataclass(frozen=True)
class Given:
    """What the official gave with the authorise call: a PIN, a one-time password, or the code of the provider's login page
    with the verifier that belongs to it. It passes through one call and is kept nowhere."""

    pin: str | None = field(default=None, repr=False)
    otp: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)
    verifier: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Grant:
    """An authorisation of the provider's for exactly the digests it was asked for; `secret` is opaque to all others."""

    secret: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class Pending:
    """The provider waits for the holder: ask again with `transaction`, in `again_seconds` or when it calls back.

    `reference` is what the provider's own call back names it by, where it makes one; it is no secret and proves nothing.
    """

    transaction: str = field(repr=False)
    expires_at: datetime
    again_seconds: int = 2
    reference: str | None = None


@dataclass(frozen=True)
class Signed:
    """Raw values by item, in the form that a CMS takes (ECDSA as DER); not yet checked against the certificate."""

    values: Mapping[int, bytes] = field(repr=False)


@dataclass(frozen=True)
class LoginPage:
    """Where the official grants the authorisation at the provider's own page (OAuth 2.0, `scope=credential`).

    The page has to be opened before `open_until`, where the provider sets a time.
    """

    url: str = field(repr=False)
    state: str = field(repr=False)
    verifier: str = field(repr=False)
    open_until: datetime | None = None


class RemoteSigner(Protocol):
    """One provider.

    All calls raise `ProviderUnavailable` (worth another try), `AuthorisationRefused` (the holder said no),
    `AuthorisationSpent` (expired or used up: a new one is needed), `ProviderAnswerUnusable` (what came back is not what its
    documents say).
    """

    def most(self, credential: Credential) -> int:
        """How many digests one authorisation may cover."""
        ...

    def needs(self, credential: Credential) -> frozenset[str]:
        """Which parts of `Given` the authorise call must bring: of pin, otp, code; empty where the phone asks."""
        ...

    def login_page(self, credential: Credential, documents: Sequence[ToSign], state: str) -> LoginPage:
        """For providers with a page of their own; raises `NotConfigured` for the others."""
        ...

    def authorise(self, credential: Credential, documents: Sequence[ToSign], given: Given) -> Grant:
        """An authorisation for these digests, made while the official waits."""
        ...

    def sign(self, credential: Credential, documents: Sequence[ToSign], grant: Grant) -> Signed | Pending:
        """The values, or that the holder is being asked; `documents` may be a part of what the grant covers."""
        ...

    def collect(self, credential: Credential, documents: Sequence[ToSign], pending: Pending) -> Signed | Pending:
        """How it stands with what `sign` began."""
        ...
