"""Trust services in a simulated time: a root for forty years; below it, CAs, time-stamping authorities and signers that roll over.

Everything is made in this process and answers at the clock's moment; no network and no waiting.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.engine import PadesEngine
from chauban.signing.pades.identity import SignerIdentity
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.trust.fetching import FetchError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from tests.unit.fakes.algorithms import project_policy
from tests.unit.signing.world import KeyOwner

YEAR = timedelta(days=365.25)
TSA_LIFE, TSA_ROLLS = 5 * YEAR, 3 * YEAR
HASHES = {"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}
Key = ec.EllipticCurvePrivateKey


@dataclass
class Holder:
    """A key with its certificate, whoever issued it, and the hash that it signs with."""

    certificate: x509.Certificate
    key: Key
    issuer: "Holder | None"
    digest: str

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


@dataclass
class SimulatedTrust:
    """`now` is the simulated time. From `stronger_from` on, whatever is made new signs with SHA-512.

    `down` holds addresses that do not answer, `revoked` the certificates (DER) that were revoked, and when. It fetches for whoever
    asks (`Fetch`).
    """

    now: Callable[[], datetime]
    start: datetime
    stronger_from: datetime
    down: set[str] = field(default_factory=set)
    revoked: dict[bytes, datetime] = field(default_factory=dict)
    made: dict[str, Holder] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    policy: Callable[[], AlgorithmPolicy] = project_policy

    TSAS = ("http://tsa-one.example/", "http://tsa-two.example/")

    @cached_property
    def root(self) -> Holder:
        return self._make("root", None, self.start - YEAR, self.start + 40 * YEAR, "sha512", authority=True)

    def engine(self) -> PadesEngine:
        return PadesEngine([self.root.der], self.TSAS, self, self.now, policy=self.policy)

    def signer(self, label: str) -> KeyOwner:
        """Somebody whose certificate begins now and lives for three years."""
        held = self._holder(f"signer {label}", self.now(), self.now() + 3 * YEAR)
        chain = [held, held.issuer]
        pem = b"".join(each.certificate.public_bytes(serialization.Encoding.PEM) for each in chain if each)
        identity = SignerIdentity.from_pem(pem.decode(), Algorithm.ECDSA_P256_SHA256)
        return KeyOwner(held.key, identity, label, pem.decode())

    # Fetch ---------------------------------------------------------------------------------------------------------

    def get(self, url: str) -> bytes:
        raise FetchError(f"{url}: nothing is fetched that a chain already brings")

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        self.asked.append(url)
        if url in self.down:
            raise FetchError(f"{url}: down")
        return self._stamped(url, body) if "timestamp" in content_type else self._status(body)

    def _stamped(self, url: str, body: bytes) -> bytes:
        request = tsp.TimeStampReq.load(body)
        token = _token(self._authority(url), request, self.now())
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()

    def _status(self, body: bytes) -> bytes:
        serial = ocsp.load_der_ocsp_request(body).serial_number
        held = next(each for each in self.made.values() if each.certificate.serial_number == serial)
        assert held.issuer
        now = self.now().replace(microsecond=0)
        answer = ocsp.OCSPResponseBuilder().add_response(
            cert=held.certificate,
            issuer=held.issuer.certificate,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if held.der in self.revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=now,
            next_update=now + timedelta(days=1),
            revocation_time=self.revoked.get(held.der),
            revocation_reason=x509.ReasonFlags.key_compromise if held.der in self.revoked else None,
        )
        answer = answer.responder_id(ocsp.OCSPResponderEncoding.HASH, held.issuer.certificate)
        signed = answer.sign(held.issuer.key, HASHES[self._strength(self.now())])
        return signed.public_bytes(serialization.Encoding.DER)

    # Certificates --------------------------------------------------------------------------------------------------

    def _authority(self, url: str) -> Holder:
        """An authority takes another certificate every three years, the second one a year after the first."""
        offset = self.TSAS.index(url) * YEAR
        turn = (self.now() - self.start + offset) // TSA_ROLLS
        since = max(self.start + turn * TSA_ROLLS - offset, self.start)
        return self._holder(f"{url} {turn}", since, since + TSA_LIFE, timestamping=True)

    def _holder(self, label: str, since: datetime, until: datetime, *, timestamping: bool = False) -> Holder:
        if label not in self.made:
            digest = self._strength(since)
            ca = self._make(
                f"ca {digest}", self.root, self.start - YEAR, self.start + 40 * YEAR, digest, authority=True
            )
            self._make(label, ca, since, until, digest, timestamping=timestamping)
        return self.made[label]

    def _strength(self, moment: datetime) -> str:
        return "sha512" if moment >= self.stronger_from else "sha256"

    def _make(
        self,
        label: str,
        issuer: Holder | None,
        since: datetime,
        until: datetime,
        digest: str,
        *,
        authority: bool = False,
        timestamping: bool = False,
    ) -> Holder:
        if label in self.made:
            return self.made[label]
        key = ec.generate_private_key(ec.SECP384R1() if authority else ec.SECP256R1())
        name = x509.Name(
            [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, label)]
        )
        signer_key, signer_name = (issuer.key, issuer.certificate.subject) if issuer else (key, name)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(signer_name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since.replace(microsecond=0))
            .not_valid_after(until.replace(microsecond=0))
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(_usage(authority, timestamping), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()), critical=False)
        )
        if timestamping:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        if issuer:
            builder = builder.add_extension(_status_address(), critical=False)
        held = Holder(builder.sign(signer_key, HASHES[digest]), key, issuer, digest)
        self.made[label] = held
        return held


def _usage(authority: bool, timestamping: bool) -> x509.KeyUsage:
    signer = not authority and not timestamping
    none = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    return x509.KeyUsage(
        digital_signature=authority or timestamping,
        content_commitment=signer,
        key_cert_sign=authority,
        crl_sign=authority,
        **none,
    )


def _status_address() -> x509.AuthorityInformationAccess:
    where = x509.UniformResourceIdentifier("http://ocsp.example/")
    return x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)])


def _token(authority: Holder, request: tsp.TimeStampReq, now: datetime) -> cms.ContentInfo:
    """An RFC 3161 token, signed with the authority's own hash."""
    own = asn1_x509.Certificate.load(authority.der)
    assert authority.issuer
    above = asn1_x509.Certificate.load(authority.issuer.der)
    content = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.3.6.1.4.1.4146.2.2",
            "message_imprint": request["message_imprint"],
            "serial_number": int.from_bytes(hashlib.sha256(request.dump()).digest()[:8], "big"),
            "gen_time": now.replace(microsecond=0),
            "nonce": request["nonce"],
        }
    ).dump()
    named = tsp.ESSCertIDv2(
        {
            "hash_algorithm": {"algorithm": authority.digest},
            "cert_hash": hashlib.new(authority.digest, authority.der).digest(),
        }
    )
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.new(authority.digest, content).digest()]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [named]})]}
            ),
        ]
    )
    value = authority.key.sign(attributes.dump(), ec.ECDSA(HASHES[authority.digest]))
    digest = algos.DigestAlgorithm({"algorithm": authority.digest})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                name="issuer_and_serial_number",
                value=cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number}),
            ),
            "digest_algorithm": digest,
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": f"{authority.digest}_ecdsa"}),
            "signature": value,
        }
    )
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
            "certificates": [own, above],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed})
