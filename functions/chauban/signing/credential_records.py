"""Credentials as records: put in with a new certificate, replaced when the next one comes, listed before they end.

Nothing is deployed for it: whoever signs looks the record up at that moment. A record that is replaced ends when its successor
begins, so what is fixed with the old key and not signed yet waits for a new authorisation with the new one.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chauban.errors import CredentialRefused, KeyKindRefused, NotFound
from chauban.ports import Clock
from chauban.signing.algorithms import Algorithm
from chauban.signing.certificate_time import ends
from chauban.signing.credentials import BY_ACCOUNT, CertificateFacts, Credential, SignerKind

# Ordering a certificate takes an agency weeks.
NOTICE = timedelta(days=60)


class CredentialStore(Protocol):
    """Where the records lie."""

    def credential(self, credential: str) -> Credential | None:
        """The record with that id."""
        ...

    def put_credential(self, credential: Credential) -> None:
        """Keeps or replaces a record."""
        ...

    def replace_credential(self, old: Credential, new: Credential) -> None:
        """Keeps both in one transaction."""
        ...

    def credentials_by_end(self) -> tuple[Credential, ...]:
        """All records, those that end first first."""
        ...


@dataclass(frozen=True)
class NewKey:
    """What a certificate brings: the key's place, the chain (PEM, leaf first, and the leaf in DER), and what it says."""

    kind: SignerKind
    key_ref: str | None
    provider: str | None
    account: str | None
    algorithm: Algorithm
    chain_pem: str
    leaf: bytes
    facts: CertificateFacts


@dataclass(frozen=True)
class CredentialRecords:
    """Keeps the records in order."""

    store: CredentialStore

    def add(self, credential: Credential, facts: CertificateFacts) -> Credential:
        """The record as kept: it ends with its certificate at the latest. Raises `KeyKindRefused`, `CredentialRefused`."""
        if self.store.credential(credential.id) is not None:
            raise CredentialRefused(reason="known-already")
        kept = within(credential, facts)
        self.store.put_credential(kept)
        return kept

    def rotate(self, old: str, key: NewKey, begins: datetime) -> tuple[Credential, Credential]:
        """The old record, which ends when the new one begins, and the new one: the same holder, purpose and picture with
        another key. Raises `NotFound`, `KeyKindRefused`, `CredentialRefused`.
        """
        found = self.store.credential(old)
        if found is None:
            raise NotFound
        known_as = credential_id(found.person or found.agency or "", key.leaf)
        if self.store.credential(known_as) is not None:
            raise CredentialRefused(reason="known-already")
        values = {
            "id": known_as,
            "kind": key.kind,
            "key_ref": key.key_ref,
            "provider": key.provider,
            "account": key.account or (found.account if key.provider == found.provider else None),
            "algorithm": key.algorithm,
            "chain_pem": key.chain_pem,
            "valid_from": begins,
            "valid_to": key.facts.not_after,
        }
        new = within(found.model_copy(update=values), key.facts)
        ended = found.model_copy(update={"valid_to": min(found.valid_to, new.valid_from)})
        self.store.replace_credential(ended, new)
        return ended, new

    def ending_by(self, moment: datetime, now: datetime) -> tuple[Credential, ...]:
        """The records that are in use now, end until `moment`, and have no successor that goes on after that; the first to end
        first. A record ends with its certificate at the latest, whatever it says itself.
        """
        live = sorted((one for one in self.store.credentials_by_end() if now < ends(one)), key=ends)
        return tuple(one for one in live if ends(one) <= moment and not _succeeded(one, live))


@dataclass(frozen=True)
class CredentialWatch:
    """Looks for what ends within `NOTICE` and has no successor."""

    records: CredentialRecords
    clock: Clock

    def ending(self) -> tuple[tuple[Credential, int], ...]:
        """Each such record with the whole days that are left, the most pressing first."""
        now = self.clock.now()
        found = self.records.ending_by(now + NOTICE, now)
        return tuple((credential, (ends(credential) - now).days) for credential in found)


def credential_id(holder: str, leaf: bytes) -> str:
    """A name for the record of a certificate (DER): whose it is, and which."""
    return f"{holder}-{hashlib.sha256(leaf).hexdigest()[:8]}"


def require_serving(credential: Credential) -> None:
    """Raises `KeyKindRefused` for a key that the service would never sign with."""
    if not credential.serves:
        raise KeyKindRefused(kind=credential.kind.value, purpose=credential.purpose.value)


def within(credential: Credential, facts: CertificateFacts) -> Credential:
    """The record within the time of its certificate; raises `KeyKindRefused`, `CredentialRefused` for one that cannot sign."""
    require_serving(credential)
    begins, ends = max(credential.valid_from, facts.not_before), min(credential.valid_to, facts.not_after)
    checks = (
        (facts.signs, "wrong-key-usage"),
        (credential.algorithm in facts.algorithms, "key-does-not-fit"),
        (begins < ends, "never-valid"),
        (credential.account is not None or credential.kind not in BY_ACCOUNT, "account-missing"),
    )
    for holds, word in checks:
        if not holds:
            raise CredentialRefused(reason=word)
    return credential.model_copy(update={"valid_from": begins, "valid_to": ends})


def _succeeded(one: Credential, live: list[Credential]) -> bool:
    """Whether the same holder has another record for the same purpose that begins before this one ends and outlives it."""
    same = (one.person, one.agency, one.purpose)
    return any(
        (other.person, other.agency, other.purpose) == same
        and other.valid_from <= ends(one) < ends(other)
        and other.id != one.id
        for other in live
    )
