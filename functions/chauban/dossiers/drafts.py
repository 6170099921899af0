"""Drafts: unfinished answers, kept for 30 days for the one who wrote them, with the form version that they began with."""

from datetime import datetime, timedelta
from typing import Any

from chauban.access.identity import Caller
from chauban.dossiers.model import FormRef
from chauban.values import Frozen

KEPT = timedelta(days=30)


class Draft(Frozen):
    """A draft. `owner` is whose it is (an access key or a client, never a personal number); `version` guards changes.

    Its version was current when it was opened: that is what the days of grace rest on.
    """

    id: str
    owner: str
    form: FormRef
    procedure: str
    agency: str | None
    answers: dict[str, Any]
    opened_at: datetime
    changed_at: datetime
    expires_at: datetime
    version: int = 1


def owner_of(caller: Caller) -> str:
    """Whose a caller's drafts are: a person's through any portal, or a client's that works for itself."""
    if caller.is_machine:
        return f"client|{caller.client}"
    return f"party|{caller.party_key}" if caller.party_key else f"person|{caller.subject}"
