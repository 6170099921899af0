"""What every act of the desk begins with: who acts, whose signature is needed, and whether it is time for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Appointment, Role
from chauban.access.delegations import delegation_of, hindrance, signs_as
from chauban.access.identity import Caller
from chauban.dossiers.changes import IdempotencyRecord
from chauban.dossiers.facts import DossierStatus
from chauban.dossiers.idempotency import Once
from chauban.dossiers.model import Dossier
from chauban.errors import (
    CompetentAgencyOnly,
    FieldError,
    InvalidRequest,
    NotAllowed,
    PreconditionFailed,
    SignerNotEntitled,
    WrongState,
)
from chauban.ports import Catalogue, Clock, DossierStore
from chauban.signing.terms import SigningTerms

# Digits of a version; longer texts are no tag of ours.
MAX_TAG = 18
HANDLE = "dossiers:handle"


@dataclass(frozen=True)
class Guard:
    """How a state-changing request is kept from happening twice: an idempotency key, or the version that was read."""

    once: Once | None
    version: int | None

    @classmethod
    def of(cls, caller: Caller, scope: str, body: dict[str, Any], key: str | None, if_match: str | None) -> "Guard":
        """From the headers; raises `IdempotencyKeyRequired` where neither is given, `PreconditionFailed` for a foreign tag."""
        if if_match is None:
            return cls(Once(caller, key, scope, body), None)
        tag = if_match.strip().strip('"')
        if not tag.isdecimal() or len(tag) > MAX_TAG:
            raise PreconditionFailed
        return cls(Once(caller, key, scope, body) if key else None, int(tag))

    def earlier(self, store: DossierStore) -> str | None:
        """What this very request led to, if it has been carried out already."""
        return self.once.earlier(store) if self.once else None

    def done_before(self, store: DossierStore) -> bool:
        """Whether this very request has been carried out already."""
        return self.earlier(store) is not None

    def expect(self, dossier: Dossier, allowed: Collection[DossierStatus]) -> None:
        """Raises `PreconditionFailed` where the dossier is not as it was read, `WrongState` outside these states."""
        if self.version is not None and self.version != dossier.version:
            raise PreconditionFailed
        if dossier.status not in allowed:
            raise WrongState(state=dossier.status.value)

    def record(self, target: str, clock: Clock) -> IdempotencyRecord | None:
        """What is written in the transaction that does the work."""
        return self.once.record(target, clock) if self.once else None


def acting_clerk(authorisation: Authorisation, caller: Caller, action: str, dossier: Dossier) -> Appointment:
    """The appointment in which a clerk acts: in the competent agency, or at the desk that receives.

    Raises `NotFound` where the dossier may not be seen, `NotAllowed` where only the action is refused; `CompetentAgencyOnly`
    where a clerk of the desk asks for what the competent agency does.
    """
    authorisation.see_dossier(caller, dossier)
    clerk = clerk_for(authorisation, caller, dossier)
    if clerk and authorisation.may(caller, action, dossier):
        return clerk
    elsewhere = clerk is not None and clerk.agency != dossier.filing.agencies.competent
    raise CompetentAgencyOnly if elsewhere and HANDLE in caller.scopes else NotAllowed


def clerk_for(authorisation: Authorisation, caller: Caller, dossier: Dossier) -> Appointment | None:
    """The caller's appointment as a clerk of the competent agency, or of the one that receives; None for everybody else."""
    agencies = dossier.filing.agencies
    held = (
        authorisation.appointment(caller, agency, Role.CLERK) for agency in (agencies.competent, agencies.receiving)
    )
    return next((clerk for clerk in held if clerk), None)


def signing_official(
    catalogue: Catalogue,
    agency: str,
    wanted: str | None,
    now: datetime,
    terms: SigningTerms | None = None,
    pointer: str = "#/official",
) -> Appointment:
    """The official whose name is printed: the one asked for, or the agency's only one; raises `InvalidRequest`.

    Whoever could not sign now, in the capacity that would be printed, is refused before anything is.
    """
    valid = [held for held in catalogue.officials_of(agency) if held.role is Role.OFFICIAL and held.valid_at(now)]
    chosen = [held for held in valid if wanted in (None, held.id)]
    if len(chosen) != 1:
        raise InvalidRequest([FieldError(pointer, "official-not-clear", dict(_OFFICIAL))])
    official = chosen[0]
    if word := hindrance(catalogue, official, now, (terms or SigningTerms()).capacities):
        raise InvalidRequest([FieldError(pointer, word, SignerNotEntitled.reasons[word])])
    return official


def named_signer(catalogue: Catalogue, official: Appointment) -> dict[str, Any]:
    """What a fact says of the official who is to sign: the appointment (`official`), what is printed over and under the signature
    (`signer`), in which capacity and by which delegation (`signs_as`)."""
    printed = official.model_dump(mode="json", include={"name", "title", "authority", "capacity"})
    return {
        "official": official.id,
        "signer": printed,
        "signs_as": signs_as(official, delegation_of(catalogue, official)),
    }


_OFFICIAL = {
    "vi": "Hãy nêu đúng một người có thẩm quyền ký đang được bổ nhiệm tại cơ quan ban hành văn bản.",
    "en": "Name exactly one official with a valid appointment in the agency that issues the document.",
}
