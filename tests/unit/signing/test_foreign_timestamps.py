"""Document timestamps in files of others: good ones are no hindrance, and a bad one is found like a bad signature."""

import hashlib
from collections.abc import Callable
from io import BytesIO

import pytest
from asn1crypto import cms
from chauban.signing import foreign_files as words
from chauban.signing.pades.document_timestamps import add_document_timestamp, add_validation_material
from chauban.signing.pades.foreign import PadesForeign
from chauban.signing.pades.lasting import timestamp_report
from chauban.signing.trust.certificates import TIMESTAMPING
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.unit.signing.foreign import page, signed
from tests.unit.signing.world import KeyOwner, World, running_world


@pytest.fixture(scope="module")
def issuer(world: World) -> KeyOwner:
    return world.owner("lasting-agency", "rsa", "seal")


@pytest.fixture(scope="module")
def decision(world: World, issuer: KeyOwner) -> bytes:
    return signed(world, page(), issuer)


def judge(world: World, pdf: bytes) -> words.ForeignOpinion:
    return PadesForeign(world.trust(), world.now).judge(pdf)


def raised(world: World, pdf: bytes, stamp: Callable[[bytes], bytes]) -> bytes:
    """With the material of this world's authority, and a document timestamp by whoever stamps."""
    leaf, *above = next(world.timestamps().in_turn()).shown("sha256").certificates
    material = world.trust().check(leaf, above, world.now(), TIMESTAMPING).material
    return add_document_timestamp(add_validation_material(pdf, material), algorithm="sha256", room=8_192, stamp=stamp)


def token(world: World, digest: bytes) -> bytes:
    return world.timestamps().timestamp(digest, "sha256").der


def forged(world: World, digest: bytes) -> bytes:
    """A token whose signature is that of nobody."""
    content = cms.ContentInfo.load(token(world, digest))
    signer = content["content"]["signer_infos"][0]
    value = bytearray(signer["signature"].native)
    value[-1] ^= 1
    signer["signature"] = bytes(value)
    return content.dump(force=True)


def test_a_file_that_was_raised_is_as_good_as_before(world: World, decision: bytes) -> None:
    pdf = raised(world, decision, lambda digest: token(world, digest))
    assert len(PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures) == 1
    opinion = judge(world, pdf)
    assert opinion.fault is None
    (found,) = opinion.signatures
    assert found.field == "Signature1"


def test_a_file_that_another_program_raised_is_good(world: World, issuer: KeyOwner) -> None:
    pdf = signed(world, page(), issuer, use_pades_lta=True)
    assert len(PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures) == 1
    assert judge(world, pdf).fault is None


def test_what_the_last_timestamp_lacks_is_asked_for(world: World, issuer: KeyOwner) -> None:
    """Of another authority than that of the signature, and nothing about anybody in the file."""
    bare = signed(world, page(), issuer, embedded=False)
    authority = list(world.timestamps().in_turn())[1]
    pdf = add_document_timestamp(
        bare, algorithm="sha256", room=8_192, stamp=lambda digest: authority.stamp(digest, "sha256").der
    )
    assert ["not-trusted" in each.faults for each in timestamp_report(pdf, world.anchors)] == [True]
    assert judge(world, pdf).fault is None


def test_a_timestamp_over_something_else_is_an_alteration(world: World, decision: bytes) -> None:
    other = hashlib.sha256(b"another file").digest()
    assert judge(world, raised(world, decision, lambda _: token(world, other))).fault == words.ALTERED


def test_a_timestamp_with_a_wrong_signature_is_an_alteration(world: World, decision: bytes) -> None:
    assert judge(world, raised(world, decision, lambda digest: forged(world, digest))).fault == words.ALTERED


def test_a_timestamp_of_an_authority_that_nobody_here_knows_is_not_trusted(
    world: World, decision: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running_world(tmp_path_factory.mktemp("elsewhere") / "trust") as elsewhere:
        pdf = raised(world, decision, lambda digest: token(elsewhere, digest))
    assert judge(world, pdf).fault == words.UNTRUSTED


def test_what_was_altered_under_a_timestamp_is_found(world: World, decision: bytes) -> None:
    pdf = bytearray(raised(world, decision, lambda digest: token(world, digest)))
    place = pdf.index(b"stream\n") + 20
    pdf[place] ^= 1
    assert judge(world, bytes(pdf)).fault == words.ALTERED
