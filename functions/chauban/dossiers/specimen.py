"""A dossier that nobody filed: what documents are tried out on, before a form is published and in a citizen's preview."""

from datetime import datetime, timedelta
from typing import Any

import rfc8785

from chauban.access.catalogue import Agency
from chauban.documents.requests import RenderRequest
from chauban.dossiers.annexes import drafted_annex, with_annexes
from chauban.dossiers.documents import Document, DocumentKind
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Agencies, Assertion, Channel, Dossier, Filing, FormRef
from chauban.dossiers.parties import Contact, Party
from chauban.dossiers.print_context import embedded_data, print_context
from chauban.forms.definition import FormDefinition
from chauban.ports import FormLibrary

SPECIMEN_ID = "0" * 26
NOT_FILED = "XEM-TRUOC"
RECEIPT_TEMPLATE = "_shared/receipt.html"
_SIGNER = {
    "name": "Nguyễn Văn Mẫu",
    "title": "CHỦ TỊCH",
    "authority": "TM. ỦY BAN NHÂN DÂN",
    "capacity": None,
}


def specimen_filing(
    form: FormDefinition, procedure: str, agency: Agency, requester: Party, answers: dict[str, Any], at: datetime
) -> Filing:
    """A filing with an id and a code that no dossier has."""
    served = form.procedure(procedure, at.date())
    return Filing(
        id=SPECIMEN_ID,
        code=NOT_FILED,
        former_code=None,
        procedure=procedure,
        procedure_name=served.name if served else form.head.title["vi"],
        form=FormRef(slug=form.slug, version=form.version),
        agencies=Agencies(competent=agency.id, receiving=agency.id, supporting=agency.id),
        channel=Channel.ONLINE,
        contact=Contact(),
        requester=requester,
        owner=requester,
        representative=None,
        asserted=Assertion(client=NOT_FILED),
        answers=answers,
        party_keys=(),
        submitted_at=at,
    )


def specimen(filing: Filing, form: FormDefinition, decision: dict[str, Any] | None) -> Dossier:
    """The dossier of a filing, received and, where there is a decision, decided."""
    at = filing.submitted_at
    dossier = Dossier(filing=filing, facts=()).with_fact(FactType.SUBMITTED, at, SERVICE)
    dossier = dossier.with_fact(
        FactType.RECEIVED,
        at,
        SERVICE,
        due_at=(at + timedelta(hours=form.head.processing_hours)).isoformat(),
        processing_hours=form.head.processing_hours,
        components=[component.model_dump() for component in form.head.components],
        sets=1,
        receiver={"name": "Trần Thị Mẫu", "title": "Công chức"},
    )
    if decision is None:
        return dossier
    template, cause = form.head.results[0], "specimen"
    result = Document(
        id=SPECIMEN_ID,
        kind=DocumentKind.RESULT,
        agency=filing.agencies.competent,
        ordinal=1,
        cause=cause,
        title=template.title,
    )
    drafted = with_annexes(filing.id, result, template, filing.answers, decision)
    signatories = [{"field": each.field, "signer": dict(_SIGNER)} for each in form.head.signatories]
    dossier = dossier.with_fact(
        FactType.DECISION_DRAFTED,
        at,
        SERVICE,
        document=SPECIMEN_ID,
        signer=dict(_SIGNER),
        signatories=signatories,
        decision=decision,
        **drafted.said,
    )
    return drafted.added(dossier)


def print_request(
    dossier: Dossier,
    form: FormDefinition,
    agency: Agency,
    forms: FormLibrary,
    kind: DocumentKind,
    watermark: str | None = None,
    ordinal: int = 1,
) -> RenderRequest:
    """What a renderer is asked for one document of a specimen; `ordinal` says which of its annexes."""
    document, template = _specimen_document(dossier, form, kind, ordinal)
    return RenderRequest(
        template=template,
        files=forms.print_files(form.slug, form.version),
        context=print_context(dossier, document, form, agency, agency.name, "https://tra-cuu.invalid"),
        data=rfc8785.dumps(embedded_data(dossier, document, form, agency)),
        title=document.title,
        language="vi",
        made_at=dossier.filing.submitted_at,
        document_id=document.id,
        watermark=watermark,
    )


def _specimen_document(
    dossier: Dossier, form: FormDefinition, kind: DocumentKind, ordinal: int
) -> tuple[Document, str]:
    """A document of a specimen with the path of its template."""
    folder = f"{form.slug}/{form.version}/"
    if kind in {DocumentKind.RESULT, DocumentKind.ANNEX}:
        document = next(one for one in dossier.documents if (one.kind, one.ordinal) == (kind, ordinal))
        template = form.head.results[0].template
        return document, folder + (drafted_annex(dossier, document)["template"] if document.annex_of else template)
    agency, title = dossier.filing.agencies.competent, form.head.title["vi"]
    document = Document(id=SPECIMEN_ID, kind=kind, agency=agency, ordinal=1, cause="specimen", title=title)
    return document, RECEIPT_TEMPLATE if kind is DocumentKind.RECEIPT else folder + form.head.application
