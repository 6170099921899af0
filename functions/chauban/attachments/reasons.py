"""Why an attachment was not kept, in words for whoever sent it: what is the matter, and what to do now."""

from collections.abc import Mapping
from types import MappingProxyType

SIZE = "size-differs"
HASH = "hash-differs"
TYPE = "type-differs"
UNREADABLE = "unreadable"
PIXELS = "too-many-pixels"
PAGES = "too-many-pages"
ENCRYPTED = "encrypted"
ACTIVE = "active-content"
DYNAMIC = "dynamic-form"
EMBEDDED = "embedded-file"
COMPLEX = "too-complex"
MALWARE = "malware-found"
NOT_SCANNED = "not-scannable"
NOT_EXAMINED = "not-examined"
TOO_LATE = "too-late"

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        SIZE: (
            "Tệp tải lên không đủ dung lượng đã khai, có thể do mất kết nối. Hãy gửi lại tệp.",
            "The uploaded file has not the announced size; the connection may have broken. Send the file again.",
        ),
        HASH: (
            "Nội dung tệp tải lên khác với tệp đã khai. Hãy gửi lại tệp.",
            "The uploaded file is not the one that was announced. Send the file again.",
        ),
        TYPE: (
            "Nội dung tệp không đúng loại đã khai. Hãy chụp ảnh (JPEG, PNG) hoặc lưu thành PDF rồi gửi lại.",
            "The file is not of the announced type. Take a photograph (JPEG, PNG) or save it as PDF, and send it again.",
        ),
        UNREADABLE: (
            "Không mở được tệp: tệp hỏng hoặc thiếu. Hãy chụp lại hoặc lưu lại thành PDF rồi gửi lại.",
            "The file cannot be opened: it is damaged or incomplete. Take the picture again, or save it as PDF anew.",
        ),
        PIXELS: (
            "Ảnh quá lớn (nhiều hơn 100 triệu điểm ảnh). Hãy chụp lại ở độ phân giải thấp hơn.",
            "The picture is too large (more than 100 million pixels). Take it again at a lower resolution.",
        ),
        PAGES: (
            "Tệp PDF có hơn 500 trang. Hãy chia thành nhiều tệp.",
            "The PDF has more than 500 pages. Split it into several files.",
        ),
        ENCRYPTED: (
            "Tệp PDF có mật khẩu hoặc bị khóa. Hãy lưu một bản không có mật khẩu rồi gửi lại.",
            "The PDF is encrypted. Save a copy without a password and send that.",
        ),
        ACTIVE: (
            "Tệp PDF chứa lệnh tự chạy (mã kịch bản, lệnh mở chương trình). Hãy in ra tệp PDF mới rồi gửi lại.",
            "The PDF holds commands (scripts, launch actions or media). Print it to a new PDF and send that.",
        ),
        DYNAMIC: (
            "Tệp PDF là biểu mẫu động (XFA). Hãy in ra tệp PDF mới rồi gửi lại.",
            "The PDF is a dynamic form (XFA). Print it to a new PDF and send that.",
        ),
        EMBEDDED: (
            "Tệp PDF chứa tệp khác bên trong. Hãy gửi từng tệp riêng, hoặc in ra tệp PDF mới.",
            "The PDF carries another file inside. Send each file by itself, or print it to a new PDF.",
        ),
        COMPLEX: (
            "Tệp quá phức tạp để kiểm tra. Hãy in ra tệp PDF mới, hoặc chụp ảnh giấy tờ rồi gửi lại.",
            "The file is too complex to be examined. Print it to a new PDF, or send photographs of the paper.",
        ),
        MALWARE: (
            "Phát hiện mã độc trong tệp. Hãy kiểm tra thiết bị của bạn, rồi gửi ảnh chụp giấy tờ từ thiết bị khác.",
            "Malware was found in the file. Check your device, and send a photograph of the paper from another one.",
        ),
        NOT_SCANNED: (
            "Không quét được mã độc trong tệp. Hãy gửi ảnh chụp giấy tờ, hoặc nộp tại bộ phận một cửa.",
            "The file could not be scanned for malware. Send a photograph of the paper, or bring it to the desk.",
        ),
        NOT_EXAMINED: (
            "Hệ thống chưa kiểm tra được tệp do sự cố. Hãy gửi lại tệp sau ít phút.",
            "The file could not be examined because of a fault of the service. Send it again in a few minutes.",
        ),
        TOO_LATE: (
            "Hồ sơ đã có dự thảo quyết định hoặc đã kết thúc trước khi tệp đến. Hãy liên hệ bộ phận một cửa.",
            "The decision was drafted, or the dossier had ended, before the file came. Ask at the desk.",
        ),
    }
)


def explanation_of(reason: str | None) -> Mapping[str, str] | None:
    """The texts ("vi", "en") of a reason; None where there is none."""
    texts = TEXTS.get(reason or "")
    return MappingProxyType({"vi": texts[0], "en": texts[1]}) if texts else None
