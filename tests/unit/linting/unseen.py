"""Text that nobody sees, by name: too pale, too small, distorted, under other letters, clipped or painted over bit by bit."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
from fontTools.ttLib import TTFont, newTable
from pikepdf import Array, Dictionary, Name, Pdf

from tests.unit.linting.files import Change
from tests.unit.linting.hiding import TEXT, draw, font_of, form, letters_of, page, picture


def text(
    *, at: bytes = b"1 0 0 1 100 20", size: int = 12, letters: bytes = b"<ONEOTHER> Tj", before: bytes = b""
) -> bytes:
    """Letters of the page's own font."""
    return b"BT %s /FONT %d Tf %s Tm %s ET " % (before, size, at, letters)


def state(content: bytes, **entries: float) -> Change:
    """Content under a graphics state of its own, /now."""
    return draw(b"/now gs " + content, ExtGState={"/now": Dictionary({f"/{k}": v for k, v in entries.items()})})


def group(inside: bytes, **more: object) -> Callable[[Pdf], pikepdf.Object]:
    """A transparency group with a state that lets nothing through, /whole."""

    def made(pdf: Pdf) -> pikepdf.Object:
        resources = Dictionary(ExtGState=Dictionary({"/whole": Dictionary(ca=1)}))
        entries = Dictionary(S=Name.Transparency, **more)
        return form(pdf, b"/whole gs " + inside, Group=entries, Resources=resources)

    return made


def font_file(change: Callable[[TTFont, str], None]) -> Change:
    """Another font file for the page's first font; `change` gets the font and the name of a letter's glyph."""

    def changed(pdf: Pdf) -> None:
        file = font_of(pdf).DescendantFonts[0].FontDescriptor.FontFile2
        opened, written = TTFont(BytesIO(file.read_bytes()), recalcBBoxes=False, recalcTimestamp=False), BytesIO()
        one, _ = letters_of(font_of(pdf))
        change(opened, opened.getGlyphName(int(one, 16)))
        opened.save(written, reorderTables=None)
        file.write(written.getvalue())
        file.Length1 = len(written.getvalue())

    return changed


def _scaled(by: float) -> Callable[[TTFont, str], None]:
    def change(opened: TTFont, glyph: str) -> None:
        table = opened["glyf"]
        table[glyph].coordinates.scale((by, by))

    return change


def _gone(opened: TTFont, glyph: str) -> None:
    table = opened["glyf"]
    table[glyph] = type(table[glyph])()


def _program(opened: TTFont, glyph: str) -> None:
    opened["glyf"][glyph].program.fromBytecode(b"\xb0\x01")


def _table(tag: str) -> Callable[[TTFont, str], None]:
    def change(opened: TTFont, _: str) -> None:
        table = newTable(tag)
        table.decompile = None
        opened.tables[tag] = table
        table.compile = lambda _font: b"\0\0\0\0"

    return change


def _behind(more: bytes) -> Change:
    """Bytes after the last table of a font."""

    def change(pdf: Pdf) -> None:
        file = font_of(pdf).DescendantFonts[0].FontDescriptor.FontFile2
        file.write(file.read_bytes() + more)

    return change


def words(change: Callable[[bytes, bytes], bytes]) -> Change:
    """Another character map for the page's first font; `change` gets it and the code of a letter."""

    def changed(pdf: Pdf) -> None:
        found = font_of(pdf)
        one, _ = letters_of(found)
        found.ToUnicode.write(change(found.ToUnicode.read_bytes(), one))

    return changed


def _space_is_a_letter(old: bytes, _: bytes) -> bytes:
    assert b"> <0020>" in old
    return old.replace(b"> <0020>", b"> <0041>")


def _letter_is_a_space(old: bytes, one: bytes) -> bytes:
    start = old.index(b"<" + one + b"> <") + 8
    return old[:start] + b"0020" + old[start + 4 :]


def _without(old: bytes, one: bytes) -> bytes:
    start = old.index(b"<" + one + b"> <")
    return old[:start] + old[old.index(b"\n", start) + 1 :]


def _longer(old: bytes, one: bytes) -> bytes:
    start = old.index(b"<" + one + b"> <") + 8
    return old[:start] + b"0031002e003000300030" + old[start + 4 :]


def _twice(old: bytes, one: bytes) -> bytes:
    return old.replace(b"endbfchar", b"<%s> <0039>\nendbfchar" % one, 1)


WHITE = b"1 1 1 rg 0 0 595 842 re f "
DARK = b"0 g 60 10 300 60 re f 1 g "

PALE = {
    "pale grey text": (draw(b".6 g " + TEXT), "invisible-text"),
    "text of little contrast on a coloured surface": (
        draw(b".5 .1 .1 rg 90 10 200 40 re f .1 .1 .5 rg " + TEXT),
        "invisible-text",
    ),
    "black text that lets most through": (state(TEXT, ca=0.4), "invisible-text"),
    "grey text that lets a little through": (state(b".4 g " + TEXT, ca=0.85), "invisible-text"),
    "text on a surface that lets some through": (
        state(b"0 g 90 10 200 40 re f " + TEXT, ca=0.8),
        "invisible-text",
    ),
    "text half on a dark surface": (draw(b"0 g 90 10 16 40 re f " + TEXT), "invisible-text"),
    "whiter than white": (draw(b"9 9 9 rg " + TEXT), "undecidable-content"),
    "blacker than black": (draw(b"-9 g " + TEXT), "undecidable-content"),
    "more than solid": (state(TEXT, ca=5.0), "undecidable-content"),
    "inks": (draw(b"0 0 0 0 k " + TEXT), "undecidable-content"),
    "a group that lets nearly all through": (
        draw(
            b"/now gs /Group Do",
            ExtGState={"/now": Dictionary(ca=0.01)},
            XObject={"/Group": group(b"0 g 90 10 200 40 re f")},
        ),
        "undecidable-content",
    ),
    "a group whose parts knock each other out": (
        draw(b"/Group Do", XObject={"/Group": group(b"0 g 90 10 200 40 re f", K=True)}),
        "unexpected-entry",
    ),
    "a group in other colours": (
        draw(b"/Group Do", XObject={"/Group": group(b"0 g 90 10 200 40 re f", CS=Name.DeviceCMYK)}),
        "unexpected-entry",
    ),
}

MODES = {f"text of mode {mode}": (draw(text(before=b"%d Tr" % mode)), "invisible-text") for mode in range(1, 8)} | {
    "text of half a mode": (draw(text(before=b"0.5 Tr")), "malformed-object"),
    "text of an unknown mode": (draw(text(before=b"8 Tr")), "malformed-object"),
}

DISTORTED = {
    "text of five points": (draw(text(size=5)), "invisible-text"),
    "text as narrow as a line": (draw(text(at=b".05 0 0 1 100 20")), "invisible-text"),
    "text as low as a line": (draw(text(at=b"1 0 0 .05 100 20", size=100)), "invisible-text"),
    "text as wide as the page": (draw(text(at=b"12 0 0 1 100 20", size=8)), "invisible-text"),
    "text squeezed by the page": (draw(b".05 0 0 1 0 0 cm " + text(at=b"1 0 0 1 2000 20")), "invisible-text"),
    "text slanted to a line": (draw(text(at=b"1 0 40 1 100 20")), "invisible-text"),
    "text turned into nothing": (draw(text(at=b"1 0 1 0 100 20")), "invisible-text"),
    "text in a mirror": (draw(text(at=b"-1 0 0 1 100 20")), "invisible-text"),
    "text of a scale of its own": (draw(text(before=b"1 Tz")), "undecidable-content"),
    "text with spaces between words": (draw(text(before=b"900 Tw")), "undecidable-content"),
    "text moved by its line": (draw(text(before=b"900 0 Td")), "undecidable-content"),
    "text on the next line": (draw(text(letters=b"<ONE> '")), "undecidable-content"),
    "text raised off the page": (draw(text(before=b"900 Ts")), "off-page"),
    "text lowered off the page": (draw(text(before=b"-90 Ts")), "off-page"),
    "text pushed off the page": (draw(text(letters=b"[<ONE> -99999 <OTHER>] TJ")), "off-page"),
    "text pulled off the page": (draw(text(letters=b"[<ONE> 20000 <OTHER>] TJ")), "off-page"),
    "far away and back": (draw(b"999999999999 0 0 1 0 0 cm " + TEXT), "too-large"),
    "a page as large as a house": (
        page(**dict.fromkeys(("MediaBox", "TrimBox", "BleedBox"), Array([0, 0, 9000, 9000]))),
        "invisible-text",
    ),
}

COVERED = {
    "a large letter over the text": (draw(text(at=b"1 0 0 1 60 300", size=400)), "covered-content"),
    "a large letter in the colour of the paper": (
        draw(b"1 g " + text(at=b"1 0 0 1 60 300", size=400)),
        "covered-content",
    ),
    "a letter in the colour of the surface": (draw(DARK + text() + text(size=18)), "covered-content"),
    "a letter over the letter before": (draw(text() + b".2 g " + text(letters=b"<ONE> Tj")), "covered-content"),
    "letters on a large letter": (draw(text(at=b"1 0 0 1 100 5", size=50) + text()), "covered-content"),
    "all letters at one place": (
        draw(text(letters=b"[<ONE> 600 <OTHER> 600 <ONE> 600 <OTHER>] TJ")),
        "covered-content",
    ),
    "a hundred layers of almost nothing": (state(WHITE * 100, ca=0.01), "covered-content"),
    "one layer of almost nothing": (state(WHITE, ca=0.005), "covered-content"),
    "many thin strips": (
        draw(b"1 g " + b"".join(b"0 %d 595 .9 re f " % place for place in range(842))),
        "covered-content",
    ),
    "many thin lines": (
        draw(b"1 G .7 w " + b"".join(b"0 %d m 595 %d l S " % (place, place) for place in range(842))),
        "covered-content",
    ),
    "the marks over the vowels": (
        draw(b"1 g " + b"".join(b"0 %d 595 2.6 re f " % place for place in range(60, 800, 9))),
        "covered-content",
    ),
    "a corner drawn out to a spike": (
        draw(b"1 G 40 w 2000 M 300 5 m 300.01 20 l 300.02 5 l S"),
        "covered-content",
    ),
    "a line that goes on from where it began": (
        draw(b"1 G 60 w 60 842 m 60 841 l h 560 5 l 60 841 l S"),
        "covered-content",
    ),
    "a line with caps": (draw(text() + b"1 G 400 w 2 J 110 -225 m 110.1 -225.1 l S"), "covered-content"),
    "a line of less than no width": (draw(b"1 G -300 w 0 421 m 595 421 l S"), "malformed-object"),
    "hatched in its own colour": (
        draw(b"0 G .7 w " + b"".join(b"90 %d m 200 %d l S " % (place, place) for place in range(15, 40)) + TEXT),
        "undecidable-content",
    ),
}

CLIPPED = {
    "clipped to two corners": (draw(b"0 0 5 5 re 590 837 5 5 re W n " + TEXT), "undecidable-content"),
    "clipped to a triangle": (draw(b"0 0 m 595 842 l 0 842 l W n " + TEXT), "undecidable-content"),
    "clipped to a curve": (draw(b"0 0 m 0 842 595 842 595 0 c W n " + TEXT), "undecidable-content"),
    "clipped by a turned form": (
        draw(
            b"/Fm Do",
            XObject={
                "/Fm": lambda pdf: form(
                    pdf,
                    b"q 9 0 0 9 200 20 cm /Im Do Q",
                    Matrix=Array([1, 0.5, -0.5, 1, 0, 0]),
                    Resources=Dictionary(XObject=Dictionary({"/Im": picture(pdf)})),
                )
            },
        ),
        "undecidable-content",
    ),
    "a path that is interrupted": (draw(b"0 0 m q 595 842 l S Q"), "malformed-object"),
    "a path without a beginning": (draw(b"595 842 l S"), "malformed-object"),
    "a path without an end": (draw(b"0 0 m 595 842 l"), "malformed-object"),
    "a surface among letters": (draw(b"BT 0 0 9 9 re f ET"), "malformed-object"),
    "letters outside a text": (draw(b"/FONT 12 Tf <ONE> Tj"), "malformed-object"),
}

GLYPHS = {
    "a space that is read as a letter": (words(_space_is_a_letter), "invisible-text"),
    "a letter that is read as a space": (words(_letter_is_a_space), "invisible-text"),
    "a letter without a meaning": (words(_without), "font-not-embedded"),
    "a letter with two meanings": (words(_twice), "object-defined-twice"),
    "words in a character map": (words(lambda old, _: old + b"\n(1 000 000)"), "unexpected-entry"),
    "ranges of characters": (
        words(lambda old, _: old.replace(b"endcmap", b"1 beginbfrange\n<0000> <ffff> <0041>\nendbfrange\nendcmap")),
        "unexpected-entry",
    ),
    "a letter as small as a point": (font_file(_scaled(0.01)), "invisible-text"),
    "a letter as large as a page": (font_file(_scaled(20)), "invisible-text"),
    "a letter that is read as a sentence": (words(_longer), "invisible-text"),
    "a letter without ink": (font_file(_gone), "invisible-text"),
    "a letter with a program": (font_file(_program), "font-not-embedded"),
    "a font with a program": (font_file(_table("fpgm")), "font-not-embedded"),
    "a font with colours": (font_file(_table("COLR")), "font-not-embedded"),
    "a font with pictures": (font_file(_table("SVG ")), "font-not-embedded"),
    "bytes behind a font": (_behind(b"hidden words"), "bytes-outside-objects"),
    "half a font": (
        lambda pdf: (
            font_of(pdf)
            .DescendantFonts[0]
            .FontDescriptor.FontFile2.write(font_of(pdf).DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()[:900])
        ),
        "bytes-outside-objects",
    ),
}

ALL = {**PALE, **MODES, **DISTORTED, **COVERED, **CLIPPED, **GLYPHS}
