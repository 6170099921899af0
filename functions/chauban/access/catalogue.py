"""Agencies and appointments: the data that rights come from, valid at the moment of the act."""

from datetime import datetime
from enum import StrEnum

from chauban.values import Frozen


class Role(StrEnum):
    """What an appointment entitles to within its agency."""

    CLERK = "clerk"
    OFFICIAL = "official"
    RECORDS_OFFICE = "records_office"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Agency(Frozen):
    """An agency. `id` is never parsed; `identifier` is its e-identifier, the head of dossier codes; `name` as printed."""

    id: str
    identifier: str
    name: str
    parent_name: str | None = None
    place: str
    address: str
    competent_level: str
    valid_from: datetime
    valid_to: datetime | None = None
    parent: str | None = None
    successor: str | None = None

    def valid_at(self, moment: datetime) -> bool:
        """Whether the agency exists at an aware `moment`."""
        return self.valid_from <= moment and (self.valid_to is None or moment < self.valid_to)


class Appointment(Frozen):
    """A person's office in an agency: role, title and capacity as they are printed over a signature."""

    id: str
    person: str
    agency: str
    role: Role
    name: str
    title: str
    authority: str | None = None
    capacity: str | None = None
    delegation: str | None = None
    legal_basis: str | None = None
    valid_from: datetime
    valid_to: datetime | None = None

    def valid_at(self, moment: datetime) -> bool:
        """Whether the appointment holds at an aware `moment`."""
        return self.valid_from <= moment and (self.valid_to is None or moment < self.valid_to)
