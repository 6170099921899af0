"""What goes wrong in making and signing documents, and with the settings of the service."""

from types import MappingProxyType

from chauban.errors.root import ChaubanError


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


class SignatureLost(SigningError):
    """What was fixed, or the value for it, can never go into its file. `reason`: stale-signed-attributes,
    attributes-of-another-certificate, signature-larger-than-its-room, no-prepared-signature."""

    code, status = "signature-lost", 409
    text = MappingProxyType(
        {
            "vi": "Không đóng được giá trị chữ ký vào văn bản ({reason}). Hãy chuẩn bị ký lại văn bản này.",
            "en": "The signature value can never be put into the document ({reason}). Have the document prepared and sign again.",
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


class CredentialRefused(ChaubanError):
    """`reason`: known-already, no-certificate, wrong-key-usage, key-does-not-fit, never-valid, account-missing, stranger."""

    code, status = "credential-refused", 409
    title = MappingProxyType({"vi": "Không nhận chứng thư số.", "en": "The certificate is not taken."})
    text = MappingProxyType(
        {
            "vi": "Không nhận được chứng thư số này ({reason}). Hãy kiểm tra chứng thư, khóa và thời hạn rồi nạp lại.",
            "en": "This certificate cannot be taken ({reason}). Check the certificate, its key and its time, then import it again.",
        }
    )


class CredentialFixed(ChaubanError):
    """Another certificate under the id of a `credential` on record, with which documents may be prepared or signed already."""

    code, status = "credential-fixed", 409
    title = MappingProxyType({"vi": "Chứng thư số đã ghi nhận.", "en": "The credential is on record."})
    text = MappingProxyType(
        {
            "vi": "Mã {credential} đã ghi nhận với một chứng thư số khác; văn bản có thể đang được ký bằng chứng thư đó nên "
            "không thay được. Hãy ghi chứng thư mới với mã khác, hoặc thay thế bằng lệnh: chauban credentials rotate {credential}.",
            "en": "The id {credential} is on record with another certificate, with which documents may be on their way, so it "
            "stays. Record the new certificate under an id of its own, or replace it: chauban credentials rotate "
            "{credential}.",
        }
    )


class KeyKindRefused(ChaubanError):
    """`kind` and `purpose` of the credential."""

    code, status = "key-kind-refused", 409
    title = MappingProxyType({"vi": "Không dùng được loại khóa này.", "en": "A key of this kind cannot be used."})
    text = MappingProxyType(
        {
            "vi": "Không dùng được khóa loại {kind} cho mục đích {purpose}. Con dấu của cơ quan (seal) dùng khóa trong AWS KMS "
            "(--kms) hoặc thiết bị PKCS#11 có trong danh mục (--provider); người ký (sign) dùng khóa trên thiết bị của mình "
            "(--client) hoặc tại nhà cung cấp chữ ký số từ xa (--provider). Hãy chọn khóa khác.",
            "en": "A key of the kind {kind} cannot be used for {purpose}. An agency's seal takes a key in AWS KMS (--kms) or in a "
            "PKCS#11 token of the catalogue (--provider); an official takes a key on a device of their own (--client) or at a "
            "remote signing provider (--provider). Choose another key.",
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
