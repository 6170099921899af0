"""What the service's own records say of the development providers: providers, their secrets, and the officials' credentials."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from infra.local import drawings
from infra.local.accounts import PEOPLE
from infra.local.devices import validity
from infra.local.providers.accounts import Accounts
from infra.local.providers.csc.credentials import MULTISIGN, PAGE
from infra.local.providers.keys import HOLDINGS, Key, Keys
from infra.local.providers.smartca.service import serial_number

_ALGORITHMS = {"RSA": "RSA_PSS_SHA256", "P-256": "ECDSA_P256_SHA256", "P-384": "ECDSA_P384_SHA384"}
_CSC = {"csc-v1": ("v1", "explicit"), "csc-v2": ("v2", "oauth")}
_PHONES = ("smartca", "mysign")
_WAIT_SECONDS = 5


def secret_name(stage: str, provider: str) -> str:
    """The name in Secrets Manager."""
    return f"chauban-{stage}/providers/{provider}"


def providers(url: str, stage: str, accounts: Accounts) -> list[dict[str, Any]]:
    """One record for version 1 with PIN and one-time password, one for version 2 with its page, SmartCA, MySign."""
    csc, common = accounts.client("csc"), {"wait_seconds": _WAIT_SECONDS}
    told: list[dict[str, Any]] = [
        {
            "id": name,
            "kind": "csc",
            "base_url": f"{url}/csc/{api}",
            "api": api,
            "grant": grant,
            "client_id": csc["client_id"],
            "redirect_uri": csc["redirect_uri"],
            "secret_name": secret_name(stage, name),
            "most": MULTISIGN,
            "per_call": 50,
            **common,
        }
        for name, (api, grant) in _CSC.items()
    ]
    return told + [
        {
            "id": name,
            "kind": name,
            "base_url": f"{url}/{name}",
            "client_id": accounts.client(name)["client_id"],
            "secret_name": secret_name(stage, name),
            "most": MULTISIGN,
            "per_call": MULTISIGN,
            **common,
        }
        for name in _PHONES
    ]


def secrets(stage: str, accounts: Accounts) -> dict[str, dict[str, str]]:
    """The content of each secret by its name."""
    members = dict.fromkeys(_CSC, ("csc", "client_secret"))
    members |= {"smartca": ("smartca", "sp_password"), "mysign": ("mysign", "client_secret")}
    return {
        secret_name(stage, provider): {member: accounts.client(account)["client_secret"]}
        for provider, (account, member) in members.items()
    }


def credentials(keys: Keys) -> list[dict[str, Any]]:
    """A credential for every key and way to use it, as `chauban credentials load` takes them."""
    told = []
    for holding in HOLDINGS:
        key = keys.by_id[holding.id]
        if holding.provider == "csc":
            told += [_credential(key, "csc-v1", holding.id), _credential(key, "csc-v2", f"{holding.id}{PAGE}")]
        else:
            name = serial_number(key) if holding.provider == "smartca" else holding.id
            told.append(_credential(key, holding.provider, name))
    return told


@cache
def _picture(name: str) -> str:
    return base64.b64encode(drawings.signature(name)).decode()


def credential_id(provider: str, person: str, kind: str) -> str:
    """The id of a person's credential at a provider, by the key's type."""
    return f"cred-{provider}-{person}-{kind.lower()}"


def _credential(key: Key, provider: str, key_ref: str) -> dict[str, Any]:
    holding = key.holding
    person = next(person for person in PEOPLE if person.username == holding.person)
    # SmartCA's RSA keys are made for one padding.
    older = holding.provider == "smartca" and holding.type == "RSA"
    return {
        "id": credential_id(provider, person.username, holding.type),
        "person": person.username,
        "agency": None,
        "purpose": "sign",
        "kind": holding.provider,
        "key_ref": key_ref,
        "provider": provider,
        "account": person.username,
        "algorithm": "RSA_PKCS1_SHA256" if older else _ALGORITHMS[holding.type],
        "chain_pem": key.chain_pem,
        "appearance_png": _picture(person.name),
        **validity(key.chain_pem),
    }
