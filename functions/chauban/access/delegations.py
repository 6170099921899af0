"""Whether an official may sign in the capacity that the appointment states: what it rests on, and whether that stands."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from chauban.access.catalogue import Appointment, Capacity, Delegation, Role
from chauban.errors import DelegationFixed
from chauban.ports import Catalogue

# Who signs for somebody else needs a reason on paper: a delegation of its own, or the agency's standing rules.
FOR_ANOTHER = frozenset({Capacity.Q, Capacity.KT, Capacity.TL, Capacity.TUQ})


def unfounded(appointment: Appointment, delegation: Delegation | None) -> str | None:
    """What an appointment lacks to sign in its capacity at all, in words for whoever keeps the catalogue; None for nothing.

    Decree 30/2020/ND-CP, Article 13: TUQ. takes a document limited in time; the others a document or the working regulations.
    """
    if appointment.role is not Role.OFFICIAL or appointment.acting not in FOR_ANOTHER:
        return None
    if appointment.acting is Capacity.TUQ and delegation is None:
        return "TUQ. needs a delegation record"
    if appointment.acting is Capacity.TUQ and delegation and delegation.valid_to is None:
        return "TUQ. needs a delegation that ends (valid_to)"
    if delegation is None and not appointment.legal_basis:
        return f"{appointment.acting.value}. needs a delegation record or a legal basis"
    return None


def refusal(
    appointment: Appointment,
    delegation: Delegation | None,
    at: datetime,
    capacities: Collection[Capacity] = tuple(Capacity),
) -> str | None:
    """Why an appointment may not sign at an aware moment, as a stable word; None where it may.

    `delegation` is the record that the appointment names, `capacities` those in which the document may be signed. The words:
    capacity-not-allowed, appointment-not-valid, delegation-missing, delegation-of-another-agency,
    delegation-of-another-person, delegation-not-yet-valid, delegation-expired, delegation-withdrawn.
    """
    if appointment.acting not in capacities:
        return "capacity-not-allowed"
    if not appointment.valid_at(at):
        return "appointment-not-valid"
    if appointment.delegation is None and unfounded(appointment, None) is None:
        return None
    if delegation is None or unfounded(appointment, delegation):
        return "delegation-missing"
    checks = (
        (delegation.agency != appointment.agency, "delegation-of-another-agency"),
        (appointment.id not in delegation.grantees, "delegation-of-another-person"),
    )
    return next((word for holds, word in checks if holds), None) or out_of_time(delegation, at)


def out_of_time(delegation: Delegation, at: datetime) -> str | None:
    """Why a delegation does not stand at an aware moment: delegation-not-yet-valid, -withdrawn or -expired; None where it does."""
    checks = (
        (at < delegation.valid_from, "delegation-not-yet-valid"),
        (delegation.withdrawn_at is not None and at >= delegation.withdrawn_at, "delegation-withdrawn"),
        (delegation.valid_to is not None and at >= delegation.valid_to, "delegation-expired"),
    )
    return next((word for holds, word in checks if holds), None)


def hindrance(
    catalogue: Catalogue, appointment: Appointment, at: datetime, capacities: Collection[Capacity]
) -> str | None:
    """As `refusal`, with the delegation as it is on record now and whoever gave it."""
    delegation = delegation_of(catalogue, appointment)
    word = refusal(appointment, delegation, at, capacities)
    return word or (_without_grantor(catalogue, delegation, at) if delegation else None)


def stands(catalogue: Catalogue, delegation: str, at: datetime) -> str | None:
    """Why the delegation with that id does not stand at an aware moment, as a stable word; None where it does."""
    found = catalogue.delegation(delegation)
    if found is None:
        return "delegation-missing"
    return out_of_time(found, at) or _without_grantor(catalogue, found, at)


def _without_grantor(catalogue: Catalogue, delegation: Delegation, at: datetime) -> str | None:
    """Whoever gave it held office when it began, and holds it still; judged where the record names the appointment."""
    if delegation.grantor_appointment is None:
        return None
    held = (one for one in catalogue.officials_of(delegation.agency) if one.id == delegation.grantor_appointment)
    grantor = next(held, None)
    in_office = grantor is not None and all(grantor.valid_at(moment) for moment in (delegation.valid_from, at))
    return None if in_office else "delegation-grantor-not-in-office"


def delegation_of(catalogue: Catalogue, appointment: Appointment) -> Delegation | None:
    """The record that an appointment names, as it is now."""
    return catalogue.delegation(appointment.delegation) if appointment.delegation else None


def signs_as(appointment: Appointment, delegation: Delegation | None) -> dict[str, Any]:
    """In which capacity an appointment signs, and what that rests on as it stands now: for the facts of a dossier."""
    return {
        "capacity": appointment.acting.value,
        "legal_basis": appointment.legal_basis,
        "delegation": _named(delegation) if delegation else None,
    }


def _named(delegation: Delegation) -> dict[str, Any]:
    ends = {"valid_from": delegation.valid_from, "valid_to": delegation.valid_to}
    in_utc = {name: at.astimezone(UTC) if at else None for name, at in ends.items()}
    said = delegation.model_copy(update=in_utc)
    return said.model_dump(mode="json", include={"id", "number", "legal_basis", "grantor", *ends})


def require_kept(before: Delegation | None, after: Delegation) -> None:
    """Raises `DelegationFixed` where a record says something else than the one on record, `before`, by which may have been signed.

    Only its end may change: `valid_to` to an earlier one, `withdrawn_at` once. A record for nobody gets its grantees, and
    one that does not name its grantor's appointment gets that.
    """
    if before is None or before == after:
        return
    changed = [name for name in Delegation.model_fields if getattr(before, name) != getattr(after, name)]
    if before.valid_to is None or (after.valid_to is not None and after.valid_to < before.valid_to):
        changed = [name for name in changed if name != "valid_to"]
    once = {name for name in ("withdrawn_at", "grantees", "grantor_appointment") if not getattr(before, name)}
    changed = [name for name in changed if name not in once]
    if changed:
        raise DelegationFixed(delegation=before.id, members=", ".join(changed))
