"""Tokens that the issuer would never give: made with its key file, which only these tests read."""

from __future__ import annotations

import json
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.integration.running_stack import RunningStack


def claims_of(stack: RunningStack, **changes: Any) -> dict[str, Any]:
    """The claims of a good token of `citizen-a`; a change to None leaves a claim out."""
    now = int(time.time())
    claims = {
        "iss": stack.description["issuer_url"],
        "aud": stack.description["audience"],
        "sub": "citizen-a",
        "client_id": "web",
        "scope": "dossiers:submit dossiers:read results:read",
        "acr": "loa3",
        "auth_time": now - 60,
        "iat": now - 60,
        "exp": now + 600,
        "jti": "made-by-a-test",
        "SoDinhDanh": "046194000017",
        "HoVaTen": "Nguyễn Thị Hương Giang",
    } | changes
    return {name: value for name, value in claims.items() if value is not None}


def mint(stack: RunningStack, *, key: RSAKey | None = None, typ: str = "at+jwt", **changes: Any) -> str:
    """A signed token; `key` defaults to the issuer's own."""
    own = RSAKey.import_key(json.loads((stack.stack.folder.issuer / "key.json").read_text()))
    header = {"alg": "RS256", "typ": typ, "kid": own.kid}
    return jwt.encode(header, claims_of(stack, **changes), key or own)
