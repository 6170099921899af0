"""Before a later signature: every revision of ours is explained, and whatever was done after a signature is found."""

import hashlib
from collections.abc import Callable
from io import BytesIO

import pytest
from chauban.dossiers.documents import DocumentKind
from chauban.signing.linting import LintPolicy, Mode, lint
from chauban.signing.pades import form_filling, signatures, wording
from chauban.signing.pades.appearance import form_object, image_appearance
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import HTTPTimeStamper

from tests.unit.documents.material import SLUGS, document, first_sample
from tests.unit.documents.test_signature_blocks import rendered
from tests.unit.linting import afterwards
from tests.unit.linting.files import plain
from tests.unit.linting.tampering import REVISIONS, VALUES, Tampered
from tests.unit.signing.world import NUMBER, KeyOwner, World, handwriting, seal_image

WORDS = ("SAO Y", "Ủy ban nhân dân phường Thuận Hóa", "2026-11-23T09:15:00+07:00")

MORE = {**afterwards.REVISIONS, **afterwards.LAYOUT}


def codes(pdf: bytes) -> set[str]:
    return {finding.code for finding in lint(pdf, Mode.NEXT)}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_result_is_clean_after_each_signature(world: World, slug: str) -> None:
    result = document(first_sample(slug), DocumentKind.RESULT).pdf
    signed = world.by_official(result, world.owner("official-rsa"))
    sealed = world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)
    copier = world.owner("copier-ec", "ec", "seal")
    copied = world.completed(world.prepared(sealed, copier, field="copy", words=WORDS, first=False), copier)
    assert [lint(pdf, Mode.NEXT) for pdf in (signed, sealed, copied)] == [[], [], []]


@pytest.fixture(scope="module")
def copier(world: World) -> KeyOwner:
    return world.owner("copier-ec", "ec", "seal")


def copied(world: World, sealed: bytes, copier: KeyOwner, **look: object) -> bytes:
    return world.completed(world.prepared(sealed, copier, field="copy", first=False, **look), copier)


@pytest.mark.parametrize(
    "look",
    [
        {"appearance": seal_image()},
        {"words": ("Bản chính", "Ủy ban nhân dân phường Thuận Hóa")},
        {"words": ("Y SAO",)},
    ],
    ids=["a picture", "other words", "no form of copy"],
)
def test_a_copy_shows_its_form_in_words_and_nothing_else(
    world: World, sealed: bytes, copier: KeyOwner, look: dict
) -> None:
    assert codes(copied(world, sealed, copier, **look)) & {"unexplained-change", "value-not-shown"}


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace(b"0 g", b"1 g"),
        lambda content: content.replace(b" 10 Tf", b" 1 Tf"),
        lambda content: content.replace(b"ET Q", b"ET 0 0 50 50 re f Q"),
        lambda content: content.replace(b"1 0 0 1 0 27 Tm", b"1 0 0 1 0 2700 Tm"),
        lambda content: content.replace(b"> Tj", b"> TJ", 1),
        lambda content: b"",
    ],
    ids=["white", "tiny", "with a box", "elsewhere", "another operator", "nothing, with a font"],
)
def test_a_copys_words_are_seen_as_they_are_said(
    world: World,
    sealed: bytes,
    copier: KeyOwner,
    change: Callable[[bytes], bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = wording.lines_content
    monkeypatch.setattr(wording, "lines_content", lambda *given, **more: change(kept(*given, **more)))
    assert codes(copied(world, sealed, copier, words=WORDS)) & {"unexplained-change", "value-not-shown"}


def test_a_result_of_two_officials_is_clean_after_each_signature(world: World) -> None:
    revisions = [world.by_official(rendered("two officials"), world.owner("official-rsa"))]
    second = world.owner("second-ec", "ec")
    prepared = world.prepared(revisions[-1], second, field="official2", appearance=handwriting(), first=False)
    revisions.append(world.completed(prepared, second))
    revisions.append(world.by_organisation(revisions[-1], world.owner("seal-ec", "ec", "seal"), NUMBER))
    assert [lint(pdf, Mode.NEXT) for pdf in revisions] == [[], [], []]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_sealed_receipt_is_clean(world: World, slug: str) -> None:
    receipt = document(first_sample(slug), DocumentKind.RECEIPT).pdf
    assert lint(world.by_organisation(receipt, world.owner("seal-ec", "ec", "seal")), Mode.NEXT) == []


def test_a_file_with_document_timestamps_is_clean(world: World, sealed: bytes) -> None:
    stamped = sealed
    for _ in range(2):
        stamper = PdfTimeStamper(
            HTTPTimeStamper(world.authority.tsa_urls[0]), invis_settings=InvisSigSettings(box_out_of_bounds=True)
        )
        writer = IncrementalPdfFileWriter(BytesIO(stamped))
        stamped = stamper.timestamp_pdf(writer, "sha256", validation_context=None).getvalue()
    assert lint(stamped, Mode.NEXT) == []


def test_a_file_that_nobody_signed_is_no_signed_one(result: bytes, signed: bytes) -> None:
    assert codes(result) == {"no-earlier-signature"}
    assert {finding.code for finding in lint(signed, Mode.FIRST)} == {"several-revisions"}


@pytest.mark.parametrize("state", ["signed", "sealed"])
@pytest.mark.parametrize(("tamper", "code"), REVISIONS.values(), ids=REVISIONS.keys())
def test_a_later_revision_is_found(request: pytest.FixtureRequest, state: str, tamper: Tampered, code: str) -> None:
    assert code in codes(tamper(request.getfixturevalue(state)))


@pytest.mark.parametrize("state", ["signed", "sealed"])
@pytest.mark.parametrize(("tamper", "code"), MORE.values(), ids=MORE.keys())
def test_more_of_a_later_revision_is_found(
    request: pytest.FixtureRequest, state: str, tamper: Tampered, code: str
) -> None:
    assert code in codes(tamper(request.getfixturevalue(state)))


@pytest.mark.parametrize(("tamper", "code"), VALUES.values(), ids=VALUES.keys())
def test_another_value_is_found(signed: bytes, tamper: Tampered, code: str) -> None:
    assert code in codes(tamper(signed))


def test_an_earlier_signature_is_judged_as_the_last_one_is(sealed: bytes) -> None:
    place = sealed.index(b"/Contents <") + 2500
    assert codes(sealed[:place] + b"0000" + sealed[place + 4 :]) == {"altered-after-signing"}


def test_a_change_before_the_first_signature_is_found_after_it(world: World, result: bytes) -> None:
    def hide(pdf: object) -> None:
        contents = pdf.pages[0].Contents
        contents.write(b"q\n" + contents.read_bytes() + b"\nQ 1 1 1 rg 0 0 595 842 re f")

    hidden = world.by_official(plain(result, hide), world.owner("official-rsa"))
    assert codes(hidden) == {"covered-content"}


@pytest.fixture
def other_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever fills the fields draws something else than the value says."""
    honest = form_filling.appearance_content

    def drawn(text: str, **more: object) -> bytes:
        return honest(text.replace("5", "9"), **more)

    monkeypatch.setattr(form_filling, "appearance_content", drawn)


@pytest.mark.usefixtures("other_text")
def test_a_number_that_looks_otherwise_is_found(world: World, signed: bytes) -> None:
    sealed = world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)
    assert codes(sealed) == {"value-not-shown"}


def test_a_number_of_which_a_part_is_cut_off_is_found(
    world: World, signed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_filling, "text_width", lambda *_: 0)
    long = {**NUMBER, "number": f"{NUMBER['number']} và các văn bản khác"}
    assert codes(world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), long)) == {"value-not-shown"}


@pytest.mark.parametrize("content", [b"1 1 1 rg 0 0 100 100 re f ", b"BT ET "])
def test_a_signature_that_shows_more_than_its_picture_is_found(
    world: World, result: bytes, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    def shown(writer: object, widget: object, png: bytes) -> object:
        made = image_appearance(writer, widget, png).get_object()
        return form_object(writer, widget, content + made.data, made["/Resources"])

    monkeypatch.setattr(signatures, "image_appearance", shown)
    assert "unexplained-change" in codes(world.by_official(result, world.owner("official-rsa")))


def test_a_signature_that_brings_something_along_is_found(
    world: World, signed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seal's own revision: signed by us, and still not as we write it."""

    def fill(writer: IncrementalPdfFileWriter, values: dict[str, str]) -> None:
        form_filling.fill_text_fields(writer, values)
        writer.add_object(generic.DictionaryObject({generic.pdf_name("/Amount"): generic.NumberObject(1)}))

    monkeypatch.setattr(signatures, "fill_text_fields", fill)
    assert codes(world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)) == {"unexplained-object"}


def test_a_field_that_the_policy_does_not_name_is_no_field(signed: bytes) -> None:
    strict = LintPolicy(texts=frozenset({"number"}))
    assert {finding.code for finding in lint(signed, Mode.NEXT, strict)} >= {"unknown-field"}


@pytest.mark.parametrize(
    "spoil", [lambda pdf: pdf[:-900], lambda pdf: pdf[:50_000], lambda pdf: pdf.replace(b"obj", b"obk")]
)
def test_a_broken_file_has_one_finding(signed: bytes, spoil: Callable[[bytes], bytes]) -> None:
    assert len(lint(spoil(signed), Mode.NEXT)) == 1


def test_what_is_linted_is_not_changed(signed: bytes) -> None:
    before = hashlib.sha256(signed).hexdigest()
    lint(signed, Mode.NEXT)
    assert hashlib.sha256(signed).hexdigest() == before
