"""The authority's data folder: its address, its keys, and the certificates it has ever made.

Layout below the folder:

- `trust.json`: the address that stands in every certificate's AIA and CRL distribution points; it never changes;
- `trust-root.pem`: the root certificate, for whoever wants to check signatures;
- `keys/<label>.pem`: the authority's own private keys (mode 0600), made at first start;
- `certs/<label>.pem`: every certificate, frozen when it was first made, so that restarts change nothing;
- `issued/<label>.json` and `.pub.pem`: what was certified for keys held elsewhere, with its revocation state.
"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

ARCHITECTURE = "chauban"
OWN_LABELS = ("root", "issuing", "ocsp-root", "ocsp-issuing", "tsa", "tsa-backup")
TSA_LABELS = ("tsa", "tsa-backup")


class TrustDataError(Exception):
    """The data folder is missing, belongs to another address, or an entry contradicts what was asked."""


@dataclass(frozen=True)
class Authority:
    """A data folder and the address it is served at."""

    data: Path
    base_url: str
    since: datetime

    @property
    def port(self) -> int:
        return int(self.base_url.rsplit(":", 1)[1])

    @property
    def root_file(self) -> Path:
        return self.data / "trust-root.pem"

    @property
    def tsa_urls(self) -> list[str]:
        """RFC 3161 addresses, in order of preference."""
        return [f"{self.base_url}/{ARCHITECTURE}/tsa/{label}" for label in TSA_LABELS]

    def certificate_file(self, label: str) -> Path:
        return self.data / "certs" / f"{label}.pem"

    def record_file(self, label: str) -> Path:
        return self.data / "issued" / f"{label}.json"

    def public_key_file(self, label: str) -> Path:
        return self.data / "issued" / f"{label}.pub.pem"


def create_authority(data: Path | str, port: int = 0) -> Authority:
    """Make the data folder at first start, open it afterwards.

    `port` 0 means the folder's own port or, at first start, a free one. Raises `TrustDataError` where the folder was
    made for another port: the certificates in use name the old address, and their status could no longer be asked for.
    """
    folder = Path(data)
    if (folder / "trust.json").exists():
        authority = open_authority(folder)
        if port not in (0, authority.port):
            raise TrustDataError(f"{folder} belongs to port {authority.port}; remove it to start anew on port {port}")
        return authority
    for name in ("keys", "certs", "issued"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for label in OWN_LABELS:
        _make_key(folder / "keys" / f"{label}.pem")
    since = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
    described = {"base_url": f"http://127.0.0.1:{port or _free_port()}", "since": since.isoformat()}
    write_atomically(folder / "trust.json", json.dumps(described, indent=1).encode())
    return open_authority(folder)


def open_authority(data: Path | str) -> Authority:
    """Open an existing data folder; raises `TrustDataError` if there is none."""
    folder = Path(data).resolve()
    try:
        described = json.loads((folder / "trust.json").read_text())
    except FileNotFoundError as error:
        raise TrustDataError(f"no development authority in {folder}; start infra.local.trust.server first") from error
    return Authority(folder, described["base_url"], datetime.fromisoformat(described["since"]))


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file so that a reader in another process sees all of it or none."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    temporary.replace(path)


def _make_key(path: Path) -> None:
    if path.exists():
        return
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_atomically(path, pem, 0o600)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
