"""The data folder of an embedded stack and the ports it uses."""

from __future__ import annotations

import json
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
REGION = "ap-southeast-1"
ACCOUNT = "000000000000"


def write_secret(path: Path, content: str) -> None:
    """Write a file that only its owner can read; readers see the old content or the new, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    temporary.replace(path)


def _free_port() -> int:
    """Below the range from which the system takes ports for outgoing connections, so that it stays free."""
    while True:
        port = 20000 + secrets.randbelow(12000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@dataclass(frozen=True)
class Folder:
    """Where one embedded stack keeps what it must remember. Removing the folder removes the stack."""

    root: Path

    @property
    def description(self) -> Path:
        """What clients read while the stack runs: URLs, accounts, resources."""
        return self.root / "stack.json"

    @property
    def process_file(self) -> Path:
        return self.root / "up.pid"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def trust(self) -> Path:
        return self.root / "trust"

    @property
    def issuer(self) -> Path:
        return self.root / "issuer"

    @property
    def devices(self) -> Path:
        """The officials' signing devices: nothing of the service ever reads here."""
        return self.root / "devices"

    @property
    def providers(self) -> Path:
        """The signing providers' keys and accounts: they are other firms', and nothing of the service reads here."""
        return self.root / "providers"

    @property
    def emulator(self) -> Path:
        return self.root / "aws"

    def port(self, name: str) -> int:
        """A free loopback port, the same one at every start (URLs are in tokens, certificates and printed links)."""
        path = self.root / "ports.json"
        ports: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
        if name not in ports:
            ports[name] = _free_port()
            write_secret(path, json.dumps(ports))
        return ports[name]

    def remembered(self, name: str, make: Any) -> Any:
        """The JSON value made at the first start and kept in `<name>.json`, readable by the owner alone."""
        path = self.root / f"{name}.json"
        if not path.exists():
            write_secret(path, json.dumps(make(), indent=2))
        return json.loads(path.read_text(encoding="utf-8"))
