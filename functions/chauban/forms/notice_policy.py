"""How a form's notices (forms 02 to 06 of the one-stop circulars) are signed, numbered and limited: `notices:` of form.yaml.

A form that says nothing gets the defaults; one that names a notice changes only what it names. Every notice is sealed in the
end; one that is `signed_by: official` waits for the official's signature first, in the signing sessions.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import PositiveInt, model_validator

from chauban.values import Frozen

BOOK = "mot-cua"


class NoticeNumbering(Frozen):
    """From which book of the agency a notice takes its number, and the symbol printed after it."""

    book: str
    symbol: str


class NoticePolicy(Frozen):
    """One kind of notice. `at_most`: how many a dossier may have; no number, no limit."""

    signed_by: Literal["seal", "official"] = "seal"
    numbering: NoticeNumbering | None = None
    at_most: PositiveInt | None = None


_DEFAULTS: dict[str, dict[str, Any]] = {
    "supplement_request": {"numbering": {"book": BOOK, "symbol": "HDHS"}},
    "refusal": {"numbering": {"book": BOOK, "symbol": "TCTN"}},
    # The head of the agency apologises, and once only.
    "extension": {"signed_by": "official", "numbering": {"book": BOOK, "symbol": "XLHL"}, "at_most": 1},
    "stop_notice": {"signed_by": "official", "numbering": {"book": BOOK, "symbol": "TB-DGQ"}},
    "control_slip": {},
}


class NoticePolicies(Frozen):
    """The policy of each kind of notice."""

    supplement_request: NoticePolicy
    refusal: NoticePolicy
    extension: NoticePolicy
    stop_notice: NoticePolicy
    control_slip: NoticePolicy

    @model_validator(mode="before")
    @classmethod
    def _with_defaults(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        merged = {name: {**policy, **_mapping(given.get(name, {}))} for name, policy in _DEFAULTS.items()}
        return {**given, **merged}

    def of(self, kind: str) -> NoticePolicy:
        """The policy of a document kind; raises `KeyError` for one that is no notice."""
        if kind not in type(self).model_fields:
            raise KeyError(kind)
        policy: NoticePolicy = getattr(self, kind)
        return policy


def _mapping(value: Any) -> dict[str, Any]:
    return value.model_dump() if isinstance(value, NoticePolicy) else dict(value)


def default_policies() -> NoticePolicies:
    """What holds for a form that says nothing about notices."""
    return NoticePolicies.model_validate({})
