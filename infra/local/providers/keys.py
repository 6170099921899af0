"""The keys that the providers hold for the officials of the demo: `keys/<key>.pem` (mode 0600), made at the first start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

from infra.local.accounts import PEOPLE
from infra.local.devices import certificate_label, public_pem, subject
from infra.local.folder import write_secret
from infra.local.trust import issue_certificate

HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@dataclass(frozen=True)
class Holding:
    """A key of an official's at a provider; `type` is RSA, P-256 or P-384, `id` the key's name there."""

    provider: str
    person: str
    type: str

    @property
    def id(self) -> str:
        return f"{self.provider}-{self.person}-{self.type.lower()}"


HOLDINGS = tuple(
    Holding(provider, person, kind)
    for provider in ("csc", "smartca", "mysign")
    for person, kind in (
        ("official-thuan-hoa", "RSA"),
        ("official-thuan-hoa", "P-384"),
        ("official-phu-xuan", "P-256"),
    )
)


@dataclass(frozen=True)
class Key:
    """A holding with its private key and certificate chain (leaf first, without the root)."""

    holding: Holding
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    chain_pem: str

    def sign(self, digest: bytes, hash_name: str, *, pss: bool = True) -> bytes:
        """The raw value over a digest: RSA with PSS (salt as long as the hash) or PKCS#1 v1.5, ECDSA as DER."""
        hashed = Prehashed(HASHES[hash_name]())
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(digest, ec.ECDSA(hashed))
        if not pss:
            return self.private.sign(digest, padding.PKCS1v15(), hashed)
        salted = padding.PSS(mgf=padding.MGF1(HASHES[hash_name]()), salt_length=len(digest))
        return self.private.sign(digest, salted, hashed)


@dataclass(frozen=True)
class Keys:
    """All keys by id."""

    by_id: Mapping[str, Key]

    @classmethod
    def at(cls, data: Path, trust: Path) -> Keys:
        """What the folder holds; made where it is not there yet."""
        return cls({holding.id: _key(holding, data, trust) for holding in HOLDINGS})

    def of(self, provider: str, person: str | None = None) -> list[Key]:
        """The keys at a provider, of one person's or of all."""
        return [
            key
            for key in self.by_id.values()
            if key.holding.provider == provider and person in (None, key.holding.person)
        ]


def _key(holding: Holding, data: Path, trust: Path) -> Key:
    path = data / "keys" / f"{holding.id}.pem"
    if not path.exists():
        made = new_private(holding.type)
        pem = made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_secret(path, pem.decode())
    private = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} is neither RSA nor EC")
    public = public_pem(private.public_key())
    person = next(person for person in PEOPLE if person.username == holding.person)
    chain = issue_certificate(trust, certificate_label(holding.id, public), subject(person), public, "official")
    return Key(holding, private, chain)


@cache
def stranger(holding: Holding) -> Key:
    """Another key of the same type, which no certificate knows."""
    return Key(holding, new_private(holding.type), "")


def one_after_the_other(der: bytes, bits: int) -> bytes:
    """An ECDSA value as r and s of so many bits each."""
    return b"".join(part.to_bytes((bits + 7) // 8, "big") for part in decode_dss_signature(der))


def new_private(kind: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """A new private key of a holding's type."""
    if kind == "RSA":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1() if kind == "P-256" else ec.SECP384R1())
