"""Who may not sign, and which key is not fit for it: a stable word as `reason`, and what to do about it in two languages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from chauban.errors.root import ChaubanError


class _WithReason(ChaubanError):
    """The text depends on the reason, which is also told as a word."""

    reasons: ClassVar[Mapping[str, Mapping[str, str]]] = MappingProxyType({})

    @property
    def reason(self) -> str:
        """The stable word."""
        return str(self.values.get("reason", ""))

    def detail(self, language: str) -> str:
        """What is wrong and what to do, for this reason."""
        told = self.reasons.get(self.reason)
        return told[language] if told else super().detail(language)

    def members(self, _language: str) -> dict[str, object]:
        """The reason as a word beside the text."""
        return {"reason": self.reason}


class SignerNotEntitled(_WithReason):
    """The official holds the office, but may not sign in the capacity that is printed; `reason` is a word of `reasons`."""

    code, status = "signer-not-entitled", 403
    title = MappingProxyType({"vi": "Không có thẩm quyền ký.", "en": "Not entitled to sign."})
    reasons = MappingProxyType(
        {
            "appointment-not-valid": {
                "vi": "Việc bổ nhiệm của người ký không còn hiệu lực. Hãy lập lại văn bản với người đang có thẩm quyền.",
                "en": "The signer's appointment is not valid now. Draft the document again for somebody in office.",
            },
            "appointment-changed": {
                "vi": "Chức vụ, tư cách hoặc họ tên in trên văn bản không còn đúng với việc bổ nhiệm. Hãy lập lại văn bản.",
                "en": "Title, capacity or name on the page are not those of the appointment any more. Draft the document again.",
            },
            "delegation-missing": {
                "vi": "Không có văn bản giao ký thay, ký thừa lệnh hoặc ủy quyền cho tư cách ký này. Hãy báo quản trị viên.",
                "en": "There is no delegation on record for signing in this capacity. Tell an administrator.",
            },
            "delegation-of-another-agency": {
                "vi": "Văn bản giao ký hoặc ủy quyền thuộc cơ quan khác. Hãy dùng văn bản của cơ quan ban hành.",
                "en": "The delegation is for another agency. One of the issuing agency is needed.",
            },
            "delegation-of-another-person": {
                "vi": "Văn bản giao ký hoặc ủy quyền được giao cho người khác. Hãy lập lại văn bản với người được giao.",
                "en": "The delegation is given to somebody else. Draft the document again for whoever it names.",
            },
            "delegation-not-yet-valid": {
                "vi": "Văn bản giao ký hoặc ủy quyền chưa có hiệu lực. Hãy ký từ ngày văn bản có hiệu lực.",
                "en": "The delegation is not valid yet. Sign from the day on which it begins.",
            },
            "delegation-expired": {
                "vi": "Văn bản giao ký hoặc ủy quyền đã hết hiệu lực. Hãy lập lại văn bản với người đang có thẩm quyền.",
                "en": "The delegation has expired. Draft the document again for somebody who may sign.",
            },
            "delegation-withdrawn": {
                "vi": "Văn bản giao ký hoặc ủy quyền đã bị thu hồi. Hãy lập lại văn bản với người đang có thẩm quyền.",
                "en": "The delegation was withdrawn. Draft the document again for somebody who may sign.",
            },
            "delegation-grantor-not-in-office": {
                "vi": "Người giao ký hoặc ủy quyền không giữ chức vụ khi giao, hoặc đã thôi giữ chức vụ. Cần văn bản giao ký "
                "mới của người đang giữ chức vụ.",
                "en": "Whoever gave the delegation was not in office then, or has left it since. A new one by whoever holds the "
                "office is needed.",
            },
            "capacity-not-allowed": {
                "vi": "Mẫu văn bản này không cho ký với tư cách đó (TM., Q., KT., TL., TUQ.). Hãy chọn người ký khác.",
                "en": "This form is not signed in that capacity (TM., Q., KT., TL., TUQ.). Choose another signer.",
            },
        }
    )


class CredentialNotFit(_WithReason):
    """The key or its certificate is not the signer's, or not one for this document; `reason` is a word of `reasons`."""

    code, status = "credential-not-fit", 409
    title = MappingProxyType({"vi": "Chứng thư số không phù hợp.", "en": "The credential does not fit."})
    reasons = MappingProxyType(
        {
            "credential-not-valid": {
                "vi": "Chứng thư ký số này không còn được phép dùng trong hệ thống. Hãy chọn chứng thư khác.",
                "en": "This credential may not be used any more. Choose another one.",
            },
            "certificate-unreadable": {
                "vi": "Không đọc được chứng thư số đã đăng ký. Hãy báo quản trị viên nạp lại chứng thư.",
                "en": "The registered certificate cannot be read. Ask an administrator to load it again.",
            },
            "certificate-expired": {
                "vi": "Chứng thư số đã hết hạn. Hãy gia hạn hoặc chọn chứng thư khác.",
                "en": "The certificate has expired. Renew it or choose another one.",
            },
            "certificate-not-yet-valid": {
                "vi": "Chứng thư số chưa có hiệu lực. Hãy ký từ ngày chứng thư có hiệu lực hoặc chọn chứng thư khác.",
                "en": "The certificate is not valid yet. Wait for its first day or choose another one.",
            },
            "wrong-key-usage": {
                "vi": "Chứng thư số không dùng cho chữ ký (thiếu nonRepudiation). Hãy chọn chứng thư ký số.",
                "en": "The certificate is not for signatures (no nonRepudiation). Choose a signing certificate.",
            },
            "key-does-not-fit": {
                "vi": "Khóa của chứng thư không hợp với thuật toán đã đăng ký, hoặc ngắn hơn mức cho phép. Hãy báo quản trị viên.",
                "en": "The certificate's key is not of the registered algorithm, or is too short. Tell an administrator.",
            },
            "algorithm-not-allowed": {
                "vi": "Mẫu văn bản này không cho dùng thuật toán của chứng thư. Hãy chọn chứng thư khác.",
                "en": "This form does not allow the credential's algorithm. Choose another credential.",
            },
            "name-differs": {
                "vi": "Tên trên chứng thư số không phải tên người ký văn bản. Hãy dùng chứng thư của chính người ký.",
                "en": "The name in the certificate is not the signer's. Use the signer's own certificate.",
            },
            "personal-number-missing": {
                "vi": "Chứng thư số hoặc lần đăng nhập không có số định danh cá nhân để đối chiếu. Hãy đăng nhập bằng "
                "tài khoản định danh, hoặc báo quản trị viên.",
                "en": "The certificate or the login states no personal number to compare. Log in with the identity "
                "account, or tell an administrator.",
            },
            "personal-number-differs": {
                "vi": "Số định danh trên chứng thư số không phải của người đang đăng nhập. Hãy dùng chứng thư của chính bạn.",
                "en": "The personal number in the certificate is not that of whoever is logged in. Use your own certificate.",
            },
        }
    )


class DelegationFixed(ChaubanError):
    """A delegation on record would say something else: documents may have been signed by it."""

    code, status = "delegation-fixed", 409
    title = MappingProxyType({"vi": "Văn bản giao ký đã ghi nhận.", "en": "The delegation is on record."})
    text = MappingProxyType(
        {
            "vi": "Văn bản giao ký hoặc ủy quyền {delegation} đã được ghi nhận; không sửa được: {members}. Chỉ được rút ngắn "
            "valid_to và ghi withdrawn_at một lần. Hãy ghi một văn bản mới với mã khác.",
            "en": "The delegation {delegation} is on record and keeps its {members}. Only valid_to may become earlier, and "
            "withdrawn_at be set once. Record another delegation under an id of its own.",
        }
    )
