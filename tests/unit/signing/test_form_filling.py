from io import BytesIO
from unicodedata import normalize

import pikepdf
import pytest
from chauban.errors import SigningError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from tests.unit.signing.world import NUMBER, KeyOwner, World


def test_number_and_date_after_certification_count_as_form_filling(sealed: bytes) -> None:
    official, seal = PdfFileReader(BytesIO(sealed)).embedded_signatures
    official.compute_integrity_info()
    seal.compute_integrity_info()
    assert official.diff_result.modification_level is ModificationLevel.FORM_FILLING
    assert official.docmdp_level is MDPPerm.FILL_FORMS
    assert seal.diff_result is None or seal.diff_result.modification_level is ModificationLevel.NONE


def test_the_seal_locks_what_its_field_says(sealed: bytes) -> None:
    reader = PdfFileReader(BytesIO(sealed))
    seal = reader.embedded_signatures[1]
    assert all(seal.fieldmdp.is_locked(name) for name in ("number", "date", "official", "seal"))
    assert seal.fieldmdp == FieldMDPSpec.from_pdf_object(seal.sig_field["/Lock"])


def test_the_values_stand_in_the_fields_and_embed_nothing(signed: bytes, sealed: bytes) -> None:
    document = pikepdf.open(BytesIO(sealed))
    fields = {str(field.T): field for field in document.Root.AcroForm.Fields}
    assert {name: str(fields[name].V) for name in NUMBER} == NUMBER
    assert sealed[len(signed) :].count(b"/FontFile2") == 0
    for name in NUMBER:
        appearance = fields[name].AP.N
        assert [float(corner) for corner in appearance.BBox][:2] == [0, 0]
        (font,) = appearance.Resources.Font.values()
        assert font.is_indirect


def test_decomposed_text_is_composed(world: World, signed: bytes, seal: KeyOwner) -> None:
    values = {name: normalize("NFD", value) for name, value in NUMBER.items()}
    prepared = world.prepared(signed, seal, field="seal", first=False, fill=values)
    document = pikepdf.open(BytesIO(prepared.pdf))
    fields = {str(field.T): field for field in document.Root.AcroForm.Fields}
    assert str(fields["date"].V) == NUMBER["date"]


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        ({"nowhere": "1"}, "no-text-field-nowhere"),
        ({"official": "1"}, "no-text-field-official"),
        ({"number": "漢"}, "field-font-lacks-character"),
        ({"number": "05/" + "X" * 60}, "field-too-narrow"),
    ],
)
def test_what_would_not_show_as_meant_is_refused(
    world: World, signed: bytes, seal: KeyOwner, fill: dict[str, str], reason: str
) -> None:
    with pytest.raises(SigningError, match=reason):
        world.prepared(signed, seal, field="seal", first=False, fill=fill)


def test_a_field_is_filled_once(world: World, sealed: bytes, seal: KeyOwner) -> None:
    with pytest.raises(SigningError, match="field-number-filled-before"):
        world.prepared(sealed, seal, field="copy", first=False, fill={"number": "06"})
