"""A SAO Y in a real file: the issued bytes with one more signature, which says in words what it is."""

from io import BytesIO

import pytest
from chauban.errors import SigningError, VerificationFailed
from chauban.signing.linting import Mode, lint
from chauban.signing.pades.inspection import require_valid
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import HTTPTimeStamper

from tests.unit.signing.conftest import RECEIPT, rendered
from tests.unit.signing.world import NUMBER, KeyOwner, World

WORDS = ("SAO Y", "Ủy ban nhân dân phường Thuận Hóa", "2026-11-23T09:15:00+07:00")
LONG = "Trung tâm Phục vụ hành chính công liên thông cấp tỉnh"


@pytest.fixture(scope="module")
def sealed(world: World, result: bytes, official: KeyOwner, seal: KeyOwner) -> bytes:
    return world.by_organisation(world.by_official(result, official), seal, NUMBER)


def copied(world: World, pdf: bytes, owner: KeyOwner, *words: str) -> bytes:
    material = world.material(pdf, owner)
    return world.completed(
        world.prepared(pdf, owner, field="copy", first=False, words=words, validation=material), owner
    )


def shown(pdf: bytes) -> bytes:
    """The content of the copy's appearance."""
    fields = PdfFileReader(BytesIO(pdf)).root["/AcroForm"]["/Fields"]
    widget = next(field.get_object() for field in fields if field.get_object()["/T"] == "copy")
    content: bytes = widget["/AP"]["/N"].data
    return content


def test_all_signatures_hold_and_the_issued_bytes_are_untouched(world: World, sealed: bytes, seal: KeyOwner) -> None:
    copy = copied(world, sealed, seal, *WORDS)
    assert copy.startswith(sealed)
    report = require_valid(copy, world.anchors, ["official", "seal", "copy"])
    assert report[-1].covers_whole_file


def stamped(world: World, pdf: bytes) -> bytes:
    """With a document timestamp, as a file that is kept gets one."""
    stamper = PdfTimeStamper(
        HTTPTimeStamper(world.authority.tsa_urls[0]), invis_settings=InvisSigSettings(box_out_of_bounds=True)
    )
    output = stamper.timestamp_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), "sha256")
    return bytes(output.getbuffer())


def test_a_file_with_document_timestamps_is_copied(world: World, sealed: bytes, seal: KeyOwner) -> None:
    kept = stamped(world, stamped(world, sealed))
    require_valid(kept, world.anchors, ["official", "seal"])
    copy = copied(world, kept, seal, *WORDS)
    assert copy.startswith(kept)
    assert require_valid(copy, world.anchors, ["official", "seal", "copy"])[-1].covers_whole_file
    assert lint(copy, Mode.NEXT) == []


@pytest.mark.parametrize("change", [b"\n% more", b"\nstartxref\n0\n%%EOF\n"], ids=["a comment", "another end"])
def test_what_stands_behind_a_document_timestamp_is_found(world: World, sealed: bytes, change: bytes) -> None:
    with pytest.raises(VerificationFailed):
        require_valid(stamped(world, sealed) + change, world.anchors, ["official", "seal"])


def test_words_that_fit_have_a_line_each(world: World, sealed: bytes, seal: KeyOwner) -> None:
    content = shown(copied(world, sealed, seal, *WORDS))
    assert content.count(b" Tj") == 3
    assert b"/ChaubanSerif 10 Tf" in content


def test_a_long_name_is_wrapped(world: World, sealed: bytes, seal: KeyOwner) -> None:
    assert shown(copied(world, sealed, seal, WORDS[0], LONG, WORDS[2])).count(b" Tj") == 3


@pytest.mark.parametrize("name", [LONG * 3, "Ủy ban nhân dân 香"], ids=["too long", "letters that the font lacks"])
def test_what_cannot_be_said_in_the_field_is_not_signed(world: World, sealed: bytes, seal: KeyOwner, name: str) -> None:
    with pytest.raises(SigningError, match="words-do-not-fit"):
        copied(world, sealed, seal, WORDS[0], name, WORDS[2])


def test_a_file_without_the_field_is_not_copied(world: World, seal: KeyOwner) -> None:
    receipt = world.by_organisation(rendered(RECEIPT), seal)
    with pytest.raises(SigningError):
        copied(world, receipt, seal, *WORDS)
