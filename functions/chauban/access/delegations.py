"""Whether an official may sign in the capacity that the appointment states: what it rests on, and whether that stands."""

from collections.abc import Collection
from datetime import datetime

from chauban.access.catalogue import Appointment, Capacity, Delegation, Role

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
    capacity-not-allowed, appointment-not-valid, delegation-missing, delegation-of-another-agency, delegation-not-yet-valid,
    delegation-expired, delegation-withdrawn.
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
        (at < delegation.valid_from, "delegation-not-yet-valid"),
        (delegation.withdrawn_at is not None and at >= delegation.withdrawn_at, "delegation-withdrawn"),
        (delegation.valid_to is not None and at >= delegation.valid_to, "delegation-expired"),
    )
    return next((word for holds, word in checks if holds), None)
