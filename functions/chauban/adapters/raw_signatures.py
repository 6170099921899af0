"""Reads certificates, and checks signatures that were made elsewhere; the libraries are loaded with the first one."""

from functools import lru_cache

from chauban.signing.credentials import CertificateFacts, Credential


def verify_raw(credential: Credential, signed_attributes: bytes, signature: bytes) -> None:
    """See `SignatureDesk.verify`; raises `SignatureMismatch`."""
    from chauban.signing.pades.identity import SignerIdentity
    from chauban.signing.pades.raw_signature import verify_raw_signature

    signer = SignerIdentity.from_pem(credential.chain_pem, credential.algorithm)
    verify_raw_signature(signer.certificate, credential.algorithm, signed_attributes, signature)


def read_certificate(credential: Credential) -> CertificateFacts:
    """See `SigningPolicy.read`; a session of many documents reads its one certificate once."""
    return _read(credential.chain_pem)


@lru_cache(maxsize=64)
def _read(chain_pem: str) -> CertificateFacts:
    from chauban.signing.pades.identity import certificate_facts

    return certificate_facts(chain_pem)
