"""Why a document of a session was not signed, in words for the official: what happened, and what to do now."""

from collections.abc import Mapping
from types import MappingProxyType

from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    CredentialNotFit,
    ProviderAnswerUnusable,
    ProviderUnavailable,
    SignatureMismatch,
    SignerNotEntitled,
    UnsafeToSign,
)
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
_CERTIFICATE = (
    "Chứng thư số không dùng để ký được. Hãy kiểm tra chứng thư hoặc chọn chứng thư khác rồi mở phiên ký mới.",
    "The certificate cannot be used for signing. Check it or choose another one, then open a new session.",
)


def explanation_of(reason: str | None) -> Mapping[str, str] | None:
    """The texts ("vi", "en") for a reason of an item; None where there is no reason, or no more to say."""
    if reason is None:
        return None
    for refused in (SignerNotEntitled, CredentialNotFit):
        if reason in refused.reasons:
            return refused.reasons[reason]
    texts = _TEXTS.get(reason) or (_CERTIFICATE if reason.startswith("certificate-") else None)
    return MappingProxyType({"vi": texts[0], "en": texts[1]}) if texts else None
