"""The signature algorithms that Circular 15/2025 allows, by the names that credentials use."""

from enum import StrEnum


class Algorithm(StrEnum):
    """Key type, padding and hash in one name. PKCS#1 v1.5 serves only credentials that ask for it."""

    RSA_PSS_SHA256 = "RSA_PSS_SHA256"
    RSA_PKCS1_SHA256 = "RSA_PKCS1_SHA256"
    ECDSA_P256_SHA256 = "ECDSA_P256_SHA256"
