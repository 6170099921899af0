"""Signed files of others: what is found about them, and that a copy's field can be added without harm to what is there."""

import hashlib
from io import BytesIO

import pikepdf
import pytest
from chauban.signing import foreign_files as words
from chauban.signing.pades.foreign import PadesForeign
from chauban.signing.pades.inspection import require_valid
from chauban.signing.ports import NewField
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec

from infra.local.trust import revoke
from tests.unit.documents.conftest import published_files
from tests.unit.signing.foreign import changed, page, rewritten, signed, tampered
from tests.unit.signing.world import NUMBER, InterceptedFetch, KeyOwner, World, running_world

WORDS = ("SAO Y", "Ủy ban nhân dân phường Thuận Hóa", "2026-11-23T09:15:00+07:00")
FONT = dict(published_files())["_shared/fonts/ChaubanSerif-Regular.ttf"]
PLACE = NewField((395, 790, 575, 826), 0, FONT)
PLACES = {"Signature1": (350, 100, 500, 160), "Signature2": (150, 100, 300, 160)}


@pytest.fixture(scope="module")
def issuer(world: World) -> KeyOwner:
    return world.owner("another-agency", "rsa", "seal")


@pytest.fixture(scope="module")
def decision(world: World, issuer: KeyOwner) -> bytes:
    return signed(world, page(), issuer)


def judge(world: World, pdf: bytes, fetch: InterceptedFetch | None = None) -> words.ForeignOpinion:
    return PadesForeign(world.trust(fetch), world.now).judge(pdf)


def copied(world: World, pdf: bytes, place: NewField = PLACE) -> bytes:
    office = world.owner("copying-office", "rsa", "seal")
    material = world.material(pdf, office)
    prepared = world.prepared(pdf, office, field="copy", first=False, words=WORDS, validation=material, new_field=place)
    return world.completed(prepared, office)


def test_a_good_file_is_described_by_its_signatures(world: World, decision: bytes) -> None:
    opinion = judge(world, decision)
    assert (opinion.fault, opinion.locked, opinion.has_place) == (None, False, False)
    (found,) = opinion.signatures
    assert (found.field, found.signer, found.level) == ("Signature1", "Người thử another-agency", "PAdES-BASELINE-LT")
    assert found.timestamp
    assert found.certificate_sha256


def test_two_signatures_are_described_in_their_order(world: World, decision: bytes, issuer: KeyOwner) -> None:
    twice = signed(world, decision, issuer, field=SigFieldSpec("Signature2", box=PLACES["Signature2"]))
    assert [each.field for each in judge(world, twice).signatures] == list(PLACES)


def test_what_a_file_lacks_is_asked_for(world: World, issuer: KeyOwner) -> None:
    bare = signed(world, page(), issuer, embedded=False)
    assert judge(world, bare).fault is None


def test_where_nobody_answers_for_a_certificate_it_is_tried_again(world: World, issuer: KeyOwner) -> None:
    from chauban.errors import CertificateNotUsable

    bare = signed(world, page(), issuer, embedded=False)
    silent = InterceptedFetch({"/ocsp": lambda _: b"nothing", "/crl": lambda _: b"nothing"})
    with pytest.raises(CertificateNotUsable, match="status"):
        judge(world, bare, silent)


def test_a_certificate_that_was_revoked_before_proves_nothing(world: World) -> None:
    owner = world.owner("revoked-agency", "rsa", "seal")
    bare = signed(world, page(), owner, embedded=False)
    revoke(world.authority.data, owner.label)
    assert judge(world, bare).fault == words.NO_STATUS


def with_more(pdf: bytes) -> bytes:
    """With a page label that no signature covers, in a revision as it should be."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root[pdf_name("/Lang")] = pdf_string("en")
    writer.root[pdf_name("/PageMode")] = pdf_name("/FullScreen")
    writer.update_root()
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def encrypted(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        written = BytesIO()
        opened.save(written, encryption=pikepdf.Encryption(owner="a", user=""))
    return written.getvalue()


CHANGES = {
    "a byte of the page": (tampered, words.ALTERED),
    "a later revision that no rule allows": (with_more, words.ALTERED),
    "words behind the end": (lambda pdf: pdf + b"\nmore\n", words.APPENDED),
    "an end behind the end": (lambda pdf: pdf + b"\nmore\nstartxref\n0\n%%EOF\n", words.UNREADABLE),
    "written anew": (rewritten, words.ALTERED),
    "encrypted": (encrypted, words.ENCRYPTED),
    "cut off": (lambda pdf: pdf[: len(pdf) // 3], words.UNREADABLE),
    "no pdf": (lambda _: b"a text", words.UNREADABLE),
}


@pytest.mark.parametrize("embedded", [True, False], ids=["with material", "without"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_is_not_what_was_signed_is_refused(
    world: World, issuer: KeyOwner, embedded: bool, change: str
) -> None:
    act, expected = CHANGES[change]
    assert judge(world, act(signed(world, page(), issuer, embedded=embedded))).fault == expected


def test_an_end_that_repeats_the_last_one_covers_nothing(world: World, issuer: KeyOwner) -> None:
    bare = signed(world, page(), issuer, embedded=False)
    assert judge(world, bare + b"hidden\n" + bare[bare.rindex(b"startxref") :]).fault == words.APPENDED


def test_a_file_without_signature_timestamp_or_known_root_is_refused(
    world: World, issuer: KeyOwner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert judge(world, page()).fault == words.NOT_SIGNED
    assert judge(world, signed(world, page(), issuer, timestamped=False, embedded=False)).fault == words.NO_TIMESTAMP
    with running_world(tmp_path_factory.mktemp("elsewhere") / "trust") as elsewhere:
        theirs = signed(elsewhere, page(), elsewhere.owner("a-stranger"))
    assert judge(world, theirs).fault == words.UNTRUSTED


@pytest.mark.parametrize("permission", MDPPerm)
def test_a_certified_file_takes_no_other_field(world: World, issuer: KeyOwner, permission: MDPPerm) -> None:
    opinion = judge(world, signed(world, page(), issuer, certify=True, docmdp_permissions=permission))
    assert (opinion.fault, opinion.locked) == (None, True)


@pytest.mark.parametrize(
    ("action", "names", "locked"),
    [
        (FieldMDPAction.ALL, None, True),
        (FieldMDPAction.INCLUDE, ["copy"], True),
        (FieldMDPAction.INCLUDE, ["Text1"], False),
        (FieldMDPAction.EXCLUDE, ["copy"], False),
        (FieldMDPAction.EXCLUDE, ["Text1"], True),
    ],
)
def test_a_lock_counts_where_it_is_on_the_field_of_a_copy(
    world: World, issuer: KeyOwner, action: FieldMDPAction, names: list[str] | None, locked: bool
) -> None:
    lock = FieldMDPSpec(action, fields=names)
    field = SigFieldSpec("Signature1", box=PLACES["Signature1"], field_mdp_spec=lock)
    assert judge(world, signed(world, page(), issuer, field=field)).locked is locked


def test_a_file_of_another_installation_has_its_place(world: World, result: bytes, official: KeyOwner) -> None:
    seal = world.owner("their-seal", "ec", "seal")
    opinion = judge(world, world.by_organisation(world.by_official(result, official), seal, NUMBER))
    assert (opinion.fault, opinion.has_place) == (None, True)
    assert opinion.made_as == "01JDOCUMENT000000000000000"


KINDS = {
    "plain": lambda: page(),
    "PDF/A-2b": lambda: page("pdf/a-2b"),
    "tagged": lambda: page("pdf/ua-1"),
    "shown turned": lambda: changed(page(), Rotate=90),
    "cropped": lambda: changed(page(), CropBox=[10, 10, 580, 830]),
    "US letter": lambda: page(size="Letter"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_is_the_file_and_one_more_signature(world: World, issuer: KeyOwner, kind: str) -> None:
    source = signed(world, KINDS[kind](), issuer)
    copy = copied(world, source)
    assert copy.startswith(source)
    assert require_valid(copy, world.anchors, ["Signature1", "copy"])[-1].covers_whole_file
    with pikepdf.open(BytesIO(copy)) as opened:
        field = next(each for each in opened.Root.AcroForm.Fields if each.T == "copy")
        assert list(field.Rect) == list(PLACE.box)
        assert (
            field.AP.N.Resources.Font["/ChaubanSerif"].DescendantFonts[0].FontDescriptor.FontFile2.read_bytes() == FONT
        )
    # Words of the copy can be judged again as what follows the first signature.
    opinion = judge(world, copy)
    assert (opinion.fault, opinion.is_copy) == (None, True)
    assert {hashlib.sha256(each).hexdigest() for each in (source, copy)} <= set(opinion.revisions)


def test_the_structure_grows_where_the_file_is_accessible_and_only_there(world: World, issuer: KeyOwner) -> None:
    for variant, grows in ((None, False), ("pdf/a-2a", False), ("pdf/ua-1", True)):
        with pikepdf.open(BytesIO(copied(world, signed(world, page(variant), issuer)))) as opened:
            field = next(each for each in opened.Root.AcroForm.Fields if each.T == "copy")
            assert ("/StructParent" in field) is grows


def disguised(pdf: bytes) -> bytes:
    """The copy of an accessible file, whose structure loses something in a later revision."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    root = writer.root["/StructTreeRoot"]
    root["/K"] = root["/K"][0]
    writer.update_container(root)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def test_a_structure_that_changes_otherwise_is_a_change(world: World, issuer: KeyOwner) -> None:
    copy = copied(world, signed(world, page("pdf/ua-1"), issuer))
    assert judge(world, disguised(copy)).fault == words.ALTERED
