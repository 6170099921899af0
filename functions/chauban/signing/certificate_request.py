"""A certificate signing request (PKCS#10, RFC 2986) for a key that is somewhere else: in KMS or in a token."""

import hashlib
from collections.abc import Callable

from asn1crypto import csr, keys, x509
from cryptography import x509 as names

from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.cms import signature_algorithm

# A signature that its maker cannot deny (RFC 5280, 4.2.1.3): what officials' signatures and seals are for.
_USAGE = x509.KeyUsage({"digital_signature", "non_repudiation"})


def certificate_request(subject: str, public_key: bytes, algorithm: Algorithm, sign: Callable[[bytes], bytes]) -> bytes:
    """The request in DER for a key (SubjectPublicKeyInfo in DER); `sign` makes the raw value over a digest.

    `subject` is a distinguished name as RFC 4514 writes it: `CN=...,O=...,C=VN`. Raises `ValueError` for another text.
    """
    content = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": x509.Name.load(names.Name.from_rfc4514_string(subject).public_bytes()),
            "subject_pk_info": keys.PublicKeyInfo.load(public_key),
            "attributes": [{"type": "extension_request", "values": [[_extension()]]}],
        }
    )
    value = sign(hashlib.new(algorithm.digest, content.dump()).digest())
    request = csr.CertificationRequest(
        {
            "certification_request_info": content,
            "signature_algorithm": signature_algorithm(algorithm),
            "signature": value,
        }
    )
    dumped: bytes = request.dump()
    return dumped


def _extension() -> x509.Extension:
    return x509.Extension({"extn_id": "key_usage", "critical": True, "extn_value": _USAGE})
