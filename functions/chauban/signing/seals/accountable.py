"""Who answers for an organisation's seal: the records office of the agency (Decree 30/2020/ND-CP, Article 32)."""

from datetime import datetime

from chauban.access.catalogue import Appointment, Role
from chauban.errors import NotConfigured
from chauban.ports import Catalogue


def accountable(catalogue: Catalogue, agency: str, at: datetime) -> Appointment:
    """The appointment in the agency's records office that holds at an aware moment, of several the one that began last.

    Raises `NotConfigured` where there is none: nothing is sealed that nobody answers for.
    """
    held = [one for one in catalogue.officials_of(agency) if one.role is Role.RECORDS_OFFICE and one.valid_at(at)]
    if not held:
        raise NotConfigured(what="a valid appointment in the records office of the agency")
    return max(held, key=lambda one: (one.valid_from, one.id))
