"""The notices as documents: which form of the circular each is, its template, and who signs it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.dossiers.acting import printed_signer, signing_official
from chauban.dossiers.documents import Document, DocumentKind, document_id
from chauban.dossiers.model import Dossier
from chauban.errors import NoticeLimit
from chauban.forms.notice_policy import NoticePolicy
from chauban.ports import Catalogue


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


def new_notice(
    before: Dossier, kind: DocumentKind, policy: NoticePolicy, catalogue: Catalogue, official: str | None, now: datetime
) -> tuple[Document, dict[str, Any]]:
    """The next notice of a kind, and what the fact that causes it says of it: document, ordinal, who is to sign.

    Raises `NoticeLimit` where the dossier has as many as the policy allows, `InvalidRequest` where the official is not clear.
    """
    ordinal = sum(document.kind is kind for document in before.documents) + 1
    if policy.at_most is not None and ordinal > policy.at_most:
        raise NoticeLimit(at_most=policy.at_most)
    cause = f"{kind.value}-{before.version + 1}"
    notice = Document(
        id=document_id(before.id, kind, ordinal, cause),
        kind=kind,
        ordinal=ordinal,
        cause=cause,
        title=NOTICE_FORMS[kind].title,
    )
    named: dict[str, Any] = {"document": notice.id, "ordinal": ordinal, "official": None, "signer": None}
    if policy.signed_by == "official":
        signer = signing_official(catalogue, before.filing.agencies.competent, official, now)
        named |= {"official": signer.id, "signer": printed_signer(signer)}
    return notice, named
