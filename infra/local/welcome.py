"""What `make up` prints: where things are, who can log in, and how to get a token."""

from __future__ import annotations

import shlex
from typing import Any

from infra.local.folder import Folder


def text(description: dict[str, Any], folder: Folder) -> str:
    portal = description["clients"]["portal"]
    client = f"{portal['client_id']}:{portal['client_secret']}"
    token = (
        f"TOKEN=$(curl -s -u {shlex.quote(client)} -d grant_type=client_credentials "
        f"{description['issuer_url']}/token | python3 -c 'import json,sys; print(json.load(sys.stdin)[\"access_token\"])')"
    )
    call = f"curl -H \"Authorization: Bearer $TOKEN\" '{description['api_url']}/v1/procedures'"
    accounts = "\n".join(
        f"  {account['username']:<20} {account['password']:<18} {account['role']:<9} {account['name']}"
        for account in description["accounts"]
    )
    return f"""
API       {description["api_url"]}
login     {description["issuer_url"]}  (client `{description["clients"]["web"]["client_id"]}`, code + PKCE)
signing   {description["providers_url"]}  (development signing providers: docs/signing.md)
AWS       {description["aws_endpoint"]}  (region {description["region"]}; keys in {folder.description})
events    {description["subscriber"]["queue_url"]}
root      {description["trust_root"]}
logs      {folder.logs}

accounts (user, password, role, name):
{accounts}

a token for the portal, and a call:
  {token}
  {call}
"""


def environment(description: dict[str, Any]) -> dict[str, str]:
    """The variables of a shell that works on the stack as its administrator."""
    return {
        "AWS_ENDPOINT_URL": description["aws_endpoint"],
        "AWS_DEFAULT_REGION": description["region"],
        "AWS_ACCESS_KEY_ID": description["admin"]["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": description["admin"]["secret_access_key"],
        "FORMS_BUCKET": description["resources"]["FormsBucket"],
        "API": description["api_url"],
    }
