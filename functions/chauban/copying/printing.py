"""Printing SAO LỤC and TRÍCH SAO: a page that names the source's number, day and hash, and the source itself embedded in it;
and the SAO Y of a paper original, whose pages are those of its scan.

Runs in the render worker; the same order twice finds the copy printed, or makes the same bytes again.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import rfc8785

from chauban.copying.origins import Origin, origin_of
from chauban.copying.wording import FORMS
from chauban.documents.requests import AttachedFile, RenderRequest
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus
from chauban.dossiers.facts import SERVICE, Fact, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.rendering import Renderer
from chauban.errors import NotConfigured, NotFound
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, Files, FormLibrary

FOLDER = "_shared/copies/"
TEMPLATES = {
    DocumentKind.SAO_Y: FOLDER + "scan.html",
    DocumentKind.SAO_LUC: FOLDER + "sao_luc.html",
    DocumentKind.TRICH_SAO: FOLDER + "trich_sao.html",
}
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}


class _Picture(NamedTuple):
    """A page of a scan as the template shows it, and its bytes."""

    shown: dict[str, Any]
    content: bytes


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
        cause, agency = _cause(dossier, copy), self.catalogue.agency(copy.agency)
        if agency is None:
            raise NotConfigured(what="agency of the copy")
        origin = origin_of(dossier, copy, self.catalogue)
        said = _said(copy, cause, origin)
        printed_with = cause.data["printed_with"]
        pictures = self._pictures(dossier, copy)
        context = {
            "agency": agency.model_dump(mode="json", include={"id", "name", "parent_name", "place", "address"}),
            "dossier": {"code": dossier.filing.code, "lookup_url": f"{self.public_url}/{dossier.id}"},
            "copy": said,
            "pages": [picture.shown for picture in pictures],
        }
        return RenderRequest(
            template=TEMPLATES[copy.kind],
            files={
                **self.forms.print_files(printed_with["slug"], printed_with["version"]),
                **{f"{FOLDER}{picture.shown['file']}": picture.content for picture in pictures},
            },
            context=context,
            data=rfc8785.dumps(
                {"document": {"id": copy.id, "kind": copy.kind.value}, "agency": agency.id, "copy": said}
            ),
            title=copy.title,
            language="vi",
            made_at=cause.at,
            document_id=copy.id,
            attached=(AttachedFile(origin.name, self.files.read(origin.file), "Văn bản được sao", "Source"),),
        )

    def _pictures(self, dossier: Dossier, copy: Document) -> list[_Picture]:
        """The pages of the scan that a SAO Y of paper consists of, with the place of its signature on the first one."""
        scan = dossier.attachment(copy.made_from) if copy.made_from and copy.kind is DocumentKind.SAO_Y else None
        if scan is None or scan.source is None or scan.source.place is None:
            return []
        left, _, _, top = scan.source.place
        found = []
        for number, page in enumerate(scan.source.pages, start=1):
            shown = {
                "file": f"scan-{number}.{_EXTENSIONS[page.type]}",
                "number": number,
                "width": page.width,
                "height": page.height,
            }
            if number == 1:
                shown["place"] = {"left": left, "top": page.height - top}
            found.append(_Picture(shown, self.files.read(page.file)))
        return found


def _said(copy: Document, cause: Fact, origin: Origin) -> dict[str, Any]:
    """What is printed of a copy, and embedded in it as data."""
    said = {
        "form": FORMS[copy.kind],
        "purpose": cause.data["purpose"],
        "excerpt": cause.data["excerpt"],
        "at": cause.at.isoformat(),
        "original": origin.original,
        "source": origin.source,
        "corrections": origin.corrections,
        "issuer": origin.issuer,
    }
    if cause.data.get("compared_with_paper"):
        said["compared_with_paper"] = {"appointment": cause.data["accountable"], "at": cause.at.isoformat()}
    return said


def _cause(dossier: Dossier, copy: Document) -> Fact:
    fact = dossier.cause_of(copy)
    if fact is None or fact.type is not FactType.COPY_ORDERED:
        raise NotFound
    return fact
