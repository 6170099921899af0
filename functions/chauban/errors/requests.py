"""What is wrong with a request, and who may not make it."""

from collections.abc import Sequence
from types import MappingProxyType

from chauban.errors.root import ChaubanError, FieldError


class InvalidRequest(ChaubanError):
    code, status = "invalid-request", 422
    title = MappingProxyType({"vi": "Yêu cầu chưa hợp lệ.", "en": "The request is not valid."})
    text = MappingProxyType(
        {
            "vi": "Yêu cầu có {count} chỗ chưa hợp lệ. Vui lòng sửa từng mục trong danh sách rồi gửi lại.",
            "en": "The request has {count} faults. Please correct each entry in the list and send it again.",
        }
    )

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(errors=errors, count=len(errors))


class MalformedBody(ChaubanError):
    code, status = "malformed-body", 400
    title = MappingProxyType({"vi": "Không đọc được nội dung.", "en": "The body cannot be read."})
    text = MappingProxyType(
        {
            "vi": "Nội dung gửi lên không phải JSON hợp lệ (UTF-8). Vui lòng kiểm tra và gửi lại.",
            "en": "The body is not valid JSON (UTF-8). Please check it and send it again.",
        }
    )


class BodyTooLarge(ChaubanError):
    code, status = "body-too-large", 413
    title = MappingProxyType({"vi": "Nội dung quá lớn.", "en": "The body is too large."})
    text = MappingProxyType(
        {
            "vi": "Nội dung gửi lên vượt quá {limit} byte. Hãy gửi tệp đính kèm riêng và rút gọn nội dung.",
            "en": "The body is larger than {limit} bytes. Send files apart from it and shorten it.",
        }
    )


class IdempotencyKeyRequired(ChaubanError):
    code, status = "idempotency-key-required", 400
    title = MappingProxyType({"vi": "Thiếu Idempotency-Key.", "en": "Idempotency-Key is missing."})
    text = MappingProxyType(
        {
            "vi": "Hãy gửi tiêu đề Idempotency-Key (1 đến 255 ký tự), giữ nguyên khi gửi lại cùng một yêu cầu.",
            "en": "Send an Idempotency-Key header (1 to 255 characters) and keep it when you repeat the same request.",
        }
    )


class IdempotencyKeyReused(ChaubanError):
    code, status = "idempotency-key-reused", 422
    title = MappingProxyType({"vi": "Idempotency-Key đã dùng.", "en": "The Idempotency-Key was used before."})
    text = MappingProxyType(
        {
            "vi": "Idempotency-Key này đã dùng cho một nội dung khác. Hãy dùng khóa mới cho yêu cầu mới.",
            "en": "This Idempotency-Key was used with another body. Use a new key for a new request.",
        }
    )


class PreconditionFailed(ChaubanError):
    code, status = "precondition-failed", 412
    title = MappingProxyType({"vi": "Dữ liệu đã thay đổi.", "en": "The resource has changed."})
    text = MappingProxyType(
        {
            "vi": "Hồ sơ đã thay đổi sau khi bạn mở. Hãy tải lại rồi thực hiện lại.",
            "en": "The resource has changed since you read it. Load it again and repeat the request.",
        }
    )


class NotAuthenticated(ChaubanError):
    code, status = "not-authenticated", 401
    title = MappingProxyType({"vi": "Chưa đăng nhập.", "en": "Not authenticated."})
    text = MappingProxyType(
        {
            "vi": "Mã truy cập không dùng được cho dịch vụ này. Vui lòng đăng nhập lại.",
            "en": "The access token cannot be used here. Please log in again.",
        }
    )


class NotAllowed(ChaubanError):
    code, status = "not-allowed", 403
    title = MappingProxyType({"vi": "Không có quyền.", "en": "Not allowed."})
    text = MappingProxyType(
        {
            "vi": "Tài khoản này không có quyền thực hiện việc đang yêu cầu.",
            "en": "This account has no right to do what was asked.",
        }
    )


class CompetentAgencyOnly(NotAllowed):
    code, status = "competent-agency-only", 403
    title = MappingProxyType(
        {"vi": "Chỉ cơ quan có thẩm quyền thực hiện được.", "en": "Only the competent agency may do this."}
    )
    text = MappingProxyType(
        {
            "vi": "Chỉ công chức của cơ quan có thẩm quyền giải quyết hồ sơ được làm việc này. Hãy chuyển cho cơ quan đó.",
            "en": "Only a clerk of the agency that decides the dossier may do this. Pass it on to that agency.",
        }
    )


class StrongLoginRequired(ChaubanError):
    code, status = "strong-login-required", 403
    title = MappingProxyType({"vi": "Cần đăng nhập lại.", "en": "Log in again."})
    text = MappingProxyType(
        {
            "vi": "Ký số cần một lần đăng nhập mới ở mức xác thực cao. Vui lòng đăng nhập lại rồi ký.",
            "en": "Signing asks for a recent, strong login. Please log in again and then sign.",
        }
    )


class HigherLevelRequired(ChaubanError):
    code, status = "higher-level-required", 403
    title = MappingProxyType({"vi": "Cần mức đăng nhập cao hơn.", "en": "A higher level of login is needed."})
    text = MappingProxyType(
        {
            "vi": "Việc này cần đăng nhập ở mức bảo đảm {level} trở lên. Hãy đăng nhập lại ở mức đó, hoặc tự điền vào tờ khai.",
            "en": "This asks for a login at assurance level {level} or above. Log in at that level, or fill in the form yourself.",
        }
    )


class NotFound(ChaubanError):
    code, status = "not-found", 404
    title = MappingProxyType({"vi": "Không tìm thấy.", "en": "Not found."})
    text = MappingProxyType(
        {
            "vi": "Không tìm thấy nội dung này, hoặc tài khoản này không được xem.",
            "en": "There is no such thing, or this account may not see it.",
        }
    )
