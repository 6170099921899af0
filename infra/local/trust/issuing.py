"""Certificates for keys held elsewhere, and their suspension or revocation.

Everything here only writes the data folder; a running server sees the change at its next request.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.local.trust import configuration
from infra.local.trust.authority import OWN_LABELS, Authority, TrustDataError, open_authority, write_atomically

_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def issue_certificate(
    data_dir: Path | str,
    label: str,
    subject: Mapping[str, str] | str,
    public_key_pem: bytes | str,
    profile: str = "official",
    *,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> str:
    """Certify a public key; returns the chain in PEM: the certificate, then the issuing CA's (not the root's).

    `subject` is a common name, or attributes such as `country-name`, `organization-name`, `common-name`, `title`.
    `profile` is `official` (nonRepudiation) or `seal` (digitalSignature and nonRepudiation). Asking again under the
    same label for the same key gives the same chain; another key raises `TrustDataError`, as does an unknown profile.
    """
    authority = open_authority(data_dir)
    key = public_key_pem.encode() if isinstance(public_key_pem, str) else public_key_pem
    if not _LABEL.fullmatch(label) or label in OWN_LABELS:
        raise TrustDataError(f"not a label for a certificate: {label!r}")
    if profile not in configuration.KEY_USAGES:
        raise TrustDataError(f"unknown profile {profile!r}")
    if authority.record_file(label).exists():
        if authority.public_key_file(label).read_bytes().strip() != key.strip():
            raise TrustDataError(f"{label} was issued for another key; choose another label")
    else:
        record = _record(subject, profile, valid_from, valid_to)
        write_atomically(authority.public_key_file(label), key)
        # The certificate lies there before its record does: a server that reloads in between never makes a second one.
        configuration.freeze(authority, configuration.build(authority, {label: record}), label)
        _save(authority, label, record)
    files = (authority.certificate_file(label), authority.certificate_file("issuing"))
    return "".join(path.read_text() for path in files)


def revoke(data_dir: Path | str, label: str, *, reason: str = "key_compromise", since: datetime | None = None) -> None:
    """Mark a certificate revoked for good: OCSP says so at once, the CRL from its next hourly issue."""
    authority = open_authority(data_dir)
    record = _load(authority, label)
    moment = (since or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    record["revocation"] = {"revoked-since": moment.isoformat(), "reason": reason}
    _save(authority, label, record)


def suspend(data_dir: Path | str, label: str, *, since: datetime | None = None) -> None:
    """Put a certificate on hold (RFC 5280 `certificateHold`); `reinstate` lifts it."""
    revoke(data_dir, label, reason="certificate_hold", since=since)


def reinstate(data_dir: Path | str, label: str) -> None:
    """Lift a suspension."""
    authority = open_authority(data_dir)
    record = _load(authority, label)
    if (record.get("revocation") or {}).get("reason") not in (None, "certificate_hold"):
        raise TrustDataError(f"{label} is revoked; only a suspension can be lifted")
    record["revocation"] = None
    _save(authority, label, record)


def _record(
    subject: Mapping[str, str] | str, profile: str, valid_from: datetime | None, valid_to: datetime | None
) -> dict[str, Any]:
    start = valid_from or datetime.now(UTC) - timedelta(hours=1)
    end = valid_to or start + timedelta(days=3 * 365)
    names = {"country-name": "VN", "common-name": subject} if isinstance(subject, str) else dict(subject)
    return {
        "subject": names,
        "profile": profile,
        "serial": secrets.randbits(63) | 1 << 62,
        "valid_from": start.astimezone(UTC).replace(microsecond=0).isoformat(),
        "valid_to": end.astimezone(UTC).replace(microsecond=0).isoformat(),
        "revocation": None,
    }


def _load(authority: Authority, label: str) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(authority.record_file(label).read_text())
    except FileNotFoundError as error:
        raise TrustDataError(f"no certificate was issued under {label!r}") from error
    return record


def _save(authority: Authority, label: str, record: Mapping[str, Any]) -> None:
    write_atomically(authority.record_file(label), json.dumps(record, ensure_ascii=False, indent=1).encode())
