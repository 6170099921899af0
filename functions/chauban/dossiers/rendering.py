"""Makes a dossier's documents: each is rendered once, stored, and handed on to be signed, sealed or kept.

Runs in the render worker. The same order twice, or after the worker was killed, finds the document made or makes the same
bytes again (its time is that of the fact that caused it).
"""

from dataclasses import dataclass
from typing import Any, Protocol

import rfc8785

from chauban.documents.requests import RenderedDocument, RenderRequest
from chauban.dossiers.amendments import LETTERS
from chauban.dossiers.annexes import drafted_annex
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, Revision, StoredFile
from chauban.dossiers.facts import SERVICE, Fact, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_documents import NOTICE_FORMS
from chauban.dossiers.print_context import embedded_data, print_context
from chauban.dossiers.signing_order import following, printed_lines
from chauban.errors import NotConfigured, WrongState
from chauban.events.orders import OrderMaker
from chauban.forms.definition import FormDefinition
from chauban.ports import Catalogue, Clock, DossierStore, Files, FormLibrary
from chauban.signing.sessions.model import SigningTask

RECEIPT_TEMPLATE = "_shared/receipt.html"


class Renderer(Protocol):
    """Turns a template and its context into a PDF/A file."""

    def render(self, request: RenderRequest) -> RenderedDocument:
        """The same input gives the same bytes; raises `RenderingError`."""
        ...


@dataclass(frozen=True)
class DocumentMaking:
    """Renders documents."""

    store: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    files: Files
    renderer: Renderer
    orders: OrderMaker
    clock: Clock
    public_url: str

    def make(self, dossier: str, document: str) -> None:
        """Renders the document, and its annexes before it, unless that has been done; raises `NotFound`, `RenderingError`."""
        present = self.store.load(dossier)
        # It names its annexes by the hashes of their files.
        for each in (*present.document(document).annexes, document):
            present = self._make(present, each)

    def _make(self, present: Dossier, document: str) -> Dossier:
        wanted = present.document(document)
        if wanted.status is not DocumentStatus.RENDERING:
            return present
        rendered = self._render(present, wanted)
        final = wanted.kind is DocumentKind.APPLICATION
        stored = self.files.archive(rendered.pdf) if final else self.files.put_draft("drafts", rendered.pdf)

        def decide(before: Dossier) -> Change | None:
            if before.document(document).status is not DocumentStatus.RENDERING:
                return None
            return self._made(before, before.document(document), stored, rendered.fonts_sha256)

        return changing(self.store, present.id, decide)

    def _render(self, dossier: Dossier, document: Document) -> RenderedDocument:
        form = self.forms.version(dossier.filing.form.slug, dossier.filing.form.version)
        agency = self.catalogue.agency(document.agency)
        if agency is None:
            raise NotConfigured(what="agency of the document")
        cause = self._cause(dossier, document)
        files = cause.data.get("printed_with") or {"slug": form.slug, "version": form.version}
        return self.renderer.render(
            RenderRequest(
                template=_template(form, dossier, document),
                files=self.forms.print_files(files["slug"], files["version"]),
                context=print_context(dossier, document, form, agency, self._receiving_name(dossier), self.public_url),
                data=rfc8785.dumps(embedded_data(dossier, document, form, agency)),
                title=document.title,
                language="vi",
                made_at=cause.at,
                document_id=document.id,
            )
        )

    def _receiving_name(self, dossier: Dossier) -> str:
        receiving = self.catalogue.agency(dossier.filing.agencies.receiving)
        return receiving.name if receiving else dossier.filing.agencies.receiving

    def _cause(self, dossier: Dossier, document: Document) -> Fact:
        fact = dossier.cause_of(document)
        if fact is None:
            raise WrongState(state=dossier.status.value)
        return fact

    def _made(self, before: Dossier, document: Document, stored: StoredFile, fonts: str) -> Change:
        now = self.clock.now()
        update: dict[str, Any] = {"current": stored, "fonts_sha256": fonts}
        if document.kind is DocumentKind.APPLICATION:
            revision = Revision(revision=1, file=stored, level="unsigned", made_at=now)
            update |= {"status": DocumentStatus.ISSUED, "revisions": (revision,)}
        elif document.annex_of:
            update["status"] = DocumentStatus.AWAITING_MAIN
        elif self._cause(before, document).data.get("official"):
            update["status"] = DocumentStatus.AWAITING_SIGNATURE
        else:
            update["status"] = DocumentStatus.AWAITING_SEAL
        made = document.model_copy(update=update)
        after = before.with_document(made).with_fact(
            FactType.DOCUMENT_RENDERED, now, SERVICE, document=made.id, kind=made.kind.value, sha256=stored.sha256
        )
        messages = (self.orders.seal(after.id, made.id),) if made.status is DocumentStatus.AWAITING_SEAL else ()
        task = self._task(after, made) if made.status is DocumentStatus.AWAITING_SIGNATURE else None
        return Change(before, after, messages, new_task=task)

    def _task(self, dossier: Dossier, document: Document) -> SigningTask:
        drafted = self._cause(dossier, document)
        form = self.forms.version(dossier.filing.form.slug, dossier.filing.form.version)
        terms = form.head.terms(document.kind.value)
        return SigningTask(
            id=document.id,
            dossier=dossier.id,
            code=dossier.filing.code,
            document=document.id,
            kind=document.kind,
            title=document.title,
            agency=document.agency,
            official=drafted.data["official"],
            sha256=document.sha256 or "",
            since=self.clock.now(),
            due_at=dossier.due_at,
            printed=printed_lines(drafted.data["signer"]),
            terms=terms[0],
            then=following(drafted, terms),
            seal=form.head.seal,
        )


def _template(form: FormDefinition, dossier: Dossier, document: Document) -> str:
    """The path of the template among the print files."""
    if document.kind is DocumentKind.RECEIPT:
        return RECEIPT_TEMPLATE
    if document.kind in NOTICE_FORMS:
        return NOTICE_FORMS[document.kind].template
    if document.kind in LETTERS:
        return LETTERS[document.kind].template or ""
    folder = f"{form.slug}/{form.version}/"
    if document.kind is DocumentKind.APPLICATION:
        return folder + form.head.application
    if document.annex_of:
        template: str = drafted_annex(dossier, document)["template"]
        return folder + template
    return folder + next(result.template for result in form.head.results if result.kind == document.kind.value)
