"""What cannot be done to, or be copied from, a document that was issued."""

from types import MappingProxyType

from chauban.errors.root import ChaubanError


class NotInForce(ChaubanError):
    code, status = "not-in-force", 409
    title = MappingProxyType({"vi": "Văn bản không còn hiệu lực.", "en": "The document is no longer in force."})
    text = MappingProxyType(
        {
            "vi": "Văn bản này đã được thay thế hoặc thu hồi bằng văn bản {by}. Hãy mở văn bản đó và làm việc với nó.",
            "en": "This document was replaced or revoked by document {by}. Open that one, and work with it.",
        }
    )

    def members(self, _language: str) -> dict[str, object]:
        """The document that did it."""
        return {"document": self.values.get("by")}


class AmendmentOpen(ChaubanError):
    code, status = "amendment-open", 409
    title = MappingProxyType({"vi": "Đang có văn bản chờ ký.", "en": "An amendment is waiting to be signed."})
    text = MappingProxyType(
        {
            "vi": "Đang có “{title}” về văn bản này chưa phát hành. "
            "Hãy đợi văn bản đó được ký hoặc bị trả lại, hoặc rút lại dự thảo.",
            "en": "“{title}” about this document is drafted and not yet issued. "
            "Wait until it is signed or returned, or take the draft back.",
        }
    )

    def members(self, _language: str) -> dict[str, object]:
        """The document that is open."""
        return {"document": self.values.get("document")}


class OnlyResults(ChaubanError):
    code, status = "only-results", 409
    title = MappingProxyType({"vi": "Không phải kết quả giải quyết.", "en": "Not a result."})
    text = MappingProxyType(
        {
            "vi": "Chỉ kết quả giải quyết mới được thay thế, đính chính hoặc thu hồi. Hãy chọn văn bản kết quả của hồ sơ.",
            "en": "Only results are replaced, corrected or revoked. Choose the result of the dossier.",
        }
    )
