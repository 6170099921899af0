"""The notices as documents: which form of the circular each is, its template, and who signs it."""

from dataclasses import dataclass
from typing import Any

from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, document_id
from chauban.dossiers.model import Dossier
from chauban.errors import NoticeLimit
from chauban.forms.notice_policy import NoticePolicy


@dataclass(frozen=True)
class NoticeForm:
    """A form of Annex I: its number, its title as printed, and its template among the shared print files."""

    number: str
    title: str
    template: str


NOTICE_FORMS = {
    DocumentKind.SUPPLEMENT_REQUEST: NoticeForm(
        "02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "_shared/notices/supplement_request.html"
    ),
    DocumentKind.REFUSAL: NoticeForm("03", "Phiếu từ chối tiếp nhận hồ sơ", "_shared/notices/refusal.html"),
    DocumentKind.EXTENSION: NoticeForm(
        "04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả", "_shared/notices/extension.html"
    ),
    DocumentKind.STOP_NOTICE: NoticeForm("05", "Thông báo dừng giải quyết hồ sơ", "_shared/notices/stop_notice.html"),
    DocumentKind.CONTROL_SLIP: NoticeForm(
        "06", "Phiếu kiểm soát quá trình giải quyết hồ sơ", "_shared/notices/control_slip.html"
    ),
}
# Forms that stay inside the administration.
INTERNAL = frozenset({DocumentKind.CONTROL_SLIP})
# Drafts that never became a notice; they are not counted.
_NEVER = {DocumentStatus.RETURNED, DocumentStatus.CANCELLED}


def new_notice(
    before: Dossier, kind: DocumentKind, policy: NoticePolicy, agency: str, signs: dict[str, Any] | None
) -> tuple[Document, dict[str, Any]]:
    """The next notice of a kind, and what the fact that causes it says of it: document, ordinal, who is to sign (`signs`).

    Raises `NoticeLimit` where the dossier has as many as the policy allows.
    """
    ordinal = sum(document.kind is kind and document.status not in _NEVER for document in before.documents) + 1
    if policy.at_most is not None and ordinal > policy.at_most:
        raise NoticeLimit(at_most=policy.at_most)
    cause = f"{kind.value}-{before.version + 1}"
    notice = Document(
        id=document_id(before.id, kind, ordinal, cause),
        kind=kind,
        agency=agency,
        ordinal=ordinal,
        cause=cause,
        title=NOTICE_FORMS[kind].title,
    )
    return notice, {"document": notice.id, "ordinal": ordinal, **(signs or _NOBODY)}


_NOBODY: dict[str, Any] = {"official": None, "signer": None}
