"""The credentials that the provider shows: each key twice, once for PIN and one-time password, once for its own page."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from infra.local.providers.keys import Key

MULTISIGN = 250
PAGE = "-page"
RSA_PSS, RSA_SHA256 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.11"
ECDSA_SHA256, ECDSA_SHA384 = "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3"
_TYPES: dict[str, dict[str, Any]] = {
    "RSA": {"algo": [RSA_PSS, RSA_SHA256], "len": 2048},
    "P-256": {"algo": [ECDSA_SHA256], "len": 256, "curve": "1.2.840.10045.3.1.7"},
    "P-384": {"algo": [ECDSA_SHA384], "len": 384, "curve": "1.3.132.0.34"},
}


@dataclass(frozen=True)
class Shown:
    """A credential as customers see it; `page` where the holder authorises at the provider's page."""

    id: str
    key: Key
    page: bool

    @property
    def person(self) -> str:
        return self.key.holding.person

    @property
    def bound(self) -> bool:
        """SCAL 2: authorisations are bound to digests."""
        return self.key.holding.type != "P-256"

    @property
    def algorithms(self) -> list[str]:
        return list(_TYPES[self.key.holding.type]["algo"])

    def described(self, version: str, certificates: str, *, info: bool, auth: bool, chain_pem: str) -> dict[str, Any]:
        """The answer of credentials/info; `chain_pem` is the certificate that is shown."""
        told: dict[str, Any] = {
            "description": f"Khóa ký {self.key.holding.type}",
            "key": {"status": "enabled", **_TYPES[self.key.holding.type]},
            "cert": _certificate(chain_pem, certificates, info=info),
            "SCAL": "2" if self.bound else "1",
            "multisign": MULTISIGN,
            "lang": "vi-VN",
        }
        mode = "oauth2code" if self.page else "explicit"
        if version == "v1":
            told["authMode"] = mode
            if auth and not self.page:
                told["PIN"] = {"presence": "true", "format": "N", "label": "PIN"}
                told["OTP"] = {"presence": "true", "type": "offline", "format": "N", "label": "OTP", "ID": "phone"}
        else:
            told["auth"] = {"mode": mode} | (_AUTH if auth and not self.page else {})
        return told


_AUTH = {
    "expression": "PIN AND OTP",
    "objects": [
        {"type": "Password", "id": "PIN", "format": "N", "label": "PIN"},
        {"type": "Password", "id": "OTP", "format": "N", "label": "OTP", "generator": "totp"},
    ],
}


def _certificate(chain_pem: str, which: str, *, info: bool) -> dict[str, Any]:
    chain = x509.load_pem_x509_certificates(chain_pem.encode())
    leaf, shown = chain[0], {"none": [], "single": chain[:1], "chain": chain}[which]
    told: dict[str, Any] = {"status": "valid"}
    if shown:
        ders = [each.public_bytes(serialization.Encoding.DER) for each in shown]
        told["certificates"] = [base64.b64encode(der).decode() for der in ders]
    if info:
        told |= {
            "issuerDN": leaf.issuer.rfc4514_string(),
            "serialNumber": f"{leaf.serial_number:x}",
            "subjectDN": leaf.subject.rfc4514_string(),
            "validFrom": leaf.not_valid_before_utc.strftime("%Y%m%d%H%M%SZ"),
            "validTo": leaf.not_valid_after_utc.strftime("%Y%m%d%H%M%SZ"),
        }
    return told
