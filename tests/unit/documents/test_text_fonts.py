"""Letters: all of Vietnamese, of minority languages, Cyrillic and Greek are shipped; other scripts come with fonts added beside."""

import runpy
import shutil
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.forms.packaging import pack_print, read_definition, unpack_print
from fontTools.ttLib import TTFont

from tests.unit.documents import pages
from tests.unit.documents.conftest import FORMS, VERSION, published_files, request_for

FACES = sorted(path for path in published_files() if "ChaubanText" in path)
VIETNAMESE = "".join(
    unicodedata.normalize("NFC", letter + tone)
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
)
MINORITIES = "čĭŏŭĕƀñČĬŎŬĔɃÑ\u0306đĐ"
CYRILLIC = "".join(map(chr, range(0x400, 0x460)))
GREEK = "".join(chr(code) for code in range(0x386, 0x3CF) if unicodedata.category(chr(code)) != "Cn")
STACKED = "ơ̆ Ơ̆ ê̆ Ê̆ ô̆ Ô̆ â̆ Â̆ ư̆ Ư̆"
PAGE = '<html lang="vi"><head><title>x</title><link rel="stylesheet" href="../_shared/print.css"></head><body>{}</body></html>'


@pytest.fixture(scope="module", params=FACES, ids=lambda path: path.rsplit("/", 1)[1])
def face(request: pytest.FixtureRequest) -> Iterator[TTFont]:
    with TTFont(BytesIO(published_files()[request.param])) as font:
        yield font


def test_there_are_four_faces() -> None:
    assert len(FACES) == 4


@pytest.mark.parametrize("letters", [VIETNAMESE, MINORITIES, CYRILLIC, GREEK], ids=["vi", "minorities", "ru", "el"])
def test_a_face_has_the_letters(face: TTFont, letters: str) -> None:
    assert {letter for letter in letters if ord(letter) not in face.getBestCmap()} == set()


@pytest.mark.parametrize("letter", [part[0] for part in STACKED.split()])
def test_a_breve_stands_over_the_middle_of_a_letter_with_a_mark(face: TTFont, letter: str) -> None:
    (subtable,) = face["GPOS"].table.LookupList.Lookup[0].SubTable
    names = face.getBestCmap()
    marks, bases = subtable.MarkCoverage.glyphs, subtable.BaseCoverage.glyphs
    mark = subtable.MarkArray.MarkRecord[marks.index(names[0x306])]
    anchor = subtable.BaseArray.BaseRecord[bases.index(names[ord(letter)])].BaseAnchor[mark.Class]
    breve, below = face["glyf"][names[0x306]], face["glyf"][names[ord(letter)]]
    assert below.xMin < anchor.XCoordinate < below.xMax
    lifted = anchor.YCoordinate - mark.MarkAnchor.YCoordinate
    if letter.lower() in "êôâ":
        assert breve.yMin + lifted > below.yMax, "the breve touches the circumflex"
    assert breve.yMax + lifted < 2260, "the breve leaves its line"


def test_letters_of_two_marks_are_read_out_of_the_page(render_template) -> None:
    text = pages.text(render_template(PAGE.format(f"<p>{STACKED}</p>")).pdf)
    assert unicodedata.normalize("NFC", text.strip()) == unicodedata.normalize("NFC", STACKED)


def test_a_font_put_into_the_folder_prints_its_letters(tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    shutil.copytree(FORMS / "_shared", forms / "_shared")
    shutil.copytree(FORMS / VERSION, forms / VERSION)
    assert not read_definition(forms / VERSION).glyphs.prints("好")
    _font_with(forms / "_shared/fonts/more/Han.ttf", "好")
    runpy.run_path(str(forms / "_shared/fonts/list_more_fonts.py"), run_name="__main__")
    assert read_definition(forms / VERSION).glyphs.prints("好")
    files = {
        **unpack_print(pack_print(forms, forms / VERSION)),
        "test/page.html": PAGE.format("<p>Họ: 好</p>").encode(),
    }
    pdf = WeasyPrintRenderer().render(request_for("test/page.html", {}, files)).pdf
    assert pages.flowing(pdf) == "Họ: 好"


def _font_with(path: Path, letter: str) -> None:
    """A font that has one letter, in the shape of another."""
    font = TTFont(BytesIO(published_files()[FACES[0]]))
    for table in font["cmap"].tables:
        table.cmap = {ord(letter): "O"} if table.isUnicode() else {}
    for name_id in (1, 3, 4, 6):
        font["name"].setName("Han", name_id, 3, 1, 0x409)
    font.save(path)
