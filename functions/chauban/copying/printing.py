"""Printing SAO LỤC and TRÍCH SAO: a page that names the source's number, day and hash, and the source itself embedded in it.

Runs in the render worker; the same order twice finds the copy printed, or makes the same bytes again.
"""

from dataclasses import dataclass
from typing import Any

import rfc8785

from chauban.copying.wording import FORMS
from chauban.documents.requests import AttachedFile, RenderRequest
from chauban.dossiers.amendments import original_of, printed_original
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import COPIES, Document, DocumentKind, DocumentStatus
from chauban.dossiers.facts import SERVICE, Fact, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.rendering import Renderer
from chauban.errors import NotConfigured, NotFound
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, Files, FormLibrary
from chauban.signing.linting.policy import SOURCE

TEMPLATES = {
    DocumentKind.SAO_LUC: "_shared/copies/sao_luc.html",
    DocumentKind.TRICH_SAO: "_shared/copies/trich_sao.html",
}


@dataclass(frozen=True)
class CopyPrinting:
    """Prints copies that have a page of their own."""

    store: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    files: Files
    renderer: Renderer
    orders: OrderMaker
    clock: Clock
    public_url: str

    def make(self, dossier: str, document: str) -> None:
        """Renders the copy unless that has been done; raises `NotFound`, `RenderingError`, `VerificationFailed` for a source that
        is not what was stored."""
        present = self.store.load(dossier)
        if present.document(document).status is not DocumentStatus.RENDERING:
            return
        rendered = self.renderer.render(self._request(present, present.document(document)))
        stored = self.files.put_draft("drafts", rendered.pdf)

        def decide(before: Dossier) -> Change | None:
            wanted = before.document(document)
            if wanted.status is not DocumentStatus.RENDERING:
                return None
            update = {"status": DocumentStatus.AWAITING_SEAL, "current": stored, "fonts_sha256": rendered.fonts_sha256}
            after = before.with_document(wanted.model_copy(update=update)).with_fact(
                FactType.DOCUMENT_RENDERED,
                self.clock.now(),
                SERVICE,
                document=wanted.id,
                kind=wanted.kind.value,
                sha256=stored.sha256,
            )
            return Change(before, after, (self.orders.copy("seal", after.id, wanted.id),))

        changing(self.store, dossier, decide)

    def _request(self, dossier: Dossier, copy: Document) -> RenderRequest:
        cause, source = _cause(dossier, copy), original_of(dossier, copy)
        agency = self.catalogue.agency(copy.agency)
        if source is None or agency is None:
            raise NotConfigured(what="agency of the copy")
        original = original_of(dossier, source) if source.kind in COPIES else source
        if original is None:
            raise NotFound
        issuer = self.catalogue.agency(original.agency)
        said: dict[str, Any] = {
            "form": FORMS[copy.kind],
            "purpose": cause.data["purpose"],
            "excerpt": cause.data["excerpt"],
            "at": cause.at.isoformat(),
            "original": printed_original(original),
            "source": {**printed_original(source), "kind": source.kind.value, "file": SOURCE},
            "corrections": [printed_original(dossier.document(letter)) for letter in original.corrected_by],
            "issuer": issuer.name if issuer else original.agency,
        }
        files = cause.data["printed_with"]
        content = self.files.read(source.revisions[-1].file)
        return RenderRequest(
            template=TEMPLATES[copy.kind],
            files=self.forms.print_files(files["slug"], files["version"]),
            context={
                "agency": agency.model_dump(mode="json", include={"id", "name", "parent_name", "place", "address"}),
                "dossier": {"code": dossier.filing.code, "lookup_url": f"{self.public_url}/{dossier.id}"},
                "copy": said,
            },
            data=rfc8785.dumps(
                {"document": {"id": copy.id, "kind": copy.kind.value}, "agency": agency.id, "copy": said}
            ),
            title=copy.title,
            language="vi",
            made_at=cause.at,
            document_id=copy.id,
            attached=(AttachedFile(SOURCE, content, "Văn bản được sao (PDF)", "Source"),),
        )


def _cause(dossier: Dossier, copy: Document) -> Fact:
    fact = dossier.cause_of(copy)
    if fact is None or fact.type is not FactType.COPY_ORDERED:
        raise NotFound
    return fact
