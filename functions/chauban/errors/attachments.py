"""What the state of a dossier's attachments does not allow."""

from types import MappingProxyType

from chauban.errors.root import ChaubanError


class AttachmentBeingExamined(ChaubanError):
    code, status = "attachment-being-examined", 409
    title = MappingProxyType({"vi": "Đang kiểm tra tệp đính kèm.", "en": "An attachment is being examined."})
    text = MappingProxyType(
        {
            "vi": "Có tệp đính kèm của hồ sơ đang được kiểm tra, thường chỉ mất vài giây. "
            "Hãy tải lại hồ sơ, xem tệp đó, rồi dự thảo quyết định.",
            "en": "A file of this dossier is being examined, which usually takes seconds. "
            "Load the dossier again, look at that file, then draft the decision.",
        }
    )


class AttachmentLimit(ChaubanError):
    code, status = "attachment-limit", 409
    title = MappingProxyType({"vi": "Đã đủ số tệp đính kèm.", "en": "No more attachments."})
    text = MappingProxyType(
        {
            "vi": "Hồ sơ nhận nhiều nhất {at_most} tệp đính kèm và đã đủ. Hãy gộp các trang vào một tệp PDF, hoặc nộp "
            "giấy tờ tại bộ phận một cửa.",
            "en": "A dossier takes at most {at_most} attachments and has them already. Put several pages into one PDF, "
            "or bring the papers to the desk.",
        }
    )
