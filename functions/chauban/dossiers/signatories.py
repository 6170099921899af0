"""Who signed a document, in which capacity and by which delegation: what the facts say of it."""

from typing import Any

from chauban.dossiers.facts import Fact, FactType
from chauban.dossiers.model import Dossier

# What is told outside the administration's own API.
_TOLD = ("id", "number", "valid_from", "valid_to")


def signed_as(dossier: Dossier, document: str, field: str) -> dict[str, Any] | None:
    """Capacity, legal basis and delegation as they stood when the value for a field was accepted; None where no fact says so."""
    accepted = (
        fact
        for fact in reversed(dossier.facts)
        if fact.type is FactType.SIGNATURE_ACCEPTED and _place(fact) == (document, field)
    )
    fact = next(accepted, None)
    return fact.data.get("signs_as") if fact else None


def signatories(dossier: Dossier, document: str) -> list[dict[str, Any]]:
    """The officials' signatures in a document, in order: field, appointment (`official`), capacity, and the delegation's id, number
    and validity; for events, so no names."""
    return [
        {"field": fact.data["field"], "official": fact.data["official"], **_told(fact.data["signs_as"])}
        for fact in dossier.facts
        if fact.type is FactType.DOCUMENT_SIGNED
        and fact.data["document"] == document
        and fact.data.get("official")
        and fact.data.get("signs_as")
    ]


def _place(fact: Fact) -> tuple[str, str]:
    return fact.data["document"], fact.data["field"]


def _told(signs_as: dict[str, Any]) -> dict[str, Any]:
    delegation = signs_as["delegation"]
    named = {name: delegation[name] for name in _TOLD} if delegation else None
    return {"capacity": signs_as["capacity"], "delegation": named}
