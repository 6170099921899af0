"""Whether results and annexes have exactly the fields that signing takes: with fewer nobody can sign, with more nobody can seal."""

import io
from collections.abc import Iterator

from chauban.dossiers.documents import DocumentKind
from chauban.forms.definition import FormHead

OTHERS = ("number", "date", "seal", "copy")
OF_AN_ANNEX = frozenset({"annex", "number", "date"})
_IDS = {"official2": "field-official-2"}


def field_faults(head: FormHead, kind: DocumentKind, pdf: bytes) -> Iterator[tuple[str, str]]:
    """Fields that are missing or too many, in Vietnamese and English."""
    if kind is DocumentKind.ANNEX and _names(pdf) != OF_AN_ANNEX:
        yield (
            'Phụ lục ở tệp riêng phải có đúng các ô <blockquote id="field-annex">, "field-annex-number" và "field-date". '
            "Hãy kế thừa _shared/annex.html.",
            'An annex in a file of its own has exactly the fields <blockquote id="field-annex">, "field-annex-number" and '
            '"field-date". Extend _shared/annex.html.',
        )
    if kind is not DocumentKind.RESULT:
        return
    wanted = {*OTHERS, *(terms.field for terms in head.terms(kind.value))}
    found = _names(pdf)
    for name in sorted(wanted - found):
        place = _IDS.get(name, f"field-{name}")
        yield (
            f'Văn bản thiếu ô <blockquote id="{place}"> mà signatories trong form.yaml cần. Hãy kế thừa _shared/result.html, '
            "hoặc dùng signature_block (một người ký), signature_pair (hai người ký).",
            f'The document has no <blockquote id="{place}">, which the signatories in form.yaml need. Extend _shared/result.html, '
            "or use signature_block (one signatory), signature_pair (two).",
        )
    for name in sorted(found - wanted):
        place = _IDS.get(name, f"field-{name}")
        yield (
            f"Văn bản có ô {place} nhưng signatories trong form.yaml không có người ký đó. Hãy bỏ ô hoặc thêm người ký.",
            f"The document has the field {place}, but form.yaml names no such signatory. Take the field out or add the signatory.",
        )


def _names(pdf: bytes) -> set[str]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    root = PdfFileReader(io.BytesIO(pdf)).root
    fields = root["/AcroForm"]["/Fields"] if "/AcroForm" in root else ()
    return {str(each.get_object()["/T"]) for each in fields}
