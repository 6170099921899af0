"""The officials' signing devices and the agencies' seals, with their certificates and pictures.

A device is a private key in a file of the data folder: it plays the smart card or phone that only the official holds,
and no function, bucket or table ever gets it. A seal is a KMS key, made here as the runbook makes it on AWS.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from infra.local import drawings
from infra.local.accounts import AGENCIES, PEOPLE, Agency, Person
from infra.local.folder import Folder, write_secret
from infra.local.trust import issue_certificate

ALGORITHMS = {
    "RSA": "RSA_PSS_SHA256",
    "P-256": "ECDSA_P256_SHA256",
    "RSA_2048": "RSA_PSS_SHA256",
    "ECC_NIST_P256": "ECDSA_P256_SHA256",
}


def device_key(folder: Folder, person: Person) -> Path:
    """The file with the official's private key (PEM, PKCS#8), made at the first start."""
    path = folder.devices / f"{person.username}.pem"
    if not path.exists():
        key = (
            rsa.generate_private_key(65537, 2048) if person.device == "RSA" else ec.generate_private_key(ec.SECP256R1())
        )
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_secret(path, pem.decode())
    return path


def public_pem(key: Any) -> bytes:
    """A public key as PEM (SubjectPublicKeyInfo)."""
    pem: bytes = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem


def seal_alias(stage: str, agency: Agency) -> str:
    """The alias of the agency's KMS key; a stage seals with its own keys only."""
    return f"alias/chauban-{stage}-seal-{agency.id}"


def seal_key(kms: Any, stage: str, agency: Agency) -> bytes:
    """The agency's KMS key under its alias, made if it is not there; returns the public key (PEM)."""
    alias = seal_alias(stage, agency)
    try:
        public = kms.get_public_key(KeyId=alias)["PublicKey"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        key = kms.create_key(Description=f"Seal of {agency.id}", KeyUsage="SIGN_VERIFY", KeySpec=agency.seal)
        kms.create_alias(AliasName=alias, TargetKeyId=key["KeyMetadata"]["KeyId"])
        public = kms.get_public_key(KeyId=alias)["PublicKey"]
    return public_pem(serialization.load_der_public_key(public))


def validity(chain: str) -> dict[str, str]:
    """From when to when a chain's first certificate is valid, as records say it."""
    certificate = x509.load_pem_x509_certificates(chain.encode())[0]
    moments = {"valid_from": certificate.not_valid_before_utc, "valid_to": certificate.not_valid_after_utc}
    return {name: moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for name, moment in moments.items()}


def certificate_label(prefix: str, public: bytes) -> str:
    """A certificate's label is good for one key: a new key (a new stack beside an old authority) gets a new one."""
    digest = hashlib.sha256(public).hexdigest()[:8]
    return f"{prefix}-{digest}"


def subject(person: Person) -> dict[str, str]:
    """Whom an official's certificate names."""
    agency = next(agency for agency in AGENCIES if agency.id == person.agency)
    return {
        "country-name": "VN",
        "organization-name": agency.name,
        "title": person.title or "",
        "common-name": person.name,
    }


def official_credential(folder: Folder, person: Person) -> dict[str, Any]:
    key = serialization.load_pem_private_key(device_key(folder, person).read_bytes(), None)
    public = public_pem(key.public_key())
    label = certificate_label(person.username, public)
    chain = issue_certificate(folder.trust, label, subject(person), public, "official")
    return {
        "id": f"cred-{person.username}",
        "person": person.username,
        "agency": None,
        "purpose": "sign",
        "kind": "client",
        "key_ref": None,
        "algorithm": ALGORITHMS[person.device or ""],
        "chain_pem": chain,
        "appearance_png": base64.b64encode(drawings.signature(person.name)).decode(),
        **validity(chain),
    }


def seal_credential(folder: Folder, kms: Any, stage: str, agency: Agency) -> dict[str, Any]:
    public = seal_key(kms, stage, agency)
    names = {"country-name": "VN", "organization-name": agency.name, "common-name": agency.name}
    chain = issue_certificate(folder.trust, certificate_label(f"seal-{agency.short}", public), names, public, "seal")
    return {
        "id": f"cred-seal-{agency.short}",
        "person": None,
        "agency": agency.id,
        "purpose": "seal",
        "kind": "kms",
        "key_ref": seal_alias(stage, agency),
        "algorithm": ALGORITHMS[agency.seal],
        "chain_pem": chain,
        "appearance_png": base64.b64encode(drawings.seal("ỦY BAN NHÂN DÂN", agency.seal_text)).decode(),
        **validity(chain),
    }


def credentials(folder: Folder, kms: Any, stage: str) -> dict[str, Any]:
    """The credential file that `chauban credentials load` takes."""
    officials = [official_credential(folder, person) for person in PEOPLE if person.device]
    return {"credentials": officials + [seal_credential(folder, kms, stage, agency) for agency in AGENCIES]}


def descriptions(folder: Folder) -> dict[str, dict[str, str]]:
    """What the demo's device needs to know of itself: its key file and the credential's id."""
    return {
        person.username: {"key": str(device_key(folder, person)), "credential": f"cred-{person.username}"}
        for person in PEOPLE
        if person.device
    }
