"""Certificates and timestamp tokens made in this process, for whoever is simulated."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import algos, cms, tsp
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

HASHES = {"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}
STATUS_ADDRESS = "http://ocsp.example/"
COMPROMISED = x509.ReasonFlags.key_compromise
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass
class Holder:
    """A key with its certificate, whoever issued it, and the hash that it signs with."""

    certificate: x509.Certificate
    key: Key
    issuer: "Holder | None"
    digest: str

    @property
    def name(self) -> str:
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True)
class Life:
    """From when to when (aware) a certificate is valid."""

    since: datetime
    until: datetime


def holder(
    label: str,
    issuer: Holder | None,
    life: Life,
    digest: str,
    *,
    authority: bool = False,
    timestamping: bool = False,
    key: Key | None = None,
) -> Holder:
    """Somebody with a `key`, or a new one: a root where there is no issuer, a CA with `authority`, a signer otherwise."""
    key = key or ec.generate_private_key(ec.SECP384R1() if authority or digest == "sha512" else ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, label)])
    signer_key, signer_name = (issuer.key, issuer.certificate.subject) if issuer else (key, name)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(signer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(life.since.replace(microsecond=0))
        .not_valid_after(life.until.replace(microsecond=0))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(_usage(authority, timestamping), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()), critical=False)
    )
    if timestamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if issuer:
        builder = builder.add_extension(_status_address(), critical=False)
    return Holder(builder.sign(signer_key, HASHES[digest]), key, issuer, digest)


def token(authority: Holder, request: tsp.TimeStampReq, now: datetime) -> cms.ContentInfo:
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
    attributes = _attributes(authority, content)
    value, kind = _signed(authority.key, attributes.dump(), authority.digest)
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
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": kind}),
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


def status(
    held: Holder, now: datetime, revoked: datetime | None, digest: str, reason: x509.ReasonFlags = COMPROMISED
) -> bytes:
    """What the issuer's responder says of a certificate now, for a day, signed with a hash; `revoked` is since when it is."""
    assert held.issuer
    now = now.replace(microsecond=0)
    answer = ocsp.OCSPResponseBuilder().add_response(
        cert=held.certificate,
        issuer=held.issuer.certificate,
        algorithm=hashes.SHA256(),
        cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
        this_update=now,
        next_update=now + timedelta(days=1),
        revocation_time=revoked,
        revocation_reason=reason if revoked else None,
    )
    signed = answer.responder_id(ocsp.OCSPResponderEncoding.HASH, held.issuer.certificate).sign(
        held.issuer.key, HASHES[digest]
    )
    # The builder writes the hour of this machine.
    made = asn1_ocsp.OCSPResponse.load(signed.public_bytes(serialization.Encoding.DER))
    basic = made["response_bytes"]["response"].parsed
    basic["tbs_response_data"]["produced_at"] = now
    content = basic["tbs_response_data"].dump(force=True)
    basic["signature"], _ = _signed(held.issuer.key, content, digest)
    wrapped = asn1_ocsp.ResponseBytes({"response_type": "basic_ocsp_response", "response": basic})
    return asn1_ocsp.OCSPResponse({"response_status": "successful", "response_bytes": wrapped}).dump()


def _signed(key: Key, content: bytes, digest: str) -> tuple[bytes, str]:
    """A signature, by PKCS#1 v1.5 where the key is one of RSA, and what it is called."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, padding.PKCS1v15(), HASHES[digest]), f"{digest}_rsa"
    return key.sign(content, ec.ECDSA(HASHES[digest])), f"{digest}_ecdsa"


def _attributes(authority: Holder, content: bytes) -> cms.CMSAttributes:
    named = tsp.ESSCertIDv2(
        {
            "hash_algorithm": {"algorithm": authority.digest},
            "cert_hash": hashlib.new(authority.digest, authority.der).digest(),
        }
    )
    certificate = tsp.SigningCertificateV2({"certs": [named]})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.new(authority.digest, content).digest()]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [certificate]}),
        ]
    )


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
    where = x509.UniformResourceIdentifier(STATUS_ADDRESS)
    return x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)])
