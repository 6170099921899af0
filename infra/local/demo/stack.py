"""What a client has to know about the running stack, read from its `stack.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class StackUnavailable(Exception):
    """The description of the stack is absent or lacks something."""


@dataclass(frozen=True)
class Account:
    """One person who can log in."""

    username: str
    password: str
    role: str
    name: str
    agency: str | None


@dataclass(frozen=True)
class Subscriber:
    """The subscriber's queue and the access key of its own IAM user."""

    queue_url: str
    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True)
class DeviceFile:
    """Where an official's device keeps its private key (PEM), and which credential that key belongs to."""

    key: Path
    credential: str


@dataclass(frozen=True)
class Stack:
    """Addresses, accounts and keys of the clients; nothing of the service's inside."""

    logs: Path
    api_url: str
    issuer_url: str
    aws_endpoint: str
    region: str
    audience: str
    trust_root: Path
    subscriber: Subscriber
    accounts: tuple[Account, ...]
    clients: Mapping[str, Mapping[str, Any]]
    devices: Mapping[str, DeviceFile]

    @classmethod
    def read(cls, path: Path) -> Stack:
        """Read the description; raises `StackUnavailable` with the reason."""
        try:
            described = json.loads(path.read_text(encoding="utf-8"))
            return cls._from(described, path.resolve().parent)
        except FileNotFoundError as missing:
            raise StackUnavailable(f"{path} does not exist") from missing
        except (json.JSONDecodeError, KeyError, TypeError) as broken:
            raise StackUnavailable(f"{path} cannot be used: {type(broken).__name__} {broken}") from broken

    @classmethod
    def _from(cls, described: Mapping[str, Any], folder: Path) -> Stack:
        return cls(
            logs=folder / described.get("logs", "logs"),
            api_url=described["api_url"].rstrip("/"),
            issuer_url=described["issuer_url"].rstrip("/"),
            aws_endpoint=described["aws_endpoint"],
            region=described["region"],
            audience=described["audience"],
            trust_root=folder / described["trust_root"],
            subscriber=Subscriber(
                **{key: described["subscriber"][key] for key in ("queue_url", "access_key_id", "secret_access_key")}
            ),
            accounts=tuple(
                Account(a["username"], a["password"], a["role"], a["name"], a.get("agency"))
                for a in described["accounts"]
            ),
            clients=described["clients"],
            devices={
                person: DeviceFile(folder / device["key"], device["credential"])
                for person, device in described["devices"].items()
            },
        )

    def account(self, username: str) -> Account:
        """The account of that name; `KeyError` if there is none."""
        for account in self.accounts:
            if account.username == username:
                return account
        raise KeyError(username)

    def of_role(self, role: str, agency: str | None = None) -> tuple[Account, ...]:
        """All accounts of a role, of one agency if given."""
        return tuple(a for a in self.accounts if a.role == role and agency in (None, a.agency))
