"""Annexes of a result, each a document in a file of its own that belongs to it (Decree 30/2020/ND-CP, Annex I).

An official signs the result alone. It names its annexes with the hashes of their files, so that the signature covers what belongs
to it; each annex gets the organisation's signature with the result's number, and is issued in the same transaction.
"""

from dataclasses import dataclass
from typing import Any

from chauban.dossiers.documents import Document, DocumentKind, document_id
from chauban.dossiers.model import Dossier
from chauban.forms.checks.parts import value_at
from chauban.forms.definition import AnnexTemplate, ResultTemplate

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True)
class DraftedAnnexes:
    """A result with its annexes: `said` is what the fact that drafts it keeps of them."""

    result: Document
    annexes: tuple[Document, ...]
    said: dict[str, Any]

    def added(self, dossier: Dossier) -> Dossier:
        """The dossier with the result and its annexes."""
        for document in (self.result, *self.annexes):
            dossier = dossier.with_document(document)
        return dossier


def with_annexes(
    dossier: str, result: Document, template: ResultTemplate, answers: dict[str, Any], decision: dict[str, Any]
) -> DraftedAnnexes:
    """A result that is drafted in a dossier, with the annexes that its form has for these answers and this decision."""
    wanted = given_annexes(template, answers, decision)
    annexes, said = [], []
    for ordinal, annex in enumerate(wanted, start=1):
        label = "Phụ lục" if len(wanted) == 1 else f"Phụ lục {_ROMAN[ordinal - 1]}"
        document = Document(
            id=document_id(dossier, DocumentKind.ANNEX, ordinal, result.cause),
            kind=DocumentKind.ANNEX,
            agency=result.agency,
            ordinal=ordinal,
            cause=result.cause,
            title=f"{label}: {annex.title}",
            annex_of=result.id,
        )
        annexes.append(document)
        said.append({"document": document.id, "label": label, "title": annex.title, "template": annex.template})
    named = result.model_copy(update={"annexes": tuple(annex.id for annex in annexes)})
    return DraftedAnnexes(named, tuple(annexes), {"annexes": said} if said else {})


def given_annexes(
    template: ResultTemplate, answers: dict[str, Any], decision: dict[str, Any]
) -> tuple[AnnexTemplate, ...]:
    """The annexes that a result has for these answers and this decision, in order."""
    said = {"answers": answers, "decision": decision}
    return tuple(one for one in template.annexes if one.given is None or value_at(said, one.given))


def annexes_of(dossier: Dossier, document: Document) -> tuple[Document, ...]:
    """The annexes of a document, in order."""
    return tuple(dossier.document(annex) for annex in document.annexes)


def main_of(dossier: Dossier, document: Document) -> Document:
    """The document that an annex belongs to; every other document itself."""
    return dossier.document(document.annex_of) if document.annex_of else document


def annexes_alike(dossier: Dossier, document: Document, **update: Any) -> Dossier:
    """The dossier in which all annexes of a document are changed alike: returned or cancelled with it, or what was fixed for their
    signatures given up."""
    for annex in annexes_of(dossier, document):
        dossier = dossier.with_document(annex.model_copy(update=update))
    return dossier


def drafted_annex(dossier: Dossier, annex: Document) -> dict[str, Any]:
    """What was kept of an annex when it was drafted: `label`, `title` and `template`."""
    cause = dossier.cause_of(annex)
    kept: list[dict[str, Any]] = cause.data.get("annexes", []) if cause else []
    return next(one for one in kept if one["document"] == annex.id)


def printed_annexes(dossier: Dossier, document: Document) -> list[dict[str, Any]]:
    """What a document says of its annexes; `sha256` and `size` are those of the file before its signature, which the issued file
    begins with."""
    found = []
    for annex in annexes_of(dossier, document):
        said, file = drafted_annex(dossier, annex), annex.current
        about = {"document": annex.id, "ordinal": annex.ordinal, "label": said["label"], "title": said["title"]}
        found.append({**about, "sha256": file.sha256 if file else "", "size": file.size if file else 0})
    return found


def printed_place(dossier: Dossier, annex: Document) -> dict[str, Any] | None:
    """What an annex says of itself and of the document that it belongs to; None for every other document."""
    if annex.annex_of is None:
        return None
    said, main = drafted_annex(dossier, annex), main_of(dossier, annex)
    about = {"ordinal": annex.ordinal, "label": said["label"], "title": said["title"]}
    return {**about, "of": {"id": main.id, "title": main.title}}
