"""What the API answers about supplement requests, the history, and the way of a dossier through the offices."""

from collections.abc import Collection
from datetime import date, datetime

from pydantic import BaseModel

from chauban.dossiers.control_slip import SlipRow
from chauban.dossiers.documents import OPEN
from chauban.dossiers.facts import Fact, FactType
from chauban.dossiers.model import Dossier


class MissingView(BaseModel):
    what: str
    reason: str
    component: str | None


class SupplementRequestView(BaseModel):
    """A request; `id` names it in the answer and is the id of its notice. `due_at` is the dossier's, null while it is open.

    `status`: open, answered; drafted (an official is to sign it first), returned, cancelled.
    """

    id: str
    ordinal: int
    status: str
    items: list[MissingView]
    note: str | None
    until: date | None
    requested_at: datetime
    answered_at: datetime | None
    due_at: datetime | None


class DelegationView(BaseModel):
    """The document by which somebody signs for the head, as it stood at that moment."""

    id: str
    number: str
    legal_basis: str
    grantor: str
    valid_from: datetime
    valid_to: datetime | None


class SignerView(BaseModel):
    """An official who is to sign, or has signed: the appointment, in which capacity, and what that rests on."""

    official: str
    capacity: str
    legal_basis: str | None
    delegation: DelegationView | None


class FactView(BaseModel):
    """One entry of the history; `by` is the kind of actor, never a person. `seq` has gaps where something is not for the reader.

    `signers` is for those inside the administration: the officials whom a draft names, or whose signature was accepted or embedded;
    so is `certificate_check`, what was found about a certificate before a signature or document timestamp, came it to be or not.
    """

    seq: int
    type: str
    at: datetime
    by: str
    document: str | None
    signers: list[SignerView] | None
    certificate_check: dict[str, str] | None


class SlipRowView(BaseModel):
    """One hand-over; `result` is early, on_time, late, running or untimed."""

    giver: str
    taker: str
    at: datetime
    due_at: datetime | None
    done_at: datetime | None
    result: str
    note: str | None


class ControlSlipView(BaseModel):
    """The slip as it is now; printed ones are among the dossier's documents."""

    dossier: str
    code: str
    status: str
    due_at: datetime | None
    rows: list[SlipRowView]


def supplement_requests(dossier: Dossier) -> list[SupplementRequestView]:
    """All requests of a dossier that were made to the citizen, oldest first."""
    return [_request(dossier, fact) for fact in dossier.facts if fact.type is FactType.SUPPLEMENT_REQUESTED]


def request_view(dossier: Dossier, document: str) -> SupplementRequestView:
    """One request by the id of its notice, drafted ones too: it is for the clerk who asked."""
    asked = {FactType.SUPPLEMENT_REQUESTED, FactType.NOTICE_DRAFTED}
    found = [fact for fact in dossier.facts if fact.type in asked and fact.data["document"] == document]
    return _request(dossier, found[-1])


def _request(dossier: Dossier, fact: Fact) -> SupplementRequestView:
    document = fact.data["document"]
    supplements = (one for one in dossier.facts if one.type is FactType.SUPPLEMENTED)
    answered = next((one.at for one in supplements if one.data["request"] == document), None)
    status = "answered" if answered else "open"
    if fact.type is FactType.NOTICE_DRAFTED:
        kept = dossier.document(document).status
        status = "drafted" if kept in OPEN else kept.value
    return SupplementRequestView(
        id=document,
        ordinal=fact.data["ordinal"],
        status=status,
        items=[MissingView(**item) for item in fact.data["items"]],
        note=fact.data["note"],
        until=fact.data["until"],
        requested_at=fact.at,
        answered_at=answered,
        due_at=dossier.due_at,
    )


def history(dossier: Dossier, hidden: Collection[str], *, inside: bool) -> list[FactView]:
    """What happened, without the entries of the `hidden` documents; from `inside` with who signs by which right and key."""
    shown = (fact for fact in dossier.facts if fact.data.get("document") not in hidden)
    return [
        FactView(
            seq=fact.seq,
            type=fact.type.value,
            at=fact.at,
            by=fact.by.kind,
            document=fact.data.get("document"),
            signers=(_signers(fact) or None) if inside else None,
            certificate_check=fact.data.get("certificate_check") if inside else None,
        )
        for fact in shown
    ]


def _signers(fact: Fact) -> list[SignerView]:
    several = fact.data.get("signatories") or [{"official": fact.by.appointment, **fact.data}]
    return [
        SignerView(official=one["official"], **one["signs_as"])
        for one in several
        if one.get("official") and one.get("signs_as")
    ]


def control_slip_view(dossier: Dossier, rows: tuple[SlipRow, ...]) -> ControlSlipView:
    """A slip."""
    return ControlSlipView(
        dossier=dossier.id,
        code=dossier.filing.code,
        status=dossier.status.value,
        due_at=dossier.due_at,
        rows=[SlipRowView(**row.model_dump(mode="json")) for row in rows],
    )
