"""A line is as full as it can be, whatever element comes next: no word stands alone on it for want of a blank's width."""

from chauban.documents.fonts import LoadedFonts  # first: it must come before WeasyPrint

# isort: split
import pytest
from chauban.documents import rendering
from chauban.documents.resources import BASE_URL, PublishedFiles
from chauban.dossiers.documents import DocumentKind
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from tests.unit.documents import pages
from tests.unit.documents.conftest import published_files
from tests.unit.documents.material import Case, document

FONTS = "<style>@font-face { font-family: Text; src: url(_shared/fonts/ChaubanText-Regular.ttf) }</style>"
BEFORE = "Đã đăng ký việc khai tử tại Ủy ban nhân dân phường Vĩnh Ninh, thành phố Huế, số "
TEXT = f'{BEFORE}<b style="white-space: nowrap">56</b>, quyển số 01'


def lines(width: float, text: str, style: str = "") -> list[tuple[str, float]]:
    """Each line's text, and how wide its first part is, in points."""
    assert rendering.WeasyPrintRenderer  # what documents are made with is loaded
    html = f'{FONTS}<body style="margin: 0; font: 13pt Text; width: {width}pt"><p style="{style}">{text}</p></body>'
    source = HTML(string=html, base_url=BASE_URL, url_fetcher=PublishedFiles(published_files()))
    document = source.render(font_config=LoadedFonts())
    found = [box for box in document.pages[0]._page_box.descendants() if isinstance(box, LineBox)]
    parts = [[part for part in line.descendants() if isinstance(part, TextBox)] for line in found]
    return [("".join(part.text for part in line), line[0].width * 0.75) for line in parts]


@pytest.mark.parametrize("style", ["", "text-align: justify", "text-indent: 28pt", "overflow-wrap: anywhere"])
def test_a_line_that_just_fits_is_not_broken_after_its_first_word(style: str) -> None:
    ((_, natural),) = lines(5000, BEFORE + "<b></b>")
    indent = 28 if "indent" in style else 0
    for tenths in range(-60, 60, 4):
        first, _ = lines(natural + indent + tenths / 10, TEXT, style)[0]
        assert first.startswith(BEFORE.removesuffix(" số ")), f"{first!r} at {tenths / 10:+} points"


def test_a_document_has_no_word_alone_on_a_line() -> None:
    pdf = document(Case("cap-ban-sao-trich-luc-ho-tich", "samples", "death"), DocumentKind.RESULT).pdf
    words = pages.words(pdf)
    (start,) = [number for number, word in enumerate(words) if word.text == "Đã" and words[number + 1].text == "đăng"]
    assert words[start].box[1] == words[start + 1].box[1]
