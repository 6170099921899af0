from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from asn1crypto import cms
from chauban.errors import SignatureMismatch, SigningError
from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.identity import SignerIdentity
from chauban.signing.pades.inspection import require_valid
from chauban.signing.pades.signatures import PreparedSignature, complete
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.unit.signing.world import NUMBER, KeyOwner, World, handwriting, seal_image

KINDS = [("rsa", "ec"), ("ec", "rsa"), ("p384", "ec"), ("rsa", "p384")]


@pytest.mark.parametrize(("first", "second"), KINDS)
def test_official_then_organisation_gives_two_valid_signatures_and_the_last_covers_all(
    world: World, result: bytes, first: str, second: str
) -> None:
    official, seal = world.owner(f"official-{first}", first), world.owner(f"seal-{second}", second, "seal")
    signed = world.by_official(result, official)
    report = require_valid(world.by_organisation(signed, seal, NUMBER), world.anchors, ["official", "seal"])
    assert [verdict.covers_whole_file for verdict in report] == [False, True]
    assert all(verdict.timestamp is not None for verdict in report)


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_receipt_is_sealed_and_certified_in_one(world: World, receipt: bytes, kind: str) -> None:
    sealed = world.by_organisation(receipt, world.owner(f"seal-{kind}", kind, "seal"))
    require_valid(sealed, world.anchors, ["seal"])
    assert pikepdf.open(BytesIO(sealed)).Root.Perms.DocMDP.SubFilter == "/ETSI.CAdES.detached"


def test_pkcs1_padding_is_embedded_for_a_credential_that_says_so(world: World, receipt: bytes, seal: KeyOwner) -> None:
    known = world.owner("seal-rsa", "rsa", "seal")
    old = KeyOwner(
        known.key, SignerIdentity(known.identity.certificate, known.identity.chain, Algorithm.RSA_PKCS1_SHA256)
    )
    require_valid(world.by_organisation(receipt, old), world.anchors, ["seal"])


def test_signed_attributes_are_exactly_the_three_of_pades(signed: bytes) -> None:
    (signature,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    kinds = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
    assert kinds == {"content_type", "message_digest", "signing_certificate_v2"}
    parameters = signature.signer_info["signature_algorithm"]["parameters"]
    assert parameters["salt_length"].native == 32


def test_preparing_and_completing_need_share_nothing_but_three_values(
    world: World, result: bytes, official: KeyOwner
) -> None:
    prepared = world.prepared(result, official, field="official", appearance=handwriting())
    again = PreparedSignature(bytes(prepared.pdf), bytes(prepared.signed_attributes), "official")
    assert again.document_digest == prepared.document_digest
    completed = world.completed(again, official)
    assert len(completed) == len(prepared.pdf)
    assert completed.startswith(result)


def test_what_is_signed_is_der_in_canonical_order(world: World, result: bytes, official: KeyOwner) -> None:
    attributes = world.prepared(result, official, field="official").signed_attributes
    assert attributes[0] == 0x31
    encoded = [attribute.dump() for attribute in cms.CMSAttributes.load(attributes)]
    assert encoded == sorted(encoded)


def test_a_wrong_value_is_never_embedded(world: World, result: bytes, official: KeyOwner) -> None:
    prepared = world.prepared(result, official, field="official")
    token = world.timestamps().timestamp(bytes(32), "sha256").der
    with pytest.raises(SignatureMismatch):
        complete(prepared, signer=official.identity, signature=official.sign(b"other"), timestamp_token=token)


def test_another_certificate_than_the_attributes_name_is_refused(
    world: World, result: bytes, official: KeyOwner
) -> None:
    prepared = world.prepared(result, official, field="official")
    renewed = world.owner("official-renewed")
    with pytest.raises(SigningError, match="another-certificate"):
        world.completed(prepared, renewed)


def test_attributes_of_another_preparation_are_stale(world: World, result: bytes, official: KeyOwner) -> None:
    stale = world.prepared(result, official, field="official")
    fresh = world.prepared(result, official, field="official", reason="khác")
    with pytest.raises(SigningError, match="stale"):
        world.completed(PreparedSignature(fresh.pdf, stale.signed_attributes, "official"), official)


def test_a_timestamp_of_another_signature_is_refused(world: World, result: bytes, official: KeyOwner) -> None:
    prepared = world.prepared(result, official, field="official")
    token = world.timestamps().timestamp(bytes(32), "sha256").der
    value = official.sign(prepared.signed_attributes)
    with pytest.raises(SigningError, match="timestamp-of-another-signature"):
        complete(prepared, signer=official.identity, signature=value, timestamp_token=token)


def test_a_second_value_finds_no_room(world: World, result: bytes, signed: bytes, official: KeyOwner) -> None:
    attributes = world.prepared(result, official, field="official").signed_attributes
    with pytest.raises(SigningError, match="no-prepared-signature"):
        world.completed(PreparedSignature(signed, attributes, "official"), official)


def test_a_file_with_an_appended_revision_is_not_signed(
    world: World, result: bytes, signed: bytes, official: KeyOwner, seal: KeyOwner
) -> None:
    with pytest.raises(SigningError, match="not-a-single-revision"):
        world.prepared(_with_revision(result), official, field="official")
    with pytest.raises(SigningError, match="changed-after-last-signature"):
        world.by_organisation(_with_revision(signed), seal, NUMBER)


def test_the_number_waits_for_the_officials_signature(world: World, result: bytes, seal: KeyOwner) -> None:
    with pytest.raises(SigningError, match="number-before-signature"):
        world.prepared(result, seal, field="seal", fill=NUMBER)
    with pytest.raises(SigningError, match="no-earlier-signature"):
        world.prepared(result, seal, field="seal", first=False, fill=NUMBER)


@pytest.mark.parametrize("field", ["nowhere", "number"])
def test_only_an_empty_signature_field_can_be_signed(
    world: World, result: bytes, official: KeyOwner, field: str
) -> None:
    with pytest.raises(SigningError):
        world.prepared(result, official, field=field)


def test_a_signed_field_is_not_signed_again(world: World, signed: bytes, official: KeyOwner) -> None:
    with pytest.raises(SigningError):
        world.prepared(signed, official, field="official", first=False)


@pytest.mark.parametrize("image", [b"", b"not a picture", seal_image()[:200]])
def test_an_unreadable_image_is_refused(world: World, result: bytes, official: KeyOwner, image: bytes) -> None:
    with pytest.raises(SigningError, match="appearance-unreadable"):
        world.prepared(result, official, field="official", appearance=image)


def test_something_that_is_no_pdf_is_refused(world: World, official: KeyOwner) -> None:
    with pytest.raises(SigningError, match="unfit-file"):
        world.prepared(b"%PDF-1.7 nothing", official, field="official", signed_at=datetime.now(UTC))


def _with_revision(pdf: bytes) -> bytes:
    """The file with a further revision that changes the title."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Lang"] = generic.pdf_string("en")
    writer.update_root()
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
