"""Whether this official, with this key, may sign this document at this moment.

Two questions: the right (the appointment and what its capacity rests on) and the key (the certificate is the official's own,
for signing, valid, of an algorithm that the form allows). Both are asked when a session is opened, when a value is accepted,
and once more before it goes into the file. Whether the certificate chains to a configured root and is neither revoked nor
suspended takes the network: the signing engine asks that when it prepares and when it completes a signature.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.access.catalogue import Appointment, Role
from chauban.access.delegations import delegation_of, hindrance, signs_as, stands
from chauban.errors import CredentialNotFit, SignerNotEntitled
from chauban.ports import Catalogue
from chauban.signing.credentials import CertificateFacts, Credential, IdentifiedBy
from chauban.signing.sessions.model import SigningTask
from chauban.signing.terms import SigningTerms

# Reads the credential's certificate; raises `ValueError` where there is none to be read.
CertificateReader = Callable[[Credential], CertificateFacts]
# The access key that stands for a personal number (see `PartyKeys`); the number itself is kept nowhere.
KeyOfNumber = Callable[[str], str]


@dataclass(frozen=True)
class SigningPolicy:
    """Judges officials and their credentials. `key_of` is needed only where a login can be compared with a certificate."""

    catalogue: Catalogue
    read: CertificateReader
    key_of: KeyOfNumber | None = None

    def require(self, credential: Credential, task: SigningTask, at: datetime, login: str | None = None) -> None:
        """Both questions for a task; raises `SignerNotEntitled`, `CredentialNotFit`.

        `login` is the access key of the personal number in the caller's token, where the caller is there.
        """
        appointment = self.require_right(task, at)
        self.require_fit(credential, appointment, at, task.terms, login)

    def require_act(self, credential: Credential, task: SigningTask, at: datetime, by: dict[str, Any] | None) -> None:
        """Whether the act of an accepted moment still holds; raises `SignerNotEntitled`, `CredentialNotFit`.

        Everything was judged when the value was accepted, and `by` is the fact's word of it (see `signs_as`). What the records say
        since of that moment counts: that the appointment, the delegation or the key's record ended earlier. What else they say
        since, another title or name, another capacity, was not what was signed.
        """
        found = (held for held in self.catalogue.officials_of(task.agency) if held.id == task.official)
        appointment = next((held for held in found if held.valid_at(at)), None)
        if appointment is None:
            raise SignerNotEntitled(reason="appointment-not-valid")
        if by and by["delegation"] and (word := stands(self.catalogue, by["delegation"]["id"], at)):
            raise SignerNotEntitled(reason=word)
        if not credential.valid_at(at):
            raise CredentialNotFit(reason="credential-not-valid")

    def require_right(self, task: SigningTask, at: datetime) -> Appointment:
        """The appointment in whose name the task's document is drafted; raises `SignerNotEntitled`."""
        found = (held for held in self.catalogue.officials_of(task.agency) if held.id == task.official)
        appointment = next((held for held in found if held.role is Role.OFFICIAL), None)
        if appointment is None:
            raise SignerNotEntitled(reason="appointment-not-valid")
        if word := self.refusal(appointment, task.terms, at):
            raise SignerNotEntitled(reason=word)
        # The page says in which capacity it is signed; an appointment that says something else by now is not the one printed.
        if task.printed and task.printed != appointment.printed:
            raise SignerNotEntitled(reason="appointment-changed")
        return appointment

    def refusal(self, appointment: Appointment, terms: SigningTerms, at: datetime) -> str | None:
        """Why an appointment may not sign under these terms at an aware moment; None where it may."""
        return hindrance(self.catalogue, appointment, at, terms.capacities)

    def signs_as(self, task: SigningTask, at: datetime) -> dict[str, Any]:
        """In which capacity a task's official signs at a moment, and by which delegation; raises as `require_right`."""
        appointment = self.require_right(task, at)
        return signs_as(appointment, delegation_of(self.catalogue, appointment))

    def require_fit(
        self,
        credential: Credential,
        appointment: Appointment,
        at: datetime,
        terms: SigningTerms | None = None,
        login: str | None = None,
    ) -> None:
        """The second question alone; raises `CredentialNotFit`."""
        try:
            facts = self.read(credential)
        except ValueError as error:
            raise CredentialNotFit(reason="certificate-unreadable") from error
        allowed = (terms or SigningTerms()).algorithms
        checks = (
            (credential.valid_at(at), "credential-not-valid"),
            (facts.not_before <= at, "certificate-not-yet-valid"),
            (at <= facts.not_after, "certificate-expired"),
            (facts.signs, "wrong-key-usage"),
            (credential.algorithm in facts.algorithms, "key-does-not-fit"),
            (credential.algorithm in allowed, "algorithm-not-allowed"),
        )
        word = next((word for holds, word in checks if not holds), None)
        if word := word or self._stranger(credential, facts, appointment, login):
            raise CredentialNotFit(reason=word)

    def _stranger(
        self, credential: Credential, facts: CertificateFacts, appointment: Appointment, login: str | None
    ) -> str | None:
        """Why the certificate's subject is not taken for the official; None where it is the same person."""
        by_number = credential.identified_by is IdentifiedBy.PERSONAL_NUMBER
        if not by_number and not any(same_name(name, appointment.name) for name in facts.names):
            return "name-differs"
        if by_number and not facts.numbers:
            return "personal-number-missing"
        if self.key_of is None:
            return None
        if login is None:
            return "personal-number-missing" if by_number else None
        return "personal-number-differs" if facts.numbers and login not in map(self.key_of, facts.numbers) else None


def same_name(one: str, other: str) -> bool:
    """Whether two ways of writing are one Vietnamese name: composed or not, in whatever case, the tone on whichever vowel."""
    return _syllables(one) == _syllables(other)


# Grave, acute, tilde, hook above, dot below: a syllable has one tone at most, but "hòa" is also written "hoà".
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def _syllables(name: str) -> list[tuple[str, str]]:
    words = unicodedata.normalize("NFD", unicodedata.normalize("NFC", name).casefold()).split()
    return [
        ("".join(c for c in word if c not in _TONES), "".join(sorted(c for c in word if c in _TONES))) for word in words
    ]
