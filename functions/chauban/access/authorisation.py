"""Asks the Cedar policy whether a caller may do something; what may not be seen does not exist for the caller."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import cedarpy

from chauban.access.catalogue import Appointment, Role
from chauban.access.delegations import hindrance
from chauban.access.identity import Caller
from chauban.access.succession import in_place_of
from chauban.dossiers.documents import Document
from chauban.dossiers.model import Dossier
from chauban.errors import (
    CompetentAgencyOnly,
    HigherLevelRequired,
    NotAllowed,
    NotFound,
    SignerNotEntitled,
    StrongLoginRequired,
)
from chauban.ports import Catalogue, Clock
from chauban.signing.sessions.model import SigningSession, SigningTask


@dataclass(frozen=True)
class Authorisation:
    """The one place that decides about rights, by the appointments valid at the moment of the act."""

    catalogue: Catalogue
    clock: Clock

    def appointment(self, caller: Caller, agency: str, role: Role) -> Appointment | None:
        """The caller's appointment to a role in an agency that is valid now."""
        return next((held for held in self._appointments(caller) if (held.agency, held.role) == (agency, role)), None)

    def agencies(self, caller: Caller) -> tuple[str, ...]:
        """The agencies in which the caller holds an appointment now."""
        return tuple(dict.fromkeys(held.agency for held in self._appointments(caller)))

    def see_dossier(self, caller: Caller, dossier: Dossier) -> None:
        """Raises `NotFound` unless the caller may see the dossier."""
        if not self._allows(caller, "view-dossier", "Dossier", dossier.id, self._of_dossier(caller, dossier)):
            raise NotFound

    def on_dossier(self, caller: Caller, action: str, dossier: Dossier) -> None:
        """Raises `NotFound` where the dossier may not be seen, `NotAllowed` where only the action is refused."""
        self.see_dossier(caller, dossier)
        if not self._allows(caller, action, "Dossier", dossier.id, self._of_dossier(caller, dossier)):
            raise NotAllowed

    def may(self, caller: Caller, action: str, dossier: Dossier) -> bool:
        """Whether the caller may do something with a dossier that it may see."""
        return self._allows(caller, action, "Dossier", dossier.id, self._of_dossier(caller, dossier))

    def submit(self, caller: Caller, is_requester: bool) -> None:
        """Raises `NotAllowed` unless the caller may file for this requester."""
        if not self._allows(caller, "submit", "Service", "dossiers", {"is_requester": is_requester}):
            raise NotAllowed

    def prepare(self, caller: Caller) -> None:
        """Raises `NotAllowed` unless the caller may keep drafts and see previews."""
        if not self._allows(caller, "prepare", "Service", "drafts", {}):
            raise NotAllowed

    def consult_registry(self, caller: Caller, is_self: bool, level: int) -> None:
        """Raises `NotAllowed` unless the caller may have a register asked about itself, `HigherLevelRequired` after a login
        below the level.
        """
        context = {"is_party": is_self, "level_asked": level}
        if self._allows(caller, "consult-registry", "Service", "registry", context):
            return
        renewed = caller.model_copy(update={"acr": f"loa{level}"})
        if self._allows(renewed, "consult-registry", "Service", "registry", context):
            raise HigherLevelRequired(level=level)
        raise NotAllowed

    def list_agency(self, caller: Caller, agency: str) -> None:
        """Raises `NotFound` unless the caller belongs to the agency, or to the one in its place."""
        if not self._allows(caller, "list-dossiers", "Agency", agency, self._of_agency(caller, agency)):
            raise NotFound

    def on_agency(self, caller: Caller, action: str, agency: str) -> None:
        """Raises `NotFound` unless the caller belongs to the agency, `NotAllowed` where only the action is refused."""
        self.list_agency(caller, agency)
        if not self._allows(caller, action, "Agency", agency, self._of_agency(caller, agency)):
            raise NotAllowed

    def see_task(self, caller: Caller, agency: str, task: str) -> None:
        """Raises `NotFound` unless the caller belongs to the task's agency."""
        if not self._allows(caller, "view-task", "Task", task, {"roles": self._roles(caller, agency)}):
            raise NotFound

    def return_draft(self, caller: Caller, task: SigningTask) -> None:
        """Raises `NotFound` for another agency's task, `NotAllowed` for all but the official in whose name it is drafted."""
        self.see_task(caller, task.agency, task.id)
        if not self._allows(caller, "return-draft", "Task", task.id, self._of_task(caller, task)):
            raise NotAllowed

    def take_back_draft(self, caller: Caller, dossier: Dossier, document: Document) -> Appointment:
        """The appointment of a clerk of the agency that issues the document. Raises `NotFound` where the dossier may not be
        seen, `CompetentAgencyOnly` for a clerk of the desk where the competent agency issues it, `NotAllowed`.
        """
        return self._as_clerk(caller, "take-back-draft", dossier, document, document.agency)

    def amend(self, caller: Caller, dossier: Dossier, document: Document) -> Appointment:
        """The appointment of a clerk of the agency that issued the document, or of the one that stands in its place now, under
        which it is replaced, corrected or revoked; raises as `take_back_draft`."""
        return self._as_clerk(caller, "amend", dossier, document, self.standing(document.agency))

    def standing(self, agency: str) -> str:
        """The agency that answers today for what an agency issued: itself, or whichever came into its place."""
        return in_place_of(self.catalogue.agency, agency, self.clock.now())

    def _as_clerk(self, caller: Caller, action: str, dossier: Dossier, document: Document, agency: str) -> Appointment:
        self.see_dossier(caller, dossier)
        clerk = self.appointment(caller, agency, Role.CLERK)
        context = {"roles": self._roles(caller, agency)}
        if clerk and self._allows(caller, action, "Document", document.id, context):
            return clerk
        agencies = dossier.filing.agencies
        elsewhere = document.agency == agencies.competent and self.appointment(caller, agencies.receiving, Role.CLERK)
        raise CompetentAgencyOnly if elsewhere and not clerk else NotAllowed

    def sign_task(self, caller: Caller, task: SigningTask) -> None:
        """Raises `NotFound` for another agency's task, `NotAllowed` for a wrong role or for a document in another official's
        name, `StrongLoginRequired` for an old login, `SignerNotEntitled` where the capacity rests on nothing that stands now.
        """
        self.see_task(caller, task.agency, task.id)
        named = next((held for held in self._appointments(caller) if held.id == task.official), None)
        context = {"roles": self._roles(caller, task.agency), "is_named": named is not None}
        self._require_strong(caller, "sign", "Task", task.id, context)
        if named:
            self._require_standing(named, task)

    def see_sealing(self, caller: Caller, agency: str) -> None:
        """Raises `NotFound` unless the caller may see what waits for the agency's records office."""
        if not self._allows(caller, "view-sealing", "Agency", agency, {"roles": self._roles(caller, agency)}):
            raise NotFound

    def decide_sealing(self, caller: Caller, action: str, agency: str) -> Appointment:
        """The appointment in the records office under which a caller releases ("release"), has a document made anew
        ("render-anew") or sends it back ("return-signed").

        Raises `NotFound` for another agency, `NotAllowed` for another role, `StrongLoginRequired` for an old login.
        """
        self.see_sealing(caller, agency)
        return self._as_records_office(caller, action, agency)

    def order_copy(self, caller: Caller, dossier: Dossier, document: Document | None) -> Appointment:
        """The appointment in the records office under which a caller has a document copied, or a file that others issued (None): of
        the agency that issued or decides, or of the one at whose desk the dossier is, or of those in their places now. Raises as
        `decide_sealing`."""
        self.see_dossier(caller, dossier)
        agencies = dossier.filing.agencies
        for agency in map(self.standing, (document.agency if document else agencies.competent, agencies.receiving)):
            if self.appointment(caller, agency, Role.RECORDS_OFFICE):
                return self._as_records_office(caller, "order-copy", agency)
        raise NotAllowed

    def bring_copy_source(self, caller: Caller, dossier: Dossier) -> Appointment:
        """The appointment under which a caller brings, and sees, files that are to be copied. Raises `NotFound`, `NotAllowed`."""
        self.see_dossier(caller, dossier)
        agencies = dossier.filing.agencies
        for agency in map(self.standing, (agencies.competent, agencies.receiving)):
            for role in (Role.RECORDS_OFFICE, Role.CLERK):
                held = self.appointment(caller, agency, role)
                context = {"roles": self._roles(caller, agency)}
                if held and self._allows(caller, "bring-copy-source", "Agency", agency, context):
                    return held
        raise NotAllowed

    def see_number_book(self, caller: Caller, agency: str) -> None:
        """Raises `NotFound` unless the caller may read the agency's number books."""
        if not self._allows(caller, "view-number-book", "Agency", agency, self._of_agency(caller, agency)):
            raise NotFound

    def void_number(self, caller: Caller, agency: str) -> Appointment:
        """The appointment under which a caller makes a number void; raises as `decide_sealing`."""
        self.see_number_book(caller, agency)
        return self._as_records_office(caller, "void-number", agency)

    def print_number_book(self, caller: Caller, agency: str) -> None:
        """Raises `NotFound` unless the caller may read the agency's number books, `NotAllowed` unless it may print them."""
        self.see_number_book(caller, agency)
        if not self._allows(caller, "print-number-book", "Agency", agency, {"roles": self._roles(caller, agency)}):
            raise NotAllowed

    def _as_records_office(self, caller: Caller, action: str, agency: str) -> Appointment:
        self._require_strong(caller, action, "Agency", agency, {"roles": self._roles(caller, agency)})
        held = self.appointment(caller, agency, Role.RECORDS_OFFICE)
        if held is None:
            raise NotAllowed
        return held

    def _require_strong(self, caller: Caller, action: str, kind: str, resource: str, context: dict[str, Any]) -> None:
        if self._allows(caller, action, kind, resource, context):
            return
        # The same rights with a login that would do: only the login is missing.
        renewed = caller.model_copy(update={"acr": "loa3", "auth_time": self.clock.now()})
        raise StrongLoginRequired if self._allows(renewed, action, kind, resource, context) else NotAllowed

    def _require_standing(self, official: Appointment, task: SigningTask) -> None:
        if word := hindrance(self.catalogue, official, self.clock.now(), task.terms.capacities):
            raise SignerNotEntitled(reason=word)

    def see_credentials(self, caller: Caller) -> None:
        """Raises `NotAllowed` unless the caller may use credentials at all."""
        if not self._allows(caller, "view-credentials", "Service", "credentials", {}):
            raise NotAllowed

    def see_session(self, caller: Caller, session: SigningSession) -> None:
        """Raises `NotFound` unless the session is the caller's own."""
        if not self._allows(caller, "view-session", "Session", session.id, _of_session(caller, session)):
            raise NotFound

    def use_session(self, caller: Caller, session: SigningSession) -> None:
        """Raises `NotFound` for another's session, `StrongLoginRequired` for an old login."""
        self.see_session(caller, session)
        if not self._allows(caller, "use-session", "Session", session.id, _of_session(caller, session)):
            raise StrongLoginRequired

    def _appointments(self, caller: Caller) -> tuple[Appointment, ...]:
        if caller.is_machine:
            return ()
        now = self.clock.now()
        return tuple(held for held in self.catalogue.appointments_of(caller.subject) if held.valid_at(now))

    def _roles(self, caller: Caller, agency: str) -> list[str]:
        return [held.role.value for held in self._appointments(caller) if held.agency == agency]

    def _of_task(self, caller: Caller, task: SigningTask) -> dict[str, Any]:
        is_named = any(held.id == task.official for held in self._appointments(caller))
        return {"roles": self._roles(caller, task.agency), "is_named": is_named}

    def _succeeding(self, caller: Caller, agency: str) -> list[str]:
        """The caller's roles in the agency that came into this one's place; none where nobody did."""
        standing = self.standing(agency)
        return self._roles(caller, standing) if standing != agency else []

    def _of_agency(self, caller: Caller, agency: str) -> dict[str, Any]:
        return {"roles": self._roles(caller, agency), "successor_roles": self._succeeding(caller, agency)}

    def _of_dossier(self, caller: Caller, dossier: Dossier) -> dict[str, Any]:
        agencies = dossier.filing.agencies
        return {
            **self._of_agency(caller, agencies.competent),
            "desk_roles": self._roles(caller, agencies.receiving),
            "successor_desk_roles": self._succeeding(caller, agencies.receiving),
            "is_party": caller.party_key is not None and caller.party_key in dossier.filing.party_keys,
            "is_requester": caller.party_key is not None and caller.party_key in dossier.filing.party_keys[:1],
            "is_filer": caller.is_machine and caller.client == dossier.filing.asserted.client,
        }

    def _allows(self, caller: Caller, action: str, kind: str, resource: str, context: dict[str, Any]) -> bool:
        request = {
            "principal": f"Caller::{json.dumps(caller.subject)}",
            "action": f'Action::"{action}"',
            "resource": f"{kind}::{json.dumps(resource)}",
            "context": {
                "scopes": sorted(caller.scopes),
                "roles": [],
                "desk_roles": [],
                "successor_roles": [],
                "successor_desk_roles": [],
                "is_party": False,
                "is_requester": False,
                "is_filer": False,
                "is_owner": False,
                "is_named": False,
                "acr": caller.acr or "",
                "level": caller.level,
                "level_asked": 0,
                "login_age": _login_age(caller, self.clock.now()),
                **context,
            },
        }
        return cedarpy.is_authorized(request, _policy(), []).allowed


def _of_session(caller: Caller, session: SigningSession) -> dict[str, Any]:
    return {"is_owner": not caller.is_machine and caller.subject == session.person}


def _login_age(caller: Caller, now: datetime) -> int:
    return int((now - caller.auth_time).total_seconds()) if caller.auth_time else -1


@cache
def _policy() -> str:
    return files("chauban.access").joinpath("policy.cedar").read_text(encoding="utf-8")
