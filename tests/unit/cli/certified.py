"""Certificates for keys of the tests, and the command that takes them in."""

import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.local.trust import issue_certificate
from tests.unit.cli.conftest import Shell


def issued(shell: Shell, public: Any, name: str = "Ủy ban nhân dân phường Thuận Hóa", **more: Any) -> Path:
    """The chain of a certificate for a public key, as an authority sends it."""
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    label = f"certified-{secrets.token_hex(4)}"
    chain = issue_certificate(shell.world.authority.data, label, name, pem, "seal", **more)
    return shell.file(f"{label}.pem", chain.encode())


def on_device(shell: Shell, name: str, **more: Any) -> Path:
    return issued(shell, ec.generate_private_key(ec.SECP256R1()).public_key(), name, **more)


def imported(shell: Shell, picture: Path, chain: Path, *more: str | Path) -> tuple[int, str, str]:
    places = ("--table", "chauban", "--bucket", "forms", "--appearance", picture, "--roots", shell.roots)
    return shell("credentials", "import", *places, "--certificates", chain, *more)
