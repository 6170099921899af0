"""SHA-384 all the way through, keys of every size that may be used, and the signature policy among what is signed."""

from io import BytesIO

import pytest
from chauban.errors import SignatureMismatch
from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.inspection import require_valid
from chauban.signing.pades.raw_signature import fits_key, verify_raw_signature
from chauban.signing.terms import SignaturePolicy
from pydantic import ValidationError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from tests.unit.signing.acts import completed_by, credential_of, done, prepared_by
from tests.unit.signing.world import KeyOwner, World, handwriting

POLICY = SignaturePolicy(oid="1.3.6.1.4.1.32473.1.2", sha256="ab" * 32, uri="https://example.vn/chinh-sach-ky/1.0.pdf")
ATTRIBUTES = b"what was to be signed"


def only(pdf: bytes) -> EmbeddedPdfSignature:
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return signature


def test_a_p384_key_signs_with_sha384_everywhere(world: World, result: bytes) -> None:
    owner = world.owner("official-p384", "p384")
    signed = done(world, result, owner)
    information = only(signed).signer_info
    assert information["digest_algorithm"]["algorithm"].native == "sha384"
    assert information["signature_algorithm"]["algorithm"].native == "sha384_ecdsa"
    assert len(only(signed).compute_digest()) == 48
    require_valid(signed, world.anchors, ["official"])


@pytest.mark.parametrize("kind", ["ec", "p384"])
def test_a_value_with_the_hash_of_another_curve_is_refused(world: World, kind: str) -> None:
    owner = world.owner(f"official-{kind}", kind)
    other = next(each for each in ("ECDSA_P256_SHA256", "ECDSA_P384_SHA384") if each != owner.identity.algorithm)
    verify_raw_signature(owner.identity.certificate, owner.identity.algorithm, ATTRIBUTES, owner.sign(ATTRIBUTES))
    with pytest.raises(SignatureMismatch):
        verify_raw_signature(owner.identity.certificate, Algorithm(other), ATTRIBUTES, owner.sign(ATTRIBUTES))


def test_a_key_fits_its_own_algorithms_only(world: World) -> None:
    fitting = {
        kind: {each for each in Algorithm if fits_key(world.owner(f"fit-{kind}", kind).identity.certificate, each)}
        for kind in ("rsa", "ec", "p384", "rsa1024")
    }
    assert fitting == {
        "rsa": {Algorithm.RSA_PSS_SHA256, Algorithm.RSA_PKCS1_SHA256},
        "ec": {Algorithm.ECDSA_P256_SHA256},
        "p384": {Algorithm.ECDSA_P384_SHA384},
        "rsa1024": set(),
    }


def test_a_long_key_has_room_beside_a_policy(world: World, receipt: bytes) -> None:
    owner = world.owner("seal-4096", "rsa4096", "seal")
    prepared = world.prepared(receipt, owner, field="seal", policy=POLICY, validation=world.material(receipt, owner))
    require_valid(world.completed(prepared, owner), world.anchors, ["seal"])


def test_the_policy_of_the_form_is_among_what_is_signed(world: World, result: bytes, official: KeyOwner) -> None:
    engine = world.engine()
    prepared = engine.prepare(
        result,
        field="official",
        credential=credential_of(official),
        image=handwriting(),
        at=world.now(),
        fill=None,
        policy=POLICY,
    )
    signed = completed_by(engine, prepared, official).pdf
    attributes = {each["type"].native: each["values"][0] for each in only(signed).signer_info["signed_attrs"]}
    named = attributes["signature_policy_identifier"].chosen
    assert named["sig_policy_id"].dotted == POLICY.oid
    assert named["sig_policy_hash"]["digest"].native.hex() == POLICY.sha256
    assert named["sig_policy_hash"]["digest_algorithm"]["algorithm"].native == "sha256"
    assert [each["sig_qualifier"].native for each in named["sig_policy_qualifiers"]] == [POLICY.uri]
    require_valid(signed, world.anchors, ["official"])


def test_without_a_policy_none_is_named(world: World, result: bytes, official: KeyOwner) -> None:
    prepared = prepared_by(world.engine(), result, official)
    # The DER of id-aa-ets-sigPolicyId, 1.2.840.113549.1.9.16.2.15.
    assert bytes.fromhex("060b2a864886f70d010910020f") not in prepared.signed_attributes


@pytest.mark.parametrize(
    "change", [{"oid": "1.3..6"}, {"oid": "chính sách"}, {"sha256": "ab"}, {"uri": "http://example.vn/p.pdf"}]
)
def test_a_policy_that_nobody_could_look_up_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        SignaturePolicy.model_validate({**POLICY.model_dump(), **change})
