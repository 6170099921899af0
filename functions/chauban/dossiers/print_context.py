"""What templates see, and the data that is embedded in the file: the same facts, once for people and once for machines."""

from typing import Any

from chauban.access.catalogue import Agency
from chauban.dossiers.amendments import LETTERS, answers_of, original_of, printed_original
from chauban.dossiers.annexes import printed_annexes, printed_place
from chauban.dossiers.documents import Document, DocumentKind
from chauban.dossiers.facts import Fact, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_documents import NOTICE_FORMS
from chauban.dossiers.notice_printing import embedded_notice, notice_context
from chauban.dossiers.signing_order import printed_signers
from chauban.forms.definition import FormDefinition

_OF_A_DECISION = {DocumentKind.RESULT, DocumentKind.ANNEX}


def print_context(
    dossier: Dossier, document: Document, form: FormDefinition, agency: Agency, receiving: str, public_url: str
) -> dict[str, Any]:
    """The names that templates may use; dates are ISO texts, absent parts None."""
    filing = dossier.filing
    then, said = _as_it_was(dossier, document)
    received = then.fact(FactType.RECEIVED)
    reception = received.data if received else {}
    return {
        "form": {
            "slug": form.slug,
            "version": form.version,
            "procedure": {"code": filing.procedure, "name": filing.procedure_name},
            "legal_basis": list(form.head.legal_basis),
        },
        "dossier": {
            "id": filing.id,
            "code": filing.code,
            "former_code": filing.former_code,
            "channel": filing.channel.value,
            "submitted_at": filing.submitted_at.isoformat(),
            "received_at": received.at.isoformat() if received else None,
            "due_at": reception.get("due_at"),
            "processing_hours": reception.get("processing_hours"),
            "sets": reception.get("sets"),
            "lookup_url": f"{public_url}/{filing.id}",
        },
        "agency": agency.model_dump(mode="json", include={"id", "name", "parent_name", "place", "address"}),
        "receiving": {"name": receiving},
        "receiver": reception.get("receiver"),
        "requester": filing.requester.model_dump(mode="json"),
        "owner": filing.owner.model_dump(mode="json"),
        "representative": filing.representative.model_dump(mode="json") if filing.representative else None,
        "contact": filing.contact.model_dump(mode="json"),
        "components": reception.get("components"),
        "answers": answers_of(dossier, document),
        "decision": said.get("decision") if document.kind in _OF_A_DECISION else None,
        "texts": form.texts["vi"],
        **_of_signers(dossier.cause_of(document)),
        **_of_notice(dossier, document, form),
        **_of_amendment(dossier, document, said, agency),
        **_of_annexes(dossier, document),
    }


def _of_signers(cause: Fact | None) -> dict[str, Any]:
    """`officials` in the order of signing; `official` is the first, and for most documents the only one."""
    officials = [_official(signer) for signer in printed_signers(cause)]
    return {"official": officials[0] if officials else None, "officials": officials}


def _as_it_was(dossier: Dossier, document: Document) -> tuple[Dossier, dict[str, Any]]:
    """The dossier when the document became due, and what was said then: one that is made late holds nothing newer."""
    cause = dossier.cause_of(document)
    return (dossier.at(cause.seq), cause.data) if cause else (dossier, {})


def _of_amendment(dossier: Dossier, document: Document, said: dict[str, Any], agency: Agency) -> dict[str, Any]:
    """`original` is the issued document that this one is about, with the name of its `issuer`, None for all others; `amendment`
    what is said of it."""
    original = original_of(dossier, document)
    if original is None:
        return {"original": None, "amendment": None}
    words = {name: said[name] for name in ("act", "reason", "legal_basis", "errors") if name in said}
    return {"original": {**printed_original(original), "issuer": said.get("issuer", agency.name)}, "amendment": words}


def _of_annexes(dossier: Dossier, document: Document) -> dict[str, Any]:
    """`annexes` are those of the document; `annex` says what an annex is and to which document it belongs, None of all others."""
    return {"annexes": printed_annexes(dossier, document), "annex": printed_place(dossier, document)}


def _of_notice(dossier: Dossier, document: Document, form: FormDefinition) -> dict[str, Any]:
    cause = dossier.cause_of(document)
    if document.kind not in NOTICE_FORMS or cause is None:
        return {}
    return notice_context(document, cause, form.head.notices.of(document.kind.value))


def embedded_data(dossier: Dossier, document: Document, form: FormDefinition, agency: Agency) -> dict[str, Any]:
    """`data.json`: the form's answers and, in a result and its annexes, the decision's data, with the `$id` of each schema; in a
    notice what it says, and no answers. A result names its annexes by their hashes, an annex the document that it belongs to.
    `agency` is the one whose document it is: where a birth is registered, who grants a permit.

    Number, date and book are not in it: they enter later, as fields of the file and in `result.issued.v1`.
    """
    filing = dossier.filing
    data: dict[str, Any] = {
        "document": {"id": document.id, "kind": document.kind.value, "title": document.title},
        "agency": {"id": agency.id, "name": agency.name},
        "dossier": {"id": filing.id, "code": filing.code},
        "procedure": filing.procedure,
        "form": filing.form.model_dump(),
    }
    cause = dossier.cause_of(document)
    if document.kind in NOTICE_FORMS and cause:
        return {**data, "notice": embedded_notice(document, cause)}
    then, said = _as_it_was(dossier, document)
    if original_of(dossier, document):
        data |= _of_amendment(dossier, document, said, agency)
        if document.kind in LETTERS:
            return data
    data |= {"schema": form.form_schema.get("$id"), "answers": answers_of(dossier, document)}
    if annexes := printed_annexes(dossier, document):
        data["annexes"] = annexes
    if place := printed_place(dossier, document):
        data["annex"] = place
    if document.kind in _OF_A_DECISION and "decision" in said:
        result = next(result for result in form.head.results if result.kind == DocumentKind.RESULT.value)
        data["decision_schema"] = form.decision_schemas[result.decision_schema].get("$id")
        data["decision"] = said["decision"]
    return data


def _official(signer: dict[str, Any]) -> dict[str, Any]:
    """The lines over the signature: authority ("TM. ỦY BAN NHÂN DÂN"), capacity ("KT. CHỦ TỊCH") and title, and the name."""
    return {
        "name": signer["name"],
        "title": signer["title"],
        "authority_prefix": signer["authority"],
        "capacity": signer["capacity"],
    }
