"""Every error that the service answers with: one root, a stable code, a status, and a text per language.

Services raise these; `handlers/problems.py` alone turns them into RFC 9457 problem details. A text says what is wrong and
what to do; values are filled in with `str.format` and never hold personal data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class FieldError:
    """One fault in a request: where (URI fragment JSON pointer into the body), which, and a text per language."""

    pointer: str
    code: str
    detail: Mapping[str, str]


class ChaubanError(Exception):
    """Root of all errors of the service; `str(error)` is the English text."""

    code: ClassVar[str] = "internal-error"
    status: ClassVar[int] = 500
    title: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"vi": "Hệ thống gặp sự cố.", "en": "The service has a fault."}
    )
    text: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "vi": "Hệ thống gặp sự cố. Vui lòng thử lại sau ít phút.",
            "en": "The service has a fault. Please try again in a few minutes.",
        }
    )

    def __init__(self, *, errors: Sequence[FieldError] = (), **values: object) -> None:
        self.values = values
        self.errors = tuple(errors)
        super().__init__(self.detail("en"))

    def detail(self, language: str) -> str:
        """The text in `language` ("vi" or "en"), with the values filled in."""
        return self.text[language].format(**self.values)

    def members(self, _language: str) -> dict[str, object]:
        """What the problem tells beside its text (RFC 9457, 3.2)."""
        return {}


def _in(text: object, language: str) -> object:
    return text[language] if isinstance(text, Mapping) else text


# What the caller sent ----------------------------------------------------------------------------------------------


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


# Who may do what ---------------------------------------------------------------------------------------------------


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


class StrongLoginRequired(ChaubanError):
    code, status = "strong-login-required", 403
    title = MappingProxyType({"vi": "Cần đăng nhập lại.", "en": "Log in again."})
    text = MappingProxyType(
        {
            "vi": "Ký số cần một lần đăng nhập mới ở mức xác thực cao. Vui lòng đăng nhập lại rồi ký.",
            "en": "Signing asks for a recent, strong login. Please log in again and then sign.",
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


# What the state of things does not allow ---------------------------------------------------------------------------


class WrongState(ChaubanError):
    code, status = "wrong-state", 409
    title = MappingProxyType({"vi": "Chưa thực hiện được ở bước này.", "en": "Not possible in this state."})
    text = MappingProxyType(
        {
            "vi": "Việc này không thực hiện được khi trạng thái là “{state}”. Hãy tải lại để xem trạng thái hiện tại.",
            "en": "This cannot be done while the state is '{state}'. Load the resource again to see where it stands.",
        }
    )


class NoticeLimit(ChaubanError):
    code, status = "notice-limit", 409
    title = MappingProxyType({"vi": "Đã đủ số lần.", "en": "The limit is reached."})
    text = MappingProxyType(
        {
            "vi": "Văn bản này chỉ được lập {at_most} lần cho một hồ sơ và đã lập đủ. Hãy giải quyết tiếp hồ sơ.",
            "en": "A dossier may have this notice {at_most} time(s) and has it already. Go on with the dossier.",
        }
    )


class FormNotCurrent(ChaubanError):
    code, status = "form-not-current", 409
    title = MappingProxyType({"vi": "Mẫu đơn đã đổi.", "en": "The form has changed."})
    text = MappingProxyType(
        {
            "vi": "Phiên bản {version} của mẫu đơn không còn nhận hồ sơ. Hãy dùng phiên bản hiện hành {current}.",
            "en": "Version {version} of the form takes no more submissions. Use the current version {current}.",
        }
    )

    def __init__(
        self, slug: str, version: str, current: str | None, changes: Sequence[Mapping[str, object]] = ()
    ) -> None:
        """`changes` are those from the version to the current one; the `text` of each has both languages."""
        super().__init__(version=version, current=current or "-")
        self._current = {"slug": slug, "version": current} if current else None
        self._changes = changes

    def members(self, language: str) -> dict[str, object]:
        """The current version, and what is different in it."""
        told = [{**change, "text": _in(change["text"], language)} for change in self._changes]
        return {"current": self._current, "changes": told} if self._current else {}


class TaskTaken(ChaubanError):
    code, status = "task-in-session", 409
    title = MappingProxyType({"vi": "Văn bản đang được ký.", "en": "The task is being signed."})
    text = MappingProxyType(
        {
            "vi": "Có văn bản đang nằm trong một phiên ký khác. Hãy kết thúc hoặc hủy phiên đó trước.",
            "en": "A task is in another live signing session. Finish or cancel that session first.",
        }
    )


class ConcurrentChange(ChaubanError):
    """Another change came first; services load again and decide again, a caller sees it only under heavy contention."""

    code, status = "concurrent-change", 409
    title = MappingProxyType({"vi": "Có thay đổi cùng lúc.", "en": "Changed at the same time."})
    text = MappingProxyType(
        {
            "vi": "Có người khác vừa thay đổi cùng nội dung này. Vui lòng thử lại.",
            "en": "Somebody else changed this at the same moment. Please try again.",
        }
    )


# Registers ---------------------------------------------------------------------------------------------------------


class RegistryError(ChaubanError):
    """Root of what goes wrong with a register; the form can always be filled in by hand."""


class RegistryRefused(RegistryError):
    code, status = "registry-refused", 409
    title = MappingProxyType({"vi": "Không tra cứu được.", "en": "The register refused."})
    text = MappingProxyType(
        {
            "vi": "Cơ sở dữ liệu không cho tra cứu hoặc không có người này theo họ tên và số định danh đã dùng. Hãy tự điền.",
            "en": "The register refused, or does not know this person by that name and number. Please fill in the form.",
        }
    )


class RegistryUnavailable(RegistryError):
    code, status = "registry-unavailable", 503
    title = MappingProxyType({"vi": "Cơ sở dữ liệu chưa trả lời.", "en": "The register does not answer."})
    text = MappingProxyType(
        {
            "vi": "Cơ sở dữ liệu chưa trả lời kịp. Hãy thử lại sau ít phút, hoặc tự điền vào tờ khai.",
            "en": "The register did not answer in time. Try again in a few minutes, or fill in the form yourself.",
        }
    )


class RegistryAnswerUnusable(RegistryError):
    code, status = "registry-answer-unusable", 502
    title = MappingProxyType({"vi": "Dữ liệu tra cứu không dùng được.", "en": "The register's answer cannot be used."})
    text = MappingProxyType(
        {
            "vi": "Cơ sở dữ liệu trả lời không đúng dạng hoặc không đúng người, nên không được dùng. Hãy tự điền vào tờ khai.",
            "en": "The register's answer has the wrong shape or is of somebody else and is not used. Fill in the form yourself.",
        }
    )


# Rendering, signing, trust -----------------------------------------------------------------------------------------


class RenderingError(ChaubanError):
    code, status = "rendering-failed", 500
    title = MappingProxyType({"vi": "Không tạo được văn bản.", "en": "The document was not made."})
    text = MappingProxyType(
        {
            "vi": "Không tạo được văn bản từ mẫu: {reason}.",
            "en": "The document could not be made from its template: {reason}.",
        }
    )


class SigningError(ChaubanError):
    code, status = "signing-failed", 500
    title = MappingProxyType({"vi": "Không ký được văn bản.", "en": "The document was not signed."})
    text = MappingProxyType(
        {
            "vi": "Không ký được văn bản: {reason}.",
            "en": "The document could not be signed: {reason}.",
        }
    )


class SignatureMismatch(SigningError):
    code, status = "signature-mismatch", 422
    title = MappingProxyType({"vi": "Chữ ký không khớp.", "en": "The signature does not match."})
    text = MappingProxyType(
        {
            "vi": "Giá trị chữ ký không khớp với chứng thư số và nội dung được ký. Hãy ký lại đúng mã băm đã cấp.",
            "en": "The signature value does not match the certificate and what was to be signed. Sign the digest given.",
        }
    )


class CertificateNotUsable(SigningError):
    """`reason`: expired, not_yet_valid, revoked, suspended, unknown_issuer, wrong_key_usage, status_unavailable, weak_algorithm."""

    code, status = "certificate-not-usable", 409
    title = MappingProxyType({"vi": "Chứng thư số không dùng được.", "en": "The certificate cannot be used."})
    text = MappingProxyType(
        {
            "vi": "Chứng thư số không dùng để ký được ({reason}). Hãy kiểm tra chứng thư hoặc chọn chứng thư khác.",
            "en": "The certificate cannot be used for signing ({reason}). Check it or choose another one.",
        }
    )


class TimestampUnavailable(SigningError):
    code, status = "timestamp-unavailable", 503
    title = MappingProxyType({"vi": "Không lấy được dấu thời gian.", "en": "No timestamp available."})
    text = MappingProxyType(
        {
            "vi": "Chưa lấy được dấu thời gian từ các dịch vụ đã cấu hình. Hệ thống sẽ tự thử lại.",
            "en": "None of the configured timestamp authorities answered properly. The service tries again by itself.",
        }
    )


class VerificationFailed(SigningError):
    code, status = "verification-failed", 500
    title = MappingProxyType({"vi": "Văn bản ký không kiểm tra được.", "en": "The signed file does not verify."})
    text = MappingProxyType(
        {
            "vi": "Văn bản vừa ký không qua được bước kiểm tra ({reason}) nên chưa được phát hành.",
            "en": "The file just signed did not pass its own check ({reason}), so it was not issued.",
        }
    )


class NotConfigured(ChaubanError):
    code, status = "not-configured", 500
    title = MappingProxyType({"vi": "Chưa cấu hình.", "en": "Not configured."})
    text = MappingProxyType(
        {
            "vi": "Hệ thống thiếu cấu hình: {what}. Vui lòng báo quản trị viên.",
            "en": "The service lacks a setting or a record: {what}. Please tell an administrator.",
        }
    )
