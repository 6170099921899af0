"""What the linter finds: a stable code, a place in the file, and what it means in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # The file as bytes
        "not-a-pdf": ("tệp không bắt đầu như một tệp PDF 1.7", "the file does not begin as a PDF 1.7 file does"),
        "bytes-outside-objects": (
            "có dữ liệu nằm ngoài các đối tượng của tệp",
            "there are bytes that belong to no object of the file",
        ),
        "malformed-object": ("đối tượng không đúng cú pháp", "an object breaks the syntax"),
        "object-defined-twice": (
            "một đối tượng được định nghĩa hai lần trong cùng một phiên bản",
            "an object is defined twice in one revision",
        ),
        "cross-reference-table": (
            "bảng tham chiếu kiểu cũ hoặc lai",
            "an old or hybrid cross-reference table",
        ),
        "cross-reference-mismatch": (
            "bảng tham chiếu không khớp với nội dung tệp",
            "the cross-references do not match what is in the file",
        ),
        "revision-chain": (
            "chuỗi phiên bản của tệp không liền mạch",
            "the revisions of the file do not follow each other",
        ),
        "several-revisions": (
            "tệp chưa ký đã bị sửa đổi sau khi tạo",
            "the file was changed after it was made, before any signature",
        ),
        "encrypted": ("tệp bị mã hóa", "the file is encrypted"),
        "too-large": ("nội dung giải nén quá lớn hoặc lồng quá sâu", "the content is too large or nested too deeply"),
        # What the objects say
        "unreferenced-object": ("đối tượng không được dùng ở đâu", "an object that nothing refers to"),
        "missing-object": ("tham chiếu tới đối tượng không có trong tệp", "a reference to an object that is not there"),
        "object-in-two-roles": ("một đối tượng đóng hai vai khác nhau", "one object plays two different parts"),
        "unexpected-entry": ("có mục ngoài danh mục cho phép", "an entry that documents of ours do not have"),
        "active-content": (
            "nội dung chủ động (JavaScript, mở chương trình, gửi biểu mẫu, hành động tự chạy)",
            "active content (JavaScript, launching, submitting, actions that start by themselves)",
        ),
        "optional-content": ("lớp nội dung có thể bật tắt", "optional content, which can be shown or hidden"),
        "xfa": ("biểu mẫu XFA", "an XFA form"),
        "external-reference": ("tham chiếu ra ngoài tệp", "a reference to something outside the file"),
        "undeclared-file": ("tệp đính kèm không khai báo", "an embedded file that the policy does not declare"),
        "need-appearances": (
            "yêu cầu phần mềm đọc tự vẽ lại trường",
            "readers are told to draw the fields themselves",
        ),
        "unknown-annotation": (
            "chú thích không thuộc danh mục cho phép",
            "an annotation of a kind that is not allowed",
        ),
        "unknown-field": ("trường biểu mẫu ngoài danh mục", "a form field that the policy does not name"),
        "filled-before-signing": (
            "trường đã có giá trị trước khi ký",
            "a field has a value or a look before it is signed",
        ),
        "field-off-page": ("trường hoặc chú thích nằm ngoài trang", "a field or an annotation lies off the page"),
        "field-over-text": ("trường nằm đè lên nội dung", "a field lies over what the page shows"),
        "font-not-embedded": (
            "phông chữ không nhúng, hoặc có bảng mã, bảng hay chương trình riêng",
            "a font that is not embedded, or with an encoding, tables or programs of its own",
        ),
        "annex-not-named": (
            "phụ lục không phải là tệp mà văn bản đã ký nêu mã băm",
            "an annex is not the file whose hash the signed document names",
        ),
        # What the pages show
        "off-page": ("nội dung nằm ngoài trang hoặc bị cắt", "content lies off the page or is clipped away"),
        "invisible-text": ("chữ không nhìn thấy được", "text that nobody can see"),
        "covered-content": ("nội dung bị che", "content is covered by something drawn over it"),
        "undecidable-content": (
            "cách vẽ mà bộ kiểm tra không xét được",
            "a way of drawing that the linter cannot judge",
        ),
        # Later revisions
        "no-earlier-signature": ("chưa có chữ ký trước", "there is no earlier signature"),
        "not-covered": ("chữ ký không bao trùm phiên bản của nó", "a signature does not cover its revision"),
        "altered-after-signing": ("nội dung đã ký bị thay đổi", "what was signed has been altered"),
        "unexplained-change": (
            "phiên bản sau thay đổi điều mà chính sách không cho phép",
            "a later revision changes what the policy does not allow",
        ),
        "unexplained-object": (
            "phiên bản sau thêm đối tượng không rõ mục đích",
            "a later revision adds an object without a purpose",
        ),
        "value-not-shown": (
            "hình hiển thị của trường khác giá trị của nó",
            "a field shows something else than its value",
        ),
    }
)


@dataclass(frozen=True, order=True)
class Finding:
    """`code` is a key of `TEXTS`; `place` says where, in the file's own terms (object 12, page 1, revision 2): no content."""

    code: str
    place: str = ""

    def detail(self, language: str) -> str:
        """What was found, in `language` ("vi" or "en")."""
        text = TEXTS[self.code][0 if language == "vi" else 1]
        return f"{text} ({self.place})" if self.place else text


class Unfit(Exception):
    """Within the linter: what is read here cannot be judged further."""

    def __init__(self, code: str, place: str = "") -> None:
        self.finding = Finding(code, place)
        super().__init__(code)
