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


class CopyOfCopy(ChaubanError):
    code, status = "copy-of-copy", 409
    title = MappingProxyType({"vi": "Không sao từ bản sao này.", "en": "No such copy of a copy."})
    text = MappingProxyType(
        {
            "vi": "Từ bản sao y chỉ được sao lục; không sao từ bản sao lục hay bản trích sao. "
            "Hãy chọn bản gốc, hoặc chọn sao lục.",
            "en": "Of a SAO Y only a SAO LỤC is made, and no copy of a SAO LỤC or a TRÍCH SAO. Choose the original, or a sao_luc.",
        }
    )


class SaoYNeeded(ChaubanError):
    code, status = "sao-y-needed", 409
    title = MappingProxyType({"vi": "Chưa có bản sao y.", "en": "There is no SAO Y yet."})
    text = MappingProxyType(
        {
            "vi": "Bản sao lục được sao từ bản sao y, mà văn bản này chưa có bản sao y nào. Hãy sao y trước, rồi sao lục.",
            "en": "A SAO LỤC is a copy of a SAO Y, and this document has none yet. Have a sao_y made first.",
        }
    )


class NotCopyable(ChaubanError):
    code, status = "not-copyable", 409
    title = MappingProxyType({"vi": "Văn bản này không có bản sao.", "en": "Not a document that is copied."})
    text = MappingProxyType(
        {
            "vi": "Chỉ sao kết quả giải quyết, công văn đính chính và quyết định thu hồi đã phát hành. "
            "Hãy chọn một văn bản như vậy.",
            "en": "Only results, letters of correction and revocation decisions that were issued are copied. Choose one of those.",
        }
    )


class SourceNotReady(ChaubanError):
    code, status = "copy-source-not-ready", 409
    title = MappingProxyType({"vi": "Tệp chưa được kiểm tra xong.", "en": "The file is not examined yet."})
    text = MappingProxyType(
        {
            "vi": "Tệp cần sao chưa được tải lên hoặc đang được kiểm tra, thường chỉ mất vài giây. Hãy xem lại trạng thái của tệp, "
            "rồi yêu cầu bản sao.",
            "en": "The file to be copied has not come yet, or is being examined, which usually takes seconds. Look at "
            "its status, then "
            "order the copy.",
        }
    )


class SourceRefused(ChaubanError):
    code, status = "copy-source-refused", 409
    title = MappingProxyType({"vi": "Không sao từ tệp này.", "en": "No copy is made of this file."})
    text = MappingProxyType({"vi": "{vietnamese}", "en": "{english}"})


class NoSaoY(ChaubanError):
    code, status = "sao-y-not-possible", 409
    title = MappingProxyType({"vi": "Không sao y được tệp này.", "en": "No SAO Y of this file."})
    text = MappingProxyType({"vi": "{vietnamese}", "en": "{english}"})
