"""What can go wrong between the service and a remote signing provider."""

from types import MappingProxyType

from chauban.errors.documents import SigningError


class ProviderError(SigningError):
    """Any trouble with a provider; `reason` is a stable word of ours, never the provider's text."""

    code, status = "provider-failed", 502


class ProviderUnavailable(ProviderError):
    """No answer, an answer too late, or a fault of the provider's own: worth another try."""

    code, status = "provider-unavailable", 503
    title = MappingProxyType(
        {"vi": "Không liên lạc được với nhà cung cấp ký số.", "en": "The signing provider does not answer."}
    )
    text = MappingProxyType(
        {
            "vi": (
                "Nhà cung cấp dịch vụ ký số từ xa chưa trả lời ({reason}). Văn bản vẫn nằm trong danh sách; hãy "
                "thử lại sau ít phút."
            ),
            "en": (
                "The remote signing provider did not answer ({reason}). The documents stay in the list; try "
                "again in a few minutes."
            ),
        }
    )


class AuthorisationRefused(ProviderError):
    """The holder said no, or the PIN or one-time password was wrong."""

    code, status = "authorisation-refused", 409
    title = MappingProxyType({"vi": "Yêu cầu ký không được chấp thuận.", "en": "Signing was not authorised."})
    text = MappingProxyType(
        {
            "vi": (
                "Nhà cung cấp báo yêu cầu ký không được chấp thuận ({reason}). Hãy kiểm tra mã PIN, mã OTP hoặc "
                "thông báo trên điện thoại rồi ủy quyền lại."
            ),
            "en": (
                "The provider says that signing was not authorised ({reason}). Check the PIN, the one-time "
                "password or the phone, then authorise again."
            ),
        }
    )


class AuthorisationSpent(ProviderError):
    """The authorisation expired or was used up before everything was signed."""

    code, status = "authorisation-spent", 409
    title = MappingProxyType({"vi": "Ủy quyền ký đã hết hiệu lực.", "en": "The authorisation is spent."})
    text = MappingProxyType(
        {
            "vi": (
                "Ủy quyền ký đã hết hạn hoặc đã dùng hết ({reason}). Văn bản đã ký vẫn giữ nguyên; hãy ủy quyền "
                "lại cho các văn bản còn lại."
            ),
            "en": (
                "The authorisation has expired or is used up ({reason}). What was signed stays; authorise again "
                "for the rest."
            ),
        }
    )


class ProviderAnswerUnusable(ProviderError):
    """The provider's answer is not of the form that its documents state."""

    code, status = "provider-answer-unusable", 502
    title = MappingProxyType(
        {"vi": "Câu trả lời của nhà cung cấp không dùng được.", "en": "The provider's answer cannot be used."}
    )
    text = MappingProxyType(
        {
            "vi": (
                "Nhà cung cấp trả lời sai cấu trúc ({reason}). Không có gì được ký; hãy ủy quyền lại, nếu vẫn "
                "lỗi hãy báo quản trị viên."
            ),
            "en": (
                "The provider's answer has another form than agreed ({reason}). Nothing was signed; authorise "
                "again, and tell an administrator if it stays."
            ),
        }
    )
