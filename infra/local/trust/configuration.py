"""What certomancer is told: written from code and the data folder, never kept as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import pem
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture

from infra.local.trust.authority import ARCHITECTURE, OWN_LABELS, TSA_LABELS, Authority, write_atomically

# Law 20/2023 and Circular 15/2025 speak of persons and organisations; the two profiles differ in key usage only.
KEY_USAGES: Mapping[str, list[str]] = {
    "official": ["non_repudiation"],
    "seal": ["digital_signature", "non_repudiation"],
}
# id-kp-documentSigning (RFC 9336); readers built on NSS accept only certificates that are for e-mail protection, too.
SIGNER_USAGES = ["1.3.6.1.5.5.7.3.36", "email_protection"]


def build(authority: Authority, pending: Mapping[str, Mapping[str, Any]] | None = None) -> PKIArchitecture:
    """Certomancer's view of the data folder; `pending` adds records that are not in the folder yet."""
    records = {path.stem: json.loads(path.read_text()) for path in sorted((authority.data / "issued").glob("*.json"))}
    records.update(pending or {})
    configuration = {
        "external-url-prefix": authority.base_url,
        "keysets": {ARCHITECTURE: {"keys": _keys(records)}},
        "pki-architectures": {
            ARCHITECTURE: {
                "keyset": ARCHITECTURE,
                "entities": _entities(records),
                "certs": _with_frozen_files(authority, _own(authority) | _issued(records)),
                "services": _services(),
            }
        },
    }
    folder = str(authority.data)
    loaded = CertomancerConfig(configuration, key_search_dir=folder, config_search_dir=folder)
    return loaded.get_pki_arch(ArchLabel(ARCHITECTURE))


def freeze(authority: Authority, architecture: PKIArchitecture, label: str) -> bytes:
    """The certificate in PEM; kept from its first making, for an ECDSA signature differs each time."""
    path = authority.certificate_file(label)
    if not path.exists():
        write_atomically(path, pem.armor("CERTIFICATE", architecture.get_cert(CertLabel(label)).dump()))
    return path.read_bytes()


def freeze_own(authority: Authority) -> None:
    """Make and keep the authority's own certificates, the root's also as `trust-root.pem`."""
    architecture = build(authority)
    for label in OWN_LABELS:
        frozen = freeze(authority, architecture, label)
        if label == "root" and not authority.root_file.exists():
            write_atomically(authority.root_file, frozen)


def _keys(records: Mapping[str, Any]) -> dict[str, Any]:
    own = {label: {"path": f"keys/{label}.pem"} for label in OWN_LABELS}
    return own | {label: {"path": f"issued/{label}.pub.pem", "public-only": True} for label in records}


def _entities(records: Mapping[str, Any]) -> dict[str, Any]:
    organisation = {"country-name": "VN", "organization-name": "Chauban (development only)"}
    names = {
        "root": "Chauban Development Root CA",
        "issuing": "Chauban Development Issuing CA",
        "ocsp-root": "Chauban Development Root OCSP",
        "ocsp-issuing": "Chauban Development Issuing OCSP",
        "tsa": "Chauban Development TSA 1",
        "tsa-backup": "Chauban Development TSA 2",
    }
    own = {label: organisation | {"common-name": name} for label, name in names.items()}
    return own | {label: record["subject"] for label, record in records.items()}


def _own(authority: Authority) -> dict[str, Any]:
    years = {"root": 20, "issuing": 10}

    def entry(label: str, issuer: str, serial: int, **more: Any) -> dict[str, Any]:
        validity = _validity(authority.since, authority.since + timedelta(days=365 * years.get(label, 5)))
        common = {"subject": label, "issuer": issuer, "issuer-cert": issuer, "serial": serial}
        return common | {"validity": validity} | more

    usages = [
        {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": ["digital_signature"]}},
        {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
    ]
    certificates = {
        "root": entry("root", "root", 1, profiles=[{"id": "simple-ca", "params": {"max-path-len": 1}}]),
        "issuing": entry(
            "issuing",
            "root",
            2,
            profiles=[{"id": "simple-ca", "params": {"max-path-len": 0}}],
            extensions=_pointers("root"),
        ),
        "ocsp-root": entry("ocsp-root", "root", 3, profiles=["ocsp-responder"]),
        "ocsp-issuing": entry("ocsp-issuing", "issuing", 4, profiles=["ocsp-responder"]),
    }
    for number, label in enumerate(TSA_LABELS):
        certificates[label] = entry(label, "issuing", 5 + number, extensions=usages + _pointers("issuing"))
    return certificates


def _issued(records: Mapping[str, Any]) -> dict[str, Any]:
    certificates = {}
    for label, record in records.items():
        usage = {"schema": "key-usage", "params": KEY_USAGES[record["profile"]]}
        certificates[label] = {
            "subject": label,
            "issuer": "issuing",
            "issuer-cert": "issuing",
            "serial": record["serial"],
            "validity": _validity(
                datetime.fromisoformat(record["valid_from"]), datetime.fromisoformat(record["valid_to"])
            ),
            "extensions": [
                {"id": "key_usage", "critical": True, "smart-value": usage},
                {"id": "extended_key_usage", "value": SIGNER_USAGES},
                *_pointers("issuing"),
            ],
            "revocation": record.get("revocation"),
        }
    return certificates


def _pointers(issuer: str) -> list[dict[str, Any]]:
    """Where a certificate's issuer, its OCSP responder and its CRL are found (RFC 5280, 4.2.2.1 and 4.2.1.13)."""
    information = {"ocsp-responder-names": [issuer], "ca-issuer-links": [{"repo": issuer}]}
    return [
        {"id": "authority_information_access", "smart-value": {"schema": "aia-urls", "params": information}},
        {
            "id": "crl_distribution_points",
            "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": [issuer]}},
        },
    ]


def _services() -> dict[str, Any]:
    authorities = ("root", "issuing")
    return {
        "ocsp": {
            name: {"for-issuer": name, "issuer-cert": name, "responder-cert": f"ocsp-{name}"} for name in authorities
        },
        "crl-repo": {
            name: {"for-issuer": name, "issuer-cert": name, "simulated-update-schedule": "PT1H"} for name in authorities
        },
        "cert-repo": {name: {"for-issuer": name, "issuer-cert": name} for name in authorities},
        "time-stamping": {label: {"signing-cert": label, "certs-to-embed": ["issuing"]} for label in TSA_LABELS},
    }


def _with_frozen_files(authority: Authority, certificates: dict[str, Any]) -> dict[str, Any]:
    for label, entry in certificates.items():
        if authority.certificate_file(label).exists():
            entry["certificate-file"] = f"certs/{label}.pem"
    return certificates


def _validity(start: datetime, end: datetime) -> dict[str, str]:
    return {"valid-from": start.isoformat(), "valid-to": end.isoformat()}
