"""Asking a register about a person: never without consent or legal ground, purpose, officer and request id.

"Only once" (Decree 118/2025): what the state knows already is not asked of the citizen again. What is asked, by whom and why
is kept for ever; the answer itself only for the session it was asked in, and of it only what the form names.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chauban.dossiers.facts import Actor
from chauban.dossiers.model import FormRef
from chauban.forms.prefill_rules import Attribute, When
from chauban.values import Frozen


class Ground(StrEnum):
    """Why the register may be asked: the person agreed, or a clerk settles the person's own dossier."""

    CONSENT = "consent"
    DOSSIER = "dossier"


class Consent(Frozen):
    """The ground of an inquiry, and since when it stands."""

    ground: Ground
    at: datetime


class Inquiry(Frozen):
    """One question. `name` and `personal_number` say who is meant; they go into the register's request and nowhere else."""

    request_id: str
    officer: str
    consent: Consent
    purpose: str
    procedure: str
    name: str
    personal_number: str
    attributes: tuple[Attribute, ...]


class Registry(Protocol):
    """A register of people."""

    def ask(self, inquiry: Inquiry) -> dict[Attribute, str]:
        """What the register knows of the attributes asked for; those it does not know are left out.

        Raises `RegistryRefused`, `RegistryUnavailable`, `RegistryAnswerUnusable`.
        """
        ...


class Outcome(StrEnum):
    """How an inquiry ended. `asked` stays where the process was killed while it waited."""

    ASKED = "asked"
    ANSWERED = "answered"
    REMEMBERED = "remembered"
    FAILED = "failed"


class InquiryRecord(Frozen):
    """The audit record of an inquiry: who, about whom (an access key), why, for what, with what end. No name, no number."""

    request_id: str
    at: datetime
    by: Actor
    officer: str
    person: str
    consent: Consent
    purpose: str
    procedure: str
    form: FormRef
    dossier: str | None
    attributes: tuple[Attribute, ...]
    outcome: Outcome = Outcome.ASKED
    reason: str | None = None


class Prefill(Frozen):
    """Answers filled from a register, kept until the session ends; `locked` are pointers that may not differ at submission.

    `token` names it to its session; `person` is the access key of the one it is about. A pointer in `when` counts only
    where the answer named there is given.
    """

    token: str
    session: str
    person: str
    form: FormRef
    dossier: str | None
    request_id: str
    values: dict[str, str]
    locked: tuple[str, ...]
    when: dict[str, When] = {}
    made_at: datetime
    expires_at: datetime


class PrefillStore(Protocol):
    """Where prefills are kept for their session, and inquiries for ever."""

    def of_session(self, session: str) -> Prefill | None:
        """The prefill of a session that is still good."""
        ...

    def of_token(self, token: str) -> Prefill | None:
        """The prefill with that token that is still good."""
        ...

    def keep(self, prefill: Prefill) -> None:
        """Keeps a prefill until it expires."""
        ...

    def record(self, record: InquiryRecord) -> None:
        """Writes an inquiry down, or its end; what was written stays. Raises `ConcurrentChange` where it was written before."""
        ...
