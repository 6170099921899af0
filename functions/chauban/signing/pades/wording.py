"""A signature's words: form of copy or number, organisation and time as text, in the place of a picture (Decree 30/2020/ND-CP,
Annex I: 10 points, upright, black). Written with the font that the file holds among the resources of its form."""

from collections.abc import Callable, Sequence

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from chauban.documents.field_text import LINES_SIZE, glyph_numbers, lines_content
from chauban.errors import SigningError
from chauban.signing.pades.appearance import appearance_box, form_object
from chauban.signing.pades.form_filling import text_width

FONT = "ChaubanSerif"
MOST_LINES = 3


def words_appearance(
    writer: IncrementalPdfFileWriter,
    widget: generic.DictionaryObject,
    parts: Sequence[str],
    font: generic.IndirectObject | None = None,
) -> generic.IndirectObject:
    """Add a form XObject that says `parts`, each on a line of its own, or one after the other where they are too long for that.

    `font` is written with, or the one among the form's resources. Raises `SigningError` where the file has no such font, the font
    not such a letter, or the field no such room.
    """
    try:
        shown = font or writer.root["/AcroForm"]["/DR"]["/Font"].raw_get(f"/{FONT}")
        described = shown.get_object()
    except KeyError as error:
        raise SigningError(reason="no-font-for-words") from error
    to_unicode = described["/ToUnicode"].data
    glyphs = glyph_numbers(to_unicode)
    _, _, width, height = appearance_box(widget)

    def fits(line: str) -> bool:
        return text_width(described, glyphs, line) * LINES_SIZE / 1000 <= width

    try:
        lines = list(parts) if all(fits(part) for part in parts) else _wrapped(parts, fits)
        content = lines_content(lines, to_unicode=to_unicode, font=FONT, height=round(height))
    except (ValueError, KeyError) as error:
        raise SigningError(reason="words-do-not-fit") from error
    shared = generic.DictionaryObject({pdf_name(f"/{FONT}"): shown})
    return form_object(writer, widget, content, generic.DictionaryObject({pdf_name("/Font"): shared}))


def _wrapped(parts: Sequence[str], fits: Callable[[str], bool]) -> list[str]:
    """All parts as one text in as few lines as it takes; raises ValueError where that is more than there may be."""
    lines: list[str] = []
    for word in ", ".join(parts).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and fits(longer):
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > MOST_LINES or not all(fits(line) for line in lines):
        raise ValueError("the words are too long for the field")
    return lines
