"""The CMS of a PAdES baseline signature, in two steps: what is signed, and what is embedded once the value is there.

The signed attributes are exactly content-type, message-digest and signing-certificate-v2, and where a form names one, the
identifier of its signature policy; the time of signing stands in the signature dictionary and in the timestamp (EN 319
142-1, 6.3, forbids the signing-time attribute). Both steps are pure: the same input gives the same bytes, so that one set
of attributes can be fixed, stored, and used in another process hours later.
"""

import hashlib

from asn1crypto import algos, cms, core, tsp, x509
from pyhanko.sign.ades import cades_asn1

from chauban.errors import SigningError
from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.identity import SignerIdentity
from chauban.signing.pades.raw_signature import PSS_SALT_BYTES
from chauban.signing.terms import SignaturePolicy

_DIGESTS = frozenset({"sha256", "sha384", "sha512"})


def signed_attributes(
    document_digest: bytes, certificate_der: bytes, policy: SignaturePolicy | None = None, *, digest: str = "sha256"
) -> bytes:
    """The attributes to sign, as DER SET OF (RFC 5652, 5.4), for a document's digest over its ByteRange; the certificate is
    named by its `digest` (a name of hashlib's).
    """
    certificate = x509.Certificate.load(certificate_der)
    issuer = x509.GeneralName(name="directory_name", value=certificate.issuer)
    identifier = tsp.ESSCertIDv2(
        {
            "hash_algorithm": {"algorithm": digest},
            "cert_hash": hashlib.new(digest, certificate_der).digest(),
            "issuer_serial": {"issuer": [issuer], "serial_number": certificate.serial_number},
        }
    )
    attributes = [
        cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
        cms.CMSAttribute({"type": "message_digest", "values": [document_digest]}),
        cms.CMSAttribute(
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [identifier]})]}
        ),
    ]
    if policy is not None:
        named = cades_asn1.SignaturePolicyIdentifier("signature_policy_id", _policy(policy))
        attributes.append(cms.CMSAttribute({"type": "signature_policy_identifier", "values": [named]}))
    dumped: bytes = cms.CMSAttributes(attributes).dump()
    return dumped


def message_digest(attributes_der: bytes) -> bytes:
    """The document's digest within signed attributes; raises `SigningError` where they are of another form."""
    digest: bytes = _attribute(attributes_der, "message_digest")
    return digest


def names_certificate(attributes_der: bytes, certificate_der: bytes) -> bool:
    """Whether signed attributes are of the signer with this certificate; raises as `message_digest` does."""
    named = _attribute(attributes_der, "signing_certificate_v2")["certs"][0]
    digest = named["hash_algorithm"]["algorithm"]
    return digest in _DIGESTS and bool(named["cert_hash"] == hashlib.new(digest, certificate_der).digest())


def signature_cms(
    signer: SignerIdentity, attributes_der: bytes, signature: bytes, timestamp_token: bytes | None
) -> bytes:
    """The DER `ContentInfo` with the signer's chain and the signature timestamp as unsigned attribute (PAdES B-T); B-B without."""
    certificate = x509.Certificate.load(signer.certificate)
    digest = algos.DigestAlgorithm({"algorithm": signer.algorithm.digest})
    identifier = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
    information = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(name="issuer_and_serial_number", value=identifier),
            "digest_algorithm": digest,
            "signed_attrs": cms.CMSAttributes.load(attributes_der),
            "signature_algorithm": signature_algorithm(signer.algorithm),
            "signature": signature,
        }
    )
    if timestamp_token is not None:
        token = cms.ContentInfo.load(timestamp_token)
        information["unsigned_attrs"] = [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})]
    certificates = [certificate, *(x509.Certificate.load(value) for value in signer.chain)]
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": certificates,
            "signer_infos": [information],
        }
    )
    dumped: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return dumped


def signature_algorithm(algorithm: Algorithm) -> algos.SignedDigestAlgorithm:
    """The algorithm as ASN.1 names it (RFC 5754, RFC 4055)."""
    if algorithm in {Algorithm.ECDSA_P256_SHA256, Algorithm.ECDSA_P384_SHA384}:
        return algos.SignedDigestAlgorithm({"algorithm": f"{algorithm.digest}_ecdsa"})
    if algorithm is Algorithm.RSA_PKCS1_SHA256:
        return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa", "parameters": core.Null()})
    digest = algos.DigestAlgorithm({"algorithm": algorithm.digest})
    parameters = algos.RSASSAPSSParams(
        {
            "hash_algorithm": digest,
            "mask_gen_algorithm": algos.MaskGenAlgorithm({"algorithm": "mgf1", "parameters": digest}),
            "salt_length": PSS_SALT_BYTES,
        }
    )
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})


def _policy(policy: SignaturePolicy) -> cades_asn1.SignaturePolicyId:
    """EN 319 122-1, 5.2.9.1, with the address of the document as qualifier (5.2.9.2) where there is one."""
    hashed = {"digest_algorithm": {"algorithm": "sha256"}, "digest": bytes.fromhex(policy.sha256)}
    content: dict[str, object] = {"sig_policy_id": policy.oid, "sig_policy_hash": hashed}
    if policy.uri:
        content["sig_policy_qualifiers"] = [{"sig_policy_qualifier_id": "sp_uri", "sig_qualifier": policy.uri}]
    return cades_asn1.SignaturePolicyId(content)


def _attribute(attributes_der: bytes, kind: str) -> core.Any:
    try:
        attributes = cms.CMSAttributes.load(attributes_der, strict=True)
        values = [value for each in attributes if each["type"].native == kind for value in each["values"]]
        (value,) = values
    except (ValueError, TypeError) as error:
        raise SigningError(reason="malformed-signed-attributes") from error
    return value.native
