"""The signature algorithms that Circular 15/2025 allows, by the names that credentials use."""

from enum import StrEnum


class Algorithm(StrEnum):
    """Key type, padding and hash in one name. PKCS#1 v1.5 serves only credentials that ask for it."""

    RSA_PSS_SHA256 = "RSA_PSS_SHA256"
    RSA_PKCS1_SHA256 = "RSA_PKCS1_SHA256"
    ECDSA_P256_SHA256 = "ECDSA_P256_SHA256"
    ECDSA_P384_SHA384 = "ECDSA_P384_SHA384"

    @property
    def digest(self) -> str:
        """The hash by `hashlib`'s name; it is also the one over the document."""
        return "sha384" if self is Algorithm.ECDSA_P384_SHA384 else "sha256"

    @property
    def pkcs1(self) -> bool:
        """Whether signatures are padded by PKCS#1 v1.5."""
        return self is Algorithm.RSA_PKCS1_SHA256
