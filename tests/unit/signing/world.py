"""What signing tests stand on: a real trust server in a thread, signers with keys of their own, and real documents to sign."""

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.engine import PadesEngine
from chauban.signing.pades.evidence import gather_evidence
from chauban.signing.pades.identity import SignerIdentity, certificates_from_pem
from chauban.signing.pades.revisions import is_signed
from chauban.signing.pades.signatures import PreparedSignature, complete, prepare
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.trust.certificates import TrustService
from chauban.signing.trust.fetching import HttpFetch
from chauban.signing.trust.material import ValidationMaterial
from chauban.signing.trust.timestamping import TimestampAuthorities
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from PIL import Image, ImageDraw

from infra.local.trust import Authority, issue_certificate
from infra.local.trust.server import _WholeSeconds, make_trust_server
from tests.unit.fakes.algorithms import project_policy

NUMBER = {"number": "05/XNTTHN-UBND", "date": "ngày 05 tháng 01 năm 2026"}
_CURVES = {"ec": ec.SECP256R1(), "p384": ec.SECP384R1()}
_ALGORITHMS = {
    "rsa": Algorithm.RSA_PSS_SHA256,
    "rsa1024": Algorithm.RSA_PSS_SHA256,
    "rsa4096": Algorithm.RSA_PSS_SHA256,
    "ec": Algorithm.ECDSA_P256_SHA256,
    "p384": Algorithm.ECDSA_P384_SHA384,
}


@dataclass(frozen=True)
class KeyOwner:
    """Somebody with a private key that the code under test never sees, and the identity that it does see."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    identity: SignerIdentity
    label: str = ""
    chain_pem: str = ""

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            hashed = hashes.SHA384() if self.identity.algorithm.digest == "sha384" else hashes.SHA256()
            return self.key.sign(data, ec.ECDSA(hashed))
        if self.identity.algorithm is Algorithm.RSA_PKCS1_SHA256:
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


class InterceptedFetch(HttpFetch):
    """The real network, except for addresses that contain one of the given parts: those answer as the test says."""

    def __init__(self, answers: Mapping[str, Callable[[bytes], bytes]] | None = None) -> None:
        super().__init__(timeout=5)
        self.answers = dict(answers or {})
        self.asked: list[str] = []

    def get(self, url: str) -> bytes:
        return self._answered(url, b"") or super().get(url)

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        return self._answered(url, body) or super().post(url, body, content_type)

    def _answered(self, url: str, body: bytes) -> bytes | None:
        self.asked.append(url)
        return next((answer(body) for part, answer in self.answers.items() if part in url), None)


@dataclass
class World:
    """One authority with everybody whom it certified."""

    authority: Authority
    fetch: InterceptedFetch = field(default_factory=InterceptedFetch)
    offset: timedelta = timedelta()
    policy: AlgorithmPolicy = field(default_factory=project_policy)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    @contextmanager
    def earlier(self, by: timedelta) -> Iterator[None]:
        """Everybody in this world, the authority too, lives that long ago."""
        kept, self.offset = self.offset, -by
        try:
            with patch.object(_WholeSeconds, "at_time", lambda *_: self.now().replace(microsecond=0)):
                yield
        finally:
            self.offset = kept

    @property
    def anchors(self) -> list[bytes]:
        return list(certificates_from_pem(self.authority.root_file.read_text()))

    def owner(
        self, label: str, kind: str = "rsa", profile: str = "official", organisation: str | None = None, **more: Any
    ) -> KeyOwner:
        key = _key(label, kind)
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        subject: Any = f"Người thử {label}"
        if organisation:
            subject = {"country-name": "VN", "organization-name": organisation, "common-name": subject}
        chain = issue_certificate(self.authority.data, label, subject, public, profile, **more)
        return KeyOwner(key, SignerIdentity.from_pem(chain, _ALGORITHMS[kind]), label, chain)

    def trust(self, fetch: InterceptedFetch | None = None) -> TrustService:
        return TrustService(self.anchors, fetch or self.fetch)

    def timestamps(self, fetch: InterceptedFetch | None = None) -> TimestampAuthorities:
        return TimestampAuthorities(self.authority.tsa_urls, fetch or self.fetch)

    def engine(self, fetch: InterceptedFetch | None = None) -> PadesEngine:
        return PadesEngine(
            self.anchors, self.authority.tsa_urls, fetch or self.fetch, self.now, policy=lambda: self.policy
        )

    def prepared(self, pdf: bytes, owner: KeyOwner, **settings: Any) -> PreparedSignature:
        given = {"appearance": None, "signed_at": self.now(), "first": True, **settings}
        return prepare(pdf, signer=owner.identity, **given)

    def completed(self, prepared: PreparedSignature, owner: KeyOwner) -> bytes:
        value = owner.sign(prepared.signed_attributes)
        token = self.timestamps().timestamp(hashlib.sha256(value).digest(), "sha256")
        return complete(prepared, signer=owner.identity, signature=value, timestamp_token=token.der)

    def material(self, pdf: bytes, owner: KeyOwner) -> ValidationMaterial:
        """What the revision of the owner's signature carries."""
        return gather_evidence(
            pdf,
            owner.identity,
            trust=self.trust(),
            timestamps=self.timestamps(),
            at=self.now(),
            policy=self.policy,
        ).material

    def by_official(self, pdf: bytes, owner: KeyOwner, *, bare: bool = False) -> bytes:
        """The result with the official's signature; `bare` without validation material."""
        material = None if bare else self.material(pdf, owner)
        prepared = self.prepared(pdf, owner, field="official", appearance=handwriting(), validation=material)
        return self.completed(prepared, owner)

    def by_organisation(self, pdf: bytes, owner: KeyOwner, fill: Mapping[str, str] | None = None) -> bytes:
        """The file with the seal; `fill` for what has a number: a result, whose official signed before, or a notice."""
        prepared = self.prepared(
            pdf,
            owner,
            field="seal",
            appearance=seal_image(),
            first=not is_signed(pdf),
            fill=fill,
            validation=self.material(pdf, owner),
        )
        return self.completed(prepared, owner)


@contextmanager
def running_world(folder: Path) -> Iterator[World]:
    """A world whose authority is served from `folder` until the end."""
    authority, server = make_trust_server(folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield World(authority)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@lru_cache
def handwriting() -> bytes:
    """A blue signature on nothing, 2.5 to 1."""
    image = Image.new("RGBA", (500, 200))
    points = [(20 + step * 40, 100 + (-1) ** step * (80 - 5 * step)) for step in range(12)]
    ImageDraw.Draw(image).line(points, fill=(20, 40, 170, 255), width=6, joint="curve")
    return _png(image)


@lru_cache
def seal_image() -> bytes:
    """A red ring on nothing, square."""
    image = Image.new("RGBA", (400, 400))
    ImageDraw.Draw(image).ellipse((8, 8, 392, 392), outline=(200, 20, 30, 255), width=12)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@lru_cache
def _key(label: str, kind: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    del label  # a key of its own for every label
    if kind in _CURVES:
        return ec.generate_private_key(_CURVES[kind])
    return rsa.generate_private_key(65537, int(kind.removeprefix("rsa") or 2048))
