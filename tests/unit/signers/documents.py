"""A real document, signed by a signer that is somewhere else: prepared by one engine, completed by another."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, Purpose, SignerKind
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from infra.local.trust import issue_certificate
from tests.unit.signing.world import World, handwriting

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def key_for(algorithm: Algorithm) -> PrivateKey:
    """A new key of the algorithm's type."""
    if algorithm is Algorithm.ECDSA_P256_SHA256:
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm is Algorithm.ECDSA_P384_SHA384:
        return ec.generate_private_key(ec.SECP384R1())
    return rsa.generate_private_key(65537, 2048)


def certified(world: World, label: str, key: PublicKey) -> str:
    """The chain of a certificate for a public key."""
    public = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return issue_certificate(world.authority.data, label, f"Người thử {label}", public, "official")


def credential_at(kind: SignerKind, algorithm: Algorithm, chain_pem: str, **changes: Any) -> Credential:
    """The record of a key held by somebody else."""
    now = datetime.now(UTC)
    values = {
        "id": f"cred-{kind.value}",
        "person": "official",
        "agency": None,
        "purpose": Purpose.SIGN,
        "kind": kind,
        "key_ref": "key",
        "provider": "holder",
        "account": None,
        "algorithm": algorithm,
        "chain_pem": chain_pem,
        "appearance": "appearances/test.png",
        "valid_from": now - timedelta(days=1),
        "valid_to": now + timedelta(days=1),
    }
    return Credential.model_validate({**values, **changes})


def signed_document(world: World, pdf: bytes, credential: Credential, sign: Callable[[bytes], bytes]) -> bytes:
    """The file with the official's signature: `sign` is given the digest of what is signed and nothing else."""
    prepared = world.engine().prepare(
        pdf, field="official", credential=credential, image=handwriting(), at=world.now(), fill=None
    )
    digest = hashlib.new(credential.algorithm.digest, prepared.signed_attributes).digest()
    return (
        world.engine()
        .complete(
            prepared.pdf,
            field="official",
            credential=credential,
            signed_attributes=prepared.signed_attributes,
            signature=sign(digest),
        )
        .pdf
    )
