"""Characters that no form takes, and those that its fonts cannot print."""

import hashlib
import subprocess
import sys
import unicodedata
from datetime import date
from typing import Any

import pytest
from chauban.documents.font_files import fonts_sha256
from chauban.errors import InvalidRequest
from chauban.forms.coverage import coverage
from chauban.forms.glyphs import GlyphCoverage, forbidden, ranges_of
from chauban.forms.packaging import pack_print, unpack_print
from chauban.forms.validation import accepted_decision, examined, refuse_forbidden_text, refuse_unprintable_text

from tests.unit.fakes.catalogue import FORM_FOLDER, ROOT, real_form
from tests.unit.forms.parts import control, form, group, when

TODAY = date(2026, 11, 23)
VIETNAMESE = "aăâeêioôơuưyđ"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return dict(unpack_print(pack_print(ROOT / "forms", FORM_FOLDER)))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a\x00",
            "a\tb",
            "a\rb",
            "\x7f",
            "\x85",
            "\u200b",
            "\u200e",
            "\u202e",
            "\u2066",
            "\u061c",
            "\ufeff",
            "\u00ad",
        ),
        *("\ud800", "\udfff", "\ue000", "\uffff", "\U000e0041", "\u2028", "\u2029"),
    ],
    ids=ascii,
)
def test_hidden_and_control_characters_are_found(text: str) -> None:
    assert len(forbidden(text)) == 1
    # At the ends of a text blanks of every kind are taken off.
    fault = examined(form({}), {"rows": [{"ten": f"x{text}x"}]}, TODAY).faults[0]
    assert (fault.pointer, fault.code) == ("#/answers/rows/0/ten", "forbidden-character")
    assert "U+" in fault.detail["vi"]
    assert "U+" in fault.detail["en"]


def test_what_nobody_sees_is_dropped_with_its_hidden_characters() -> None:
    """A fault at a question that is not shown could not be mended."""
    rule = {"effect": "SHOW", "condition": when("loai", {"const": 2})}
    shown = form({}, group(control("loai"), control("ten", **rule)))
    assert examined(shown, {"loai": 1, "ten": "a\u200b"}, TODAY).faults == ()
    assert len(examined(shown, {"loai": 2, "ten": "a\u200b"}, TODAY).faults) == 1
    # Half a surrogate pair is not even text.
    assert len(examined(shown, {"loai": 1, "ten": "a\ud800"}, TODAY).faults) == 1


def test_lines_and_ordinary_text_are_not() -> None:
    assert forbidden("một\r\nhai") == []
    assert forbidden("Nguyễn Ánh\nH'Hen Niê – “Ê Đê” № 5 αβγ Жж 好 🖋 \u0301") == []


@pytest.mark.parametrize("answers", [{"a\ud800": 1}, {"\u202e": {"x": 1}}, {"x": {"y\x00": "z"}}])
def test_a_name_with_such_a_character_is_told_at_what_holds_it(answers: dict[str, Any]) -> None:
    faults = examined(form({}), answers, TODAY).faults
    assert [fault.code for fault in faults] == ["forbidden-character"]
    assert faults[0].pointer in {"#/answers", "#/answers/x"}
    for text in (faults[0].pointer, *faults[0].detail.values()):
        text.encode()


def test_the_shipped_fonts_print_vietnamese_in_small_letters_and_capitals(files: dict[str, bytes]) -> None:
    glyphs = coverage(files)
    letters = [
        unicodedata.normalize("NFC", letter + tone)
        for letter in VIETNAMESE
        for tone in TONES
        if letter != "đ" or not tone
    ]
    assert len(letters) == 73
    assert glyphs.lacks("".join(letters) + "".join(letters).upper()) == []
    assert glyphs.lacks("ŎŏĔĕĬĭŬŭČčÑñ Ωω Жж ₫ – “” № \n") == []
    assert glyphs.lacks("An 好 🖋 ა An 好") == ["好", "🖋", "ა"]


def test_the_hash_is_the_one_that_documents_carry(files: dict[str, bytes]) -> None:
    assert real_form().glyphs == coverage(files)
    assert coverage(files).fonts_sha256 == fonts_sha256(files)
    lines = "".join(
        f"{path} {hashlib.sha256(files[path]).hexdigest()}\n" for path in sorted(files) if path.endswith(".ttf")
    )
    assert fonts_sha256(files) == hashlib.sha256(lines.encode()).hexdigest()


def test_a_family_prints_what_all_its_faces_have_and_other_families_add_theirs(files: dict[str, bytes]) -> None:
    bold, other = "_shared/fonts/ChaubanText-Bold.ttf", "_shared/fonts/Other.ttf"
    narrow = _subset(files[bold], "AnN")
    only_bold_lacks = {**files, bold: narrow}
    assert coverage(only_bold_lacks).lacks("AnHuế") == ["H", "u", "ế"]
    face = b"@font-face { font-family: Other; src: url(fonts/Other.ttf) }"
    with_other = {**only_bold_lacks, other: files[bold], "_shared/more.css": face}
    assert coverage(with_other).lacks("AnHuế") == []
    # A font that no stylesheet loads prints nothing.
    assert coverage({**only_bold_lacks, other: files[bold]}).lacks("H") == ["H"]


def _subset(font: bytes, text: str) -> bytes:
    import io

    from fontTools import subset
    from fontTools.ttLib import TTFont

    opened = TTFont(io.BytesIO(font))
    subsetter = subset.Subsetter()
    subsetter.populate(text=text)
    subsetter.subset(opened)
    written = io.BytesIO()
    opened.save(written)
    return written.getvalue()


def test_a_letter_whose_capital_is_missing_is_not_printed() -> None:
    glyphs = GlyphCoverage(fonts_sha256="0" * 64, ranges=ranges_of(map(ord, "aAbß")))
    assert glyphs.lacks("abß") == ["b", "ß"]


def test_ranges_hold_exactly_what_they_are_made_of() -> None:
    assert ranges_of([5, 1, 2, 3, 9, 10, 5]) == ((1, 3), (5, 5), (9, 10))
    assert ranges_of([]) == ()
    glyphs = GlyphCoverage(fonts_sha256="0" * 64, ranges=((48, 57), (65, 65)))
    assert [char for char in "/0459:@AB" if glyphs.prints(char)] == ["0", "4", "5", "9", "A"]


def test_decisions_and_other_printed_text_are_checked_too() -> None:
    glyphs = GlyphCoverage(fonts_sha256="0" * 64, ranges=((32, 126),))
    decided = form({}).model_copy(update={"glyphs": glyphs})
    for text, code in (("x\u202e", "forbidden-character"), ("Huế", "glyph")):
        with pytest.raises(InvalidRequest) as error:
            accepted_decision(decided, decided.head.results[0], {}, {"grounds": [text]}, TODAY)
        assert [(fault.pointer, fault.code) for fault in error.value.errors] == [("#/data/grounds/0", code)]
    with pytest.raises(InvalidRequest) as error:
        refuse_unprintable_text({"name": "Huế"}, "#/requester", decided)
    assert error.value.errors[0].pointer == "#/requester/name"
    with pytest.raises(InvalidRequest):
        refuse_forbidden_text({"contact": {"address": "a\x07"}})
    refuse_forbidden_text({"contact": {"address": "12 Lê Lợi"}})


def test_checking_answers_loads_no_font_library() -> None:
    """Publishing does; the API only reads the ranges."""
    program = (
        "import sys, chauban.forms.validation, chauban.adapters.forms\n"
        "sys.exit(','.join({'fontTools', 'weasyprint', 'jinja2'} & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT / "functions", check=False
    )
    assert done.stderr.strip() == ""
