"""Credentials: the records that say which key signs for whom. The private key itself is never in them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chauban.signing.algorithms import Algorithm
from chauban.values import Frozen


class Purpose(StrEnum):
    """What a credential is for: an official's signature or an organisation's seal."""

    SIGN = "sign"
    SEAL = "seal"


class SignerKind(StrEnum):
    """Where the private key is: with the official's device, in AWS KMS, at a remote signing provider, in an HSM, in a file."""

    CLIENT = "client"
    KMS = "kms"
    CSC = "csc"
    SMARTCA = "smartca"
    MYSIGN = "mysign"
    PKCS11 = "pkcs11"
    PKCS12 = "pkcs12"


class IdentifiedBy(StrEnum):
    """By what a certificate's subject is known to be its holder: the name, or the personal number that it states.

    By number is for certificates that write names without their marks; the login must then state the number, too.
    """

    NAME = "name"
    PERSONAL_NUMBER = "personal_number"


# Keys that a provider holds and the official releases, session by session.
REMOTE = frozenset({SignerKind.CSC, SignerKind.SMARTCA, SignerKind.MYSIGN})
# Providers that find the holder's phone by the account.
BY_ACCOUNT = frozenset({SignerKind.SMARTCA, SignerKind.MYSIGN})
# Whose keys serve what: officials alone release their own; a seal is set while nobody waits. All kinds serve the shell.
_SERVING = {
    Purpose.SIGN: REMOTE | {SignerKind.CLIENT},
    Purpose.SEAL: frozenset({SignerKind.KMS, SignerKind.PKCS11}),
}


class Credential(Frozen):
    """A signing key's public side. `chain_pem` is leaf first, root left out; `appearance` the key of a PNG in the forms bucket.

    `provider` names the record of the provider or token that holds the key, `key_ref` the key there (an alias, a credential's
    id, a serial number), `account` the holder's account at the provider.
    """

    id: str
    person: str | None
    agency: str | None
    purpose: Purpose
    kind: SignerKind
    key_ref: str | None
    provider: str | None = None
    account: str | None = None
    algorithm: Algorithm
    identified_by: IdentifiedBy = IdentifiedBy.NAME
    chain_pem: str
    appearance: str
    valid_from: datetime
    valid_to: datetime

    def valid_at(self, moment: datetime) -> bool:
        """Whether the record (not the certificate) allows use at an aware `moment`."""
        return self.valid_from <= moment < self.valid_to

    @property
    def serves(self) -> bool:
        """Whether the service signs with a key of this kind for this purpose."""
        return self.kind in _SERVING[self.purpose]


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate says: common names and personal numbers of its subject, its time, and what its key is good for."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    signs: bool
    algorithms: frozenset[Algorithm]
