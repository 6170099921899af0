"""The API of the Cloud Signature Consortium, versions 1 (1.0.4.0) and 2 (2.0)."""

from chauban.signing.signers.csc.signer import CscSigner

__all__ = ["CscSigner"]
