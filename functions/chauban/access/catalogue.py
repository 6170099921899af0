"""Agencies and appointments: the data that rights come from, valid at the moment of the act."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from chauban.values import Frozen


class Role(StrEnum):
    """What an appointment entitles to within its agency."""

    CLERK = "clerk"
    OFFICIAL = "official"
    RECORDS_OFFICE = "records_office"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Capacity(StrEnum):
    """In whose stead an official signs (Decree 30/2020/ND-CP, Article 13, and its Annex I, box 7a), by the abbreviation's letters.

    `OWN` is the head's own office, `TM` the collective that the head speaks for, `Q` the acting head, `KT` a deputy for the
    head, `TL` by order of the head, `TUQ` by the head's delegation in writing.
    """

    OWN = "own"
    TM = "TM"
    Q = "Q"
    KT = "KT"
    TL = "TL"
    TUQ = "TUQ"


class Agency(Frozen):
    """An agency. `id` is never parsed; `identifier` is its e-identifier, the head of dossier codes; `name` as printed. From
    `valid_to` on its `successor` answers for what it issued."""

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
        return self.valid_from <= moment and not self.ended_at(moment)

    def ended_at(self, moment: datetime) -> bool:
        """Whether the agency has come to its end by an aware `moment`."""
        return self.valid_to is not None and self.valid_to <= moment


class Appointment(Frozen):
    """A person's office in an agency: role, title and capacity as they are printed over a signature.

    `authority` is the line with "TM.", `capacity` the line with "Q.", "KT.", "TL." or "TUQ."; `delegation` names the record
    that the capacity rests on, `legal_basis` the standing rule (working regulations) where there is no such record.
    """

    id: str
    person: str
    agency: str
    role: Role
    name: str
    title: str
    authority: str | None = Field(default=None, pattern=r"^TM\. \S")
    capacity: str | None = Field(default=None, pattern=r"^(Q|KT|TL|TUQ)\. \S")
    delegation: str | None = None
    legal_basis: str | None = None
    valid_from: datetime
    valid_to: datetime | None = None

    def valid_at(self, moment: datetime) -> bool:
        """Whether the appointment holds at an aware `moment`."""
        return self.valid_from <= moment and (self.valid_to is None or moment < self.valid_to)

    @property
    def printed(self) -> tuple[str, ...]:
        """The lines over a signature and the name below it, as they are printed."""
        return tuple(line for line in (self.authority, self.capacity, self.title, self.name) if line)

    @property
    def acting(self) -> Capacity:
        """The capacity by its abbreviation; a deputy who signs for the head of a collective acts as `KT`."""
        if self.capacity:
            return Capacity(self.capacity.partition(".")[0])
        return Capacity.TM if self.authority else Capacity.OWN


class Delegation(Frozen):
    """A document by which the head of an agency lets somebody else sign: its number, what it rests on, the office that
    gave it, to whom (`grantees`, ids of appointments), for which agency, and from when to when; `withdrawn_at` ends it early.
    `grantor_appointment` is the appointment of whoever gave it: it stands while that does.

    Every record that is loaded names its grantees; one that was recorded before that was asked is for nobody.
    """

    id: str
    number: str
    legal_basis: str
    grantor: str
    grantor_appointment: str | None = None
    agency: str
    grantees: tuple[str, ...] = ()
    valid_from: datetime
    valid_to: datetime | None = None
    withdrawn_at: datetime | None = None
