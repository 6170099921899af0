"""Checks a signature that an official's device made, before anything is kept; the libraries are loaded with the first one."""

from chauban.signing.credentials import Credential


def verify_raw(credential: Credential, signed_attributes: bytes, signature: bytes) -> None:
    """See `SignatureDesk.verify`; raises `SignatureMismatch`."""
    from chauban.signing.identity import SignerIdentity
    from chauban.signing.raw_signature import verify_raw_signature

    signer = SignerIdentity.from_pem(credential.chain_pem, credential.algorithm)
    verify_raw_signature(signer.certificate, credential.algorithm, signed_attributes, signature)
