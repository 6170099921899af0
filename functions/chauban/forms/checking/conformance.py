"""PDF/A-3a and PDF/UA-1 as far as the file's structure shows it, without a judge beside: what a template can spoil.

ISO 19005-3 and ISO 14289-1. veraPDF has the last word, where it is installed (`verapdf.py`).
"""

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

Fault = tuple[str, str]
_METADATA = {
    b"<pdfaid:part>3<": b'pdfaid:part="3"',
    b"<pdfaid:conformance>A<": b'pdfaid:conformance="A"',
    b"<pdfuaid:part>1<": b'pdfuaid:part="1"',
}
_HEADINGS = ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def structural_faults(pdf: bytes) -> list[Fault]:
    """What is wrong with a file, in Vietnamese and English; empty where nothing is."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    from chauban.signing.pades import quick_reading

    quick_reading.install()
    root = PdfFileReader(io.BytesIO(pdf)).root
    return [*_catalog(root), *_pages(root), *_structure(root)]


def _catalog(root: Any) -> Iterator[Fault]:
    if not _of(_of(root, "/MarkInfo", {}), "/Marked"):
        yield "Tệp chưa được gắn thẻ cấu trúc.", "The file is not tagged."
    if not str(_of(root, "/Lang", "")):
        yield "Tệp chưa khai ngôn ngữ.", "The file names no language."
    if "/OutputIntents" not in root:
        yield "Tệp thiếu không gian màu đầu ra.", "The file has no output intent."
    if not _of(root, "/AF"):
        yield "Tệp thiếu dữ liệu nhúng data.json.", "The embedded data.json is missing."
    if "/OpenAction" in root or "/AA" in root:
        yield "Tệp chứa hành động tự chạy.", "The file acts when it is opened."
    metadata = root["/Metadata"].data if "/Metadata" in root else b""
    if not all(one in metadata or other in metadata for one, other in _METADATA.items()):
        yield "Siêu dữ liệu không khai PDF/A-3a và PDF/UA-1.", "The metadata does not say PDF/A-3a and PDF/UA-1."


def _pages(root: Any) -> Iterator[Fault]:
    for number, page in enumerate(_leaves(root["/Pages"]), 1):
        if "/StructParents" not in page:
            yield f"Trang {number} chưa được gắn thẻ.", f"Page {number} is not tagged."
        fonts = _of(_of(page, "/Resources", {}), "/Font", {})
        for name in fonts:
            for part in _list(_of(fonts[name], "/DescendantFonts", [fonts[name]])):
                if not any(file in _of(part, "/FontDescriptor", {}) for file in _FONT_FILES):
                    yield "Có phông chữ không được nhúng.", "A font is not embedded."


def _structure(root: Any) -> Iterator[Fault]:
    levels = []
    for element in _elements(_of(root, "/StructTreeRoot", {})):
        kind = str(_of(element, "/S", ""))
        if kind in _HEADINGS:
            levels.append(_HEADINGS.index(kind) + 1)
        if kind == "/Figure" and not str(_of(element, "/Alt", "")).strip():
            yield "Có hình không có lời mô tả (alt, <title>).", "A picture has no words (alt, <title>)."
        if kind == "/Table" and not any(str(_of(cell, "/S")) == "/TH" for cell in _elements(element)):
            yield (
                "Có bảng không có ô tiêu đề: dùng <th scope>; không dùng bảng để dàn trang.",
                "A table has no header cells: use <th scope>, and no table for layout.",
            )
    if not levels or levels[0] != 1:
        yield "Tiêu đề đầu tiên phải là <h1>.", "The first heading has to be an <h1>."
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield "Các tiêu đề <h1>, <h2>... không được nhảy bậc.", "Headings must not skip a level."


def _elements(node: Any) -> Iterator[Any]:
    for kid in _list(_of(node, "/K", [])):
        if hasattr(kid, "keys") and "/S" in kid:
            yield kid
            yield from _elements(kid)


def _leaves(node: Any) -> Iterator[Any]:
    if "/Kids" not in node:
        yield node
    for kid in _list(_of(node, "/Kids", [])):
        yield from _leaves(kid)


def _of(dictionary: Any, name: str, otherwise: Any = None) -> Any:
    """The value of an entry, whether it stands there itself or by reference."""
    return dictionary[name] if name in dictionary else otherwise  # noqa: SIM401  pyHanko: `get` gives the reference


def _list(value: Any) -> list[Any]:
    many = [value[position] for position in range(len(value))] if isinstance(value, list) else [value]
    return [one.get_object() if hasattr(one, "get_object") else one for one in many]
