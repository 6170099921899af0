"""What WeasyPrint does not do itself, done on its PDF objects just before they are written.

PDF/UA-1 beside PDF/A-3a in one file, signature and text fields, their place in the structure tree, one entry for each
associated file.
"""

from collections.abc import Mapping

import pydyf
from weasyprint import Document

from chauban.documents.finisher.fields import add_fields
from chauban.documents.finisher.structure import refuse_pictures_without_words
from chauban.documents.finisher.xmp import complete_metadata
from chauban.errors import RenderingError


def finish(document: Document, pdf: pydyf.PDF, *, files: Mapping[str, bytes], document_id: str) -> None:
    """Complete `pdf`, WeasyPrint's output for `document`; `files` are the published ones, with the fonts of the fields.

    Raises RenderingError where a character has no glyph, a picture no alternative text, or a field no proper place.
    """
    _refuse_missing_glyphs(document)
    refuse_pictures_without_words(pdf)
    complete_metadata(pdf, document_id=document_id)
    add_fields(document, pdf, files)
    # WeasyPrint names an attachment twice, once for the name tree and once for the file specification.
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _refuse_missing_glyphs(document: Document) -> None:
    missing = sorted({code for font in document.fonts.values() for code in font.missing})
    if missing:
        raise RenderingError(reason="no glyph for " + ", ".join(f"U+{code:04X}" for code in missing[:5]))
