"""What the templates of the notices see beside the usual, and what is embedded in them."""

from typing import Any

from chauban.dossiers.documents import Document
from chauban.dossiers.facts import Fact
from chauban.dossiers.notice_documents import NOTICE_FORMS
from chauban.forms.notice_policy import NoticePolicy

_NOT_PRINTED = {"of", "document", "official", "signer", "signs_as", "clerk"}


def notice_context(document: Document, cause: Fact, policy: NoticePolicy) -> dict[str, Any]:
    """The names that only notices have: `notice` (what was said, when, under which form) and `clerk`.

    `notice.numbered` says whether the document gets number and date as fields, later.
    """
    said = _said(cause)
    return {
        "notice": {
            **said,
            "form": NOTICE_FORMS[document.kind].number,
            "at": cause.at.isoformat(),
            "numbered": policy.numbering is not None,
        },
        "clerk": cause.data["clerk"],
    }


def embedded_notice(document: Document, cause: Fact) -> dict[str, Any]:
    """The part of `data.json` that a notice has instead of answers."""
    return {"form": NOTICE_FORMS[document.kind].number, "at": cause.at.isoformat(), **_said(cause)}


def _said(cause: Fact) -> dict[str, Any]:
    return {name: value for name, value in cause.data.items() if name not in _NOT_PRINTED}
