"""Why an attachment was not kept, in words for whoever sent it: what is the matter, and what to do now."""

from collections.abc import Mapping
from types import MappingProxyType

from chauban.signing import foreign_files as foreign

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
# Of files to be copied
NOT_A_SCAN = "not-a-scan"
NOT_COLOUR = "not-colour"
RESOLUTION = "resolution-too-low"
PAPER_SIZE = "paper-size"
NO_PLACE = "no-free-place"
SIGNED_SCAN = "signed-scan"
LOCKED = "locked-by-signature"

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
        NOT_A_SCAN: (
            "Trang của tệp không phải là một ảnh quét phủ hết trang. Hãy quét lại bản giấy, mỗi trang một ảnh, rồi lưu thành PDF "
            "hoặc TIFF.",
            "A page of the file is not one picture that fills it. Scan the paper again, one picture a page, as PDF or TIFF.",
        ),
        NOT_COLOUR: (
            "Bản quét không phải ảnh màu. Hãy quét lại ở chế độ màu (RGB), từ 200 dpi, tỷ lệ 100%.",
            "The scan is not in colour. Scan again in colour (RGB), at 200 dpi or more, at 100 %.",
        ),
        RESOLUTION: (
            "Bản quét dưới 200 dpi hoặc không ghi độ phân giải. Hãy quét lại ở chế độ màu, từ 200 dpi, tỷ lệ 100%.",
            "The scan has less than 200 dpi, or does not say how many. Scan again in colour, at 200 dpi or more, at 100 %.",
        ),
        PAPER_SIZE: (
            "Khổ trang nhỏ hơn A6 hoặc lớn hơn A3. Hãy quét lại ở tỷ lệ 100%, hoặc sao y trên giấy.",
            "A page is smaller than A6 or larger than A3. Scan again at 100 %, or have the copy made on paper.",
        ),
        NO_PLACE: (
            "Góc trên, bên phải trang đầu không còn chỗ trống (180 × 36 point) cho chữ ký số của bản sao. Hãy chọn "
            "trích sao, hoặc sao y "
            "trên giấy.",
            "The top right of page 1 has no free place (180 by 36 points) for the signature of a copy. Order a "
            "trich_sao, or have the "
            "copy made on paper.",
        ),
        SIGNED_SCAN: (
            "Tệp quét này đã có chữ ký số. Hãy gửi lại với loại signed_file để kiểm tra chữ ký.",
            "This scan has a digital signature. Send it again as a signed_file, so that its signatures are checked.",
        ),
        LOCKED: (
            "Chữ ký số của cơ quan ban hành không cho thêm chữ ký của bản sao vào tệp. Hãy chọn trích sao, hoặc đề "
            "nghị cơ quan đó sao y.",
            "A signature of the issuing agency forbids that the signature of a copy is added to the file. Order a "
            "trich_sao, or ask that "
            "agency for the copy.",
        ),
        foreign.NOT_SIGNED: (
            "Tệp không có chữ ký số. Hãy lấy tệp gốc có chữ ký số từ cơ quan ban hành; nếu chỉ có bản giấy, hãy gửi "
            "với loại paper_scan.",
            "The file has no digital signature. Get the signed file from the issuing agency; of a paper original send "
            "a paper_scan.",
        ),
        foreign.ALTERED: (
            "Nội dung tệp đã bị thay đổi sau khi ký. Hãy lấy lại tệp gốc từ cơ quan ban hành.",
            "The file was changed after it was signed. Get the original file from the issuing agency again.",
        ),
        foreign.APPENDED: (
            "Sau chữ ký số cuối cùng còn có dữ liệu mà không chữ ký nào bảo vệ. Hãy lấy lại tệp gốc từ cơ quan ban hành.",
            "Something stands behind the last signature that no signature covers. Get the original file from the "
            "issuing agency again.",
        ),
        foreign.UNTRUSTED: (
            "Chữ ký số hoặc dấu thời gian không thuộc hệ thống chứng thực được tin cậy. Hãy đề nghị cơ quan ban hành "
            "ký lại, hoặc xuất "
            "trình bản giấy.",
            "A signature or timestamp is of no authority that is trusted here. Ask the issuing agency to sign anew, "
            "or bring the paper.",
        ),
        foreign.NO_TIMESTAMP: (
            "Chữ ký số không có dấu thời gian, nên không xác định được hiệu lực lúc ký. Hãy đề nghị cơ quan ban hành "
            "cấp tệp có dấu thời "
            "gian, hoặc xuất trình bản giấy.",
            "A signature has no timestamp, so nobody can say whether it was valid. Ask the issuing agency for a file "
            "with timestamps, or "
            "bring the paper.",
        ),
        foreign.NO_STATUS: (
            "Không chứng minh được chứng thư số còn hiệu lực lúc ký (đã hết hạn hoặc bị thu hồi). Hãy đề nghị cơ quan "
            "ban hành cấp lại "
            "tệp, hoặc xuất trình bản giấy.",
            "It cannot be shown that the certificate was valid when it signed: it has ended or was revoked. Ask the "
            "issuing agency for a "
            "new file, or bring the paper.",
        ),
        foreign.NO_ORGANISATION: (
            "Không chứng thư số nào trong tệp nêu tên cơ quan, tổ chức; chỉ có chữ ký số cá nhân. Hãy lấy tệp có chữ ký số của cơ "
            "quan ban hành, hoặc xuất trình bản giấy.",
            "No certificate in the file names an organisation: only persons signed it. Get the file that the agency signed, "
            "or bring the paper.",
        ),
        foreign.ISSUED_HERE: (
            "Tệp này là văn bản của chính hệ thống này. Hãy yêu cầu bản sao từ văn bản đó trong hồ sơ của nó "
            "(POST /v1/documents/{id}/copies).",
            "This file is a document of this service. Order the copy of that document, in its own dossier "
            "(POST /v1/documents/{id}/copies).",
        ),
        foreign.IS_COPY: (
            "Tệp này đã là bản sao, không phải bản gốc. Hãy lấy tệp gốc có chữ ký số từ cơ quan ban hành.",
            "This file is a copy itself, not an original. Get the signed original from the issuing agency.",
        ),
        foreign.NOT_CHECKED: (
            "Hệ thống chưa kiểm tra được chữ ký số của tệp, có thể do dịch vụ chứng thực không trả lời. Hãy gửi lại tệp "
            "sau ít giờ.",
            "The signatures of the file could not be checked: perhaps a trust service does not answer. Send the file again in a "
            "few hours.",
        ),
    }
)


def explanation_of(reason: str | None) -> Mapping[str, str] | None:
    """The texts ("vi", "en") of a reason; None where there is none."""
    texts = TEXTS.get(reason or "")
    return MappingProxyType({"vi": texts[0], "en": texts[1]}) if texts else None
