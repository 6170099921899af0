"""Why a document of a session was not signed, in words for the official: what happened, and what to do now."""

from collections.abc import Mapping
from types import MappingProxyType

from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    CredentialNotFit,
    ProviderAnswerUnusable,
    ProviderUnavailable,
    SignatureLost,
    SignatureMismatch,
    SignerNotEntitled,
    UnsafeToSign,
)
from chauban.signing.sessions.hindrances import INTERNAL, NO_STATUS, NO_TIMESTAMP
from chauban.signing.sessions.model import EXPIRED_REASON

_TEXTS = {
    EXPIRED_REASON: (
        "Ủy quyền đã hết hạn trước khi văn bản được ký. Hãy ủy quyền lại cho các văn bản còn lại.",
        "The authorisation expired before the document was signed. Authorise again for what is left.",
    ),
    AuthorisationRefused.code: (
        "Yêu cầu ký không được chấp thuận. Hãy kiểm tra mã PIN, mã OTP hoặc điện thoại rồi ủy quyền lại.",
        "Signing was not authorised. Check the PIN, the one-time password or the phone, then authorise again.",
    ),
    AuthorisationSpent.code: (
        "Ủy quyền đã hết hạn hoặc đã dùng hết trước khi văn bản được ký. Hãy ủy quyền lại.",
        "The authorisation was spent before the document was signed. Authorise again.",
    ),
    ProviderUnavailable.code: (
        "Nhà cung cấp chữ ký số không trả lời. Hãy ủy quyền lại sau ít phút.",
        "The signing provider did not answer. Authorise again in a few minutes.",
    ),
    ProviderAnswerUnusable.code: (
        "Nhà cung cấp trả lời sai cấu trúc. Hãy ủy quyền lại; nếu vẫn lỗi, báo quản trị viên.",
        "The provider's answer could not be used. Authorise again, and tell an administrator if it stays.",
    ),
    SignatureMismatch.code: (
        "Giá trị chữ ký nhận được không khớp với văn bản và chứng thư số nên không dùng. Hãy ủy quyền lại; nếu vẫn "
        "lỗi, báo quản trị viên.",
        "The value that came is no signature of this document by this certificate, so it was not used. Authorise again, "
        "and tell an administrator if it stays.",
    ),
    UnsafeToSign.code: (
        "Tệp dự thảo có nội dung ẩn hoặc không giống tệp do hệ thống tạo ra nên không được ký. Hãy trả dự thảo lại để tạo tệp mới; "
        "nếu lỗi lặp lại, hãy báo quản trị viên.",
        "The draft hides something, or is not as the service makes files, so it is not signed. Return it so that a new file is "
        "made; if it happens again, tell an administrator.",
    ),
    SignatureLost.code: (
        "Chữ ký đã ký không đóng được vào văn bản và đã bị bỏ. Văn bản đã trở lại danh sách; hãy mở phiên ký mới. Nếu lặp lại, hãy "
        "báo quản trị viên.",
        "The signature that was given can never be put into the document, and was given up. The document is in the list again; "
        "open a new session. Tell an administrator if it happens again.",
    ),
    "document-changed": (
        "Văn bản đã được thay đổi sau khi chuẩn bị ký. Hãy mở phiên ký mới cho văn bản này.",
        "The document has changed since it was prepared. Open a new session for it.",
    ),
    "cancelled": (
        "Hồ sơ đã được rút hoặc văn bản đã bị hủy. Không cần ký nữa.",
        "The dossier was withdrawn, or the document cancelled. There is nothing to sign any more.",
    ),
    "returned": (
        "Dự thảo đã được trả lại bộ phận một cửa. Không ký bản này nữa; nếu có bản mới, bản đó sẽ vào danh sách.",
        "The draft went back to the desk. It is not signed any more; if there is a new one, it will be in the list.",
    ),
    "notice-void": (
        "Thông báo này không còn tác dụng: hồ sơ đã có bước tiếp theo, hoặc thời hạn nêu trong đó đã qua. Hãy trả dự thảo lại.",
        "The notice has no effect any more: its dossier went on, or the time that it sets is over. Return the draft.",
    ),
    "already-signed": (
        "Văn bản đã được ký. Hãy tải lại danh sách.",
        "The document is signed already. Load the list again.",
    ),
    "in-another-session": (
        "Văn bản đang ở một phiên ký khác. Hãy tải lại danh sách.",
        "The document is in another signing session. Load the list again.",
    ),
    "signature-of-another-pending": (
        "Chữ ký của một chứng thư khác đang được đóng vào văn bản. Hãy xem lại sau ít phút.",
        "A signature by another certificate is being put into the document. Look again in a few minutes.",
    ),
}
# Of an item that failed, or must be authorised again, for a fault that passes.
_TEXTS |= {
    NO_STATUS: (
        "Chưa kiểm tra được chứng thư số vì dịch vụ của tổ chức cấp chứng thư không trả lời. Văn bản đã trở lại danh sách; "
        "hãy mở phiên ký mới sau ít phút.",
        "The certificate could not be checked: its issuer's services did not answer. The document is in the list again; "
        "open a new session in a few minutes.",
    ),
    NO_TIMESTAMP: (
        "Dịch vụ dấu thời gian không trả lời nên văn bản chưa được ký. Văn bản đã trở lại danh sách; "
        "hãy mở phiên ký mới sau ít phút.",
        "No time-stamping authority answered, so the document was not signed. The document is in the list again; "
        "open a new session in a few minutes.",
    ),
    INTERNAL: (
        "Hệ thống gặp sự cố nên văn bản chưa được ký. Hãy ủy quyền lại, hoặc mở phiên ký mới cho văn bản này; "
        "nếu vẫn lỗi, báo quản trị viên.",
        "The service has a fault, and the document was not signed. Authorise again, or open a new session for it; "
        "tell an administrator if it stays.",
    ),
}
# The same of an item that is still worked on.
_WAITING = {
    NO_STATUS: (
        "Đang chờ dịch vụ của tổ chức cấp chứng thư số trả lời. Hệ thống tự thử lại; bạn chưa cần làm gì.",
        "Waiting for the services of the certificate's issuer. It is tried again by itself; there is nothing to do yet.",
    ),
    NO_TIMESTAMP: (
        "Đang chờ dịch vụ dấu thời gian trả lời. Hệ thống tự thử lại; bạn chưa cần làm gì.",
        "Waiting for a time-stamping authority. It is tried again by itself; there is nothing to do yet.",
    ),
    INTERNAL: (
        "Hệ thống gặp sự cố và đang tự thử lại; bạn chưa cần làm gì. Nếu kéo dài, hãy báo quản trị viên.",
        "The service has a fault. It is tried again by itself; there is nothing to do yet. Tell an administrator if it lasts.",
    ),
}
_CERTIFICATE = (
    "Chứng thư số không dùng để ký được. Hãy kiểm tra chứng thư hoặc chọn chứng thư khác rồi mở phiên ký mới.",
    "The certificate cannot be used for signing. Check it or choose another one, then open a new session.",
)


def explanation_of(reason: str | None, *, waiting: bool = False) -> Mapping[str, str] | None:
    """The texts ("vi", "en") for a reason of an item, which may be `waiting` for a worker; None where there are none."""
    if reason is None:
        return None
    for refused in (SignerNotEntitled, CredentialNotFit):
        if reason in refused.reasons:
            return refused.reasons[reason]
    texts = (
        (_WAITING.get(reason) if waiting else None)
        or _TEXTS.get(reason)
        or (_CERTIFICATE if reason.startswith("certificate-") else None)
    )
    return MappingProxyType({"vi": texts[0], "en": texts[1]}) if texts else None
