"""What the API answers: views of domain values, mapped one by one so that nothing leaves by accident."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from chauban.dossiers.amendments import as_it_stands, not_told
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier, DossierLine, FormRef, IssuedResult
from chauban.dossiers.notice_effects import untold
from chauban.dossiers.parties import Party
from chauban.forms.definition import FormDefinition, ProcedureRef
from chauban.http.attachment_views import AttachmentView, attachment_view
from chauban.http.document_views import DocumentView, advice, document_view
from chauban.http.notice_views import FactView, SupplementRequestView, history, supplement_requests
from chauban.http.problems import ProblemError


class ProcedureView(BaseModel):
    """A procedure that can be filed today, and the form for it."""

    code: str
    name: str
    form: FormRef
    level: str
    processing_hours: int
    fee: int


class ProcedureList(BaseModel):
    items: list[ProcedureView]


class FormView(BaseModel):
    """A form version: data schema, layout, texts."""

    slug: str
    version: str
    title: dict[str, str]
    procedures: list[ProcedureRef]
    valid_from: str
    valid_to: str | None
    grace_days: int
    withdrawn: bool
    legal_basis: list[str]
    form_schema: dict[str, Any] = Field(serialization_alias="schema")
    uischema: dict[str, Any]
    texts: dict[str, dict[str, Any]]
    decision_schemas: dict[str, dict[str, Any]]
    attachments: list[dict[str, Any]]
    results: list[dict[str, Any]]


class ValidationView(BaseModel):
    """What is wrong with the answers given, what is still missing, and which questions are not asked."""

    valid: bool
    hidden: list[str]
    errors: list[ProblemError]
    missing: list[ProblemError]


class DraftView(BaseModel):
    """A draft as its writer sees it."""

    id: str
    form: FormRef
    procedure: str
    agency: str | None
    answers: dict[str, Any]
    opened_at: datetime
    changed_at: datetime
    expires_at: datetime
    version: int


class AgenciesView(BaseModel):
    competent: str
    receiving: str
    supporting: str


class DossierView(BaseModel):
    """A dossier as its parties, its portal and its agency see it; `from_registry` points to the answers that a register gave.

    Only the agency sees notices that are drafted, or never came to be.
    """

    id: str
    code: str
    former_code: str | None
    status: str
    version: int
    procedure: str
    procedure_name: str
    form: FormRef
    agencies: AgenciesView
    channel: str
    requester: Party
    owner: Party
    representative: Party | None
    submitted_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    payment: str
    answers: dict[str, Any]
    from_registry: list[str]
    supplement_requests: list[SupplementRequestView]
    documents: list[DocumentView]
    attachments: list[AttachmentView]
    history: list[FactView]


class DossierSummary(BaseModel):
    """A line of a work list."""

    id: str
    code: str
    status: str
    procedure: str
    agency: str
    requester_name: str
    submitted_at: datetime
    due_at: datetime | None


class DossierList(BaseModel):
    items: list[DossierSummary]
    cursor: str | None


class DownloadView(BaseModel):
    """Where to get a file, until when, and its SHA-256 to check it by."""

    url: str
    expires_at: datetime
    sha256: str
    revision: int | None = None


class DossierRef(BaseModel):
    id: str
    code: str


class ResultDocumentView(BaseModel):
    """An issued result; `advice` as with its link, the rest as in a dossier's documents."""

    id: str
    kind: str
    title: str
    number: str | None
    date: str | None
    issued_at: datetime
    revision: int
    sha256: str
    validity: str
    replaces: str | None
    replaced_by: str | None
    corrected_by: list[str]
    revoked_by: str | None
    annexes: list[str]
    advice: str | None


class ResultView(BaseModel):
    """An issued result and its dossier."""

    dossier: DossierRef
    document: ResultDocumentView


class ResultList(BaseModel):
    items: list[ResultView]
    cursor: str | None


def procedure_view(form: FormDefinition, procedure: ProcedureRef) -> ProcedureView:
    """A procedure with the form that serves it."""
    return ProcedureView(
        code=procedure.code,
        name=procedure.name,
        form=FormRef(slug=form.slug, version=form.version),
        level=form.head.competent_level,
        processing_hours=form.head.processing_hours,
        fee=form.head.fee,
    )


def form_view(form: FormDefinition, *, withdrawn: bool) -> FormView:
    """A form version; a withdrawn one takes no new filings."""
    head = form.head
    return FormView(
        slug=form.slug,
        version=form.version,
        title=head.title,
        procedures=list(head.procedures),
        valid_from=head.valid_from.isoformat(),
        valid_to=head.valid_to.isoformat() if head.valid_to else None,
        grace_days=head.grace_days,
        withdrawn=withdrawn,
        legal_basis=list(head.legal_basis),
        form_schema=form.form_schema,
        uischema=form.uischema,
        texts=form.texts,
        decision_schemas=form.decision_schemas,
        attachments=[rule.model_dump(mode="json") for rule in head.attachments],
        results=[result.model_dump(mode="json") for result in head.results],
    )


def dossier_view(dossier: Dossier, *, inside: bool) -> DossierView:
    """A whole dossier; only from `inside` the administration with notices that wait for an official, or never came to be."""
    filing, hidden = dossier.filing, frozenset() if inside else untold(dossier) | not_told(dossier)
    received = dossier.fact(FactType.RECEIVED)
    return DossierView(
        id=filing.id,
        code=filing.code,
        former_code=filing.former_code,
        status=dossier.status.value,
        version=dossier.version,
        procedure=filing.procedure,
        procedure_name=filing.procedure_name,
        form=filing.form,
        agencies=AgenciesView(**filing.agencies.model_dump()),
        channel=filing.channel.value,
        requester=filing.requester,
        owner=filing.owner,
        representative=filing.representative,
        submitted_at=filing.submitted_at,
        received_at=received.at if received else None,
        due_at=dossier.due_at,
        payment="not_required",
        answers=dossier.answers,
        from_registry=sorted(dossier.from_registry),
        supplement_requests=supplement_requests(dossier),
        documents=[document_view(as_it_stands(dossier, one)) for one in dossier.documents if one.id not in hidden],
        attachments=[attachment_view(attachment) for attachment in dossier.papers],
        history=history(dossier, hidden, inside=inside),
    )


def dossier_summary(line: DossierLine) -> DossierSummary:
    """A line of a work list."""
    return DossierSummary(**line.model_dump(mode="json"))


def result_view(result: IssuedResult, language: str) -> ResultView:
    """An issued result with its newest revision, and what to do about it in a language."""
    issued = result.document
    newest = issued.revisions[-1]
    view = document_view(issued)
    return ResultView(
        dossier=DossierRef(id=result.dossier.id, code=result.dossier.code),
        document=ResultDocumentView(
            id=issued.id,
            kind=view.kind,
            title=issued.title,
            number=view.number,
            date=view.date,
            issued_at=issued.revisions[0].made_at,
            revision=newest.revision,
            sha256=newest.file.sha256,
            validity=view.validity,
            replaces=view.replaces,
            replaced_by=view.replaced_by,
            corrected_by=view.corrected_by,
            revoked_by=view.revoked_by,
            annexes=view.annexes,
            advice=advice(issued, language),
        ),
    )
