"""Who signs a result, in which order: the officials that are named at drafting, as the form's policy asks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chauban.dossiers.acting import named_signer, signing_official
from chauban.dossiers.facts import Fact
from chauban.dossiers.requests import DraftDecision
from chauban.errors import FieldError, InvalidRequest
from chauban.ports import Catalogue
from chauban.signing.sessions.model import NextSigner
from chauban.signing.terms import SigningTerms


def named_officials(
    catalogue: Catalogue, agency: str, request: DraftDecision, terms: Sequence[SigningTerms], now: datetime
) -> dict[str, Any]:
    """What the fact of a drafted decision says of its signers: the first, and all of them in order.

    Raises `InvalidRequest` where they are not as many as the form asks, not clear, not entitled, or one person twice.
    """
    wanted: Sequence[str | None] = request.officials or [request.official]
    pointers = [f"#/officials/{place}" for place in range(len(wanted))] if request.officials else ["#/official"]
    if len(wanted) != len(terms):
        raise InvalidRequest([FieldError("#/officials", "officials-not-clear", _said(len(terms)))])
    found = [
        signing_official(catalogue, agency, who, now, each, pointer)
        for who, each, pointer in zip(wanted, terms, pointers, strict=True)
    ]
    if len({official.person for official in found}) != len(found):
        raise InvalidRequest([FieldError("#/officials", "officials-not-clear", _said(len(terms)))])
    named = [named_signer(catalogue, official) for official in found]
    fields = [each.field for each in terms]
    return {**named[0], "signatories": [{"field": at, **who} for at, who in zip(fields, named, strict=True)]}


def printed_signers(cause: Fact | None) -> list[dict[str, Any]]:
    """What is printed over and under each signature of a document, in the order of signing."""
    if cause is None or not cause.data.get("signer"):
        return []
    several = cause.data.get("signatories")
    return [each["signer"] for each in several] if several else [cause.data["signer"]]


def following(cause: Fact, terms: Sequence[SigningTerms]) -> tuple[NextSigner, ...]:
    """Who signs after the first official."""
    signatories = cause.data.get("signatories", [])[1:]
    return tuple(
        NextSigner(official=each["official"], printed=printed_lines(each["signer"]), terms=asked)
        for each, asked in zip(signatories, terms[1:], strict=True)
    )


def printed_lines(signer: Mapping[str, Any]) -> tuple[str, ...]:
    """The lines printed for a signer, as `Appointment.printed` has them."""
    lines = (signer[part] for part in ("authority", "capacity", "title", "name"))
    return tuple(line for line in lines if line)


def _said(count: int) -> dict[str, str]:
    return {
        "vi": f"Mẫu văn bản này có {count} người ký. Hãy nêu trong officials đúng {count} người khác nhau, theo thứ tự ký.",
        "en": f"This form has {count} signer(s). Name exactly {count} different one(s) in officials, in the order of signing.",
    }
