"""The API itself. Requests and answers are held to their JSON Schemas; errors are `{"error", "error_description"}`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from infra.local.providers import shapes
from infra.local.providers.accounts import Accounts
from infra.local.providers.csc.authorising import authorised
from infra.local.providers.csc.credentials import MULTISIGN, PAGE, Shown
from infra.local.providers.csc.faults import Fault
from infra.local.providers.csc.pages import Pages
from infra.local.providers.csc.permissions import Permissions
from infra.local.providers.csc.signing import signed
from infra.local.providers.keys import Keys

_METHODS = ["info", "credentials/list", "credentials/info", "credentials/authorize", "signatures/signHash"]
_OAUTH = ["oauth2/authorize", "oauth2/token"]


class Csc:
    """One provider, versions 1 and 2 at once, over the same keys and authorisations."""

    def __init__(self, keys: Keys, accounts: Accounts) -> None:
        self.permissions = Permissions()
        self._accounts = accounts
        held = keys.of("csc")
        self._strangers = {key.holding.id: held[index - 1].chain_pem for index, key in enumerate(held)}
        self.credentials = {
            f"{key.holding.id}{suffix}": Shown(f"{key.holding.id}{suffix}", key, bool(suffix))
            for key in held
            for suffix in ("", PAGE)
        }
        self._pages = Pages(self.credentials, accounts, self.permissions)
        self._calls: dict[str, Callable[[str, Mapping[str, Any], Request, str], dict[str, Any]]] = {
            "info": self._info,
            "credentials/list": self._list,
            "credentials/info": self._credential,
            "credentials/authorize": self._authorise,
            "signatures/signHash": self._sign,
        }

    def answer(self, request: Request, path: str, mood: str) -> Response:
        """The answer to one request below `v1` or `v2`."""
        version, _, method = path.partition("/")
        if (version, method, request.method) == ("_", "granted", "GET"):
            return _json({"secrets": [*self.permissions.granted(), *self._pages.secret]})
        if version not in ("v1", "v2"):
            return _json({"error": "invalid_request"}, 404)
        try:
            if method.startswith("oauth2/"):
                return self._pages.answer(request, version, method, mood)
            return self._called(request, version, method, mood)
        except Fault as fault:
            told = fault.told()
            shapes.require(f"csc/{version}/error", told)
            return _json(told, fault.status)

    def _called(self, request: Request, version: str, method: str, mood: str) -> Response:
        if method not in self._calls or request.method != "POST":
            raise Fault("not_implemented_method", "The method is not implemented", 404)
        asked = request.get_json(silent=True)
        try:
            shapes.require(f"csc/{version}/{method}.request", asked)
        except shapes.Misshapen as wrong:
            raise Fault("invalid_request", str(wrong)) from wrong
        own_token = version == "v2" and method == "signatures/signHash" and "SAD" not in asked
        if method != "info" and not own_token and not self.permissions.may_call(_bearer(request)):
            raise Fault("invalid_token", "The token provided is not a valid OAuth access token", 401)
        told = self._calls[method](version, asked, request, mood)
        shapes.require(f"csc/{version}/{method}.answer", told)
        return _json({"unexpected": True} if mood == "misshapen" else told)

    def _info(self, version: str, asked: Mapping[str, Any], request: Request, _mood: str) -> dict[str, Any]:
        base = f"{request.host_url.rstrip('/')}{request.path.removesuffix('/info')}"
        told: dict[str, Any] = {
            "specs": "1.0.4.0" if version == "v1" else "2.0.0.2",
            "name": "Nhà cung cấp ký số từ xa (chỉ để phát triển)",
            "logo": f"{base}/logo.png",
            "region": "VN",
            "lang": asked.get("lang", "vi-VN"),
            "description": "Ký số từ xa",
            "authType": ["oauth2client"],
            "oauth2": base,
            "methods": _METHODS + _OAUTH + (["oauth2/pushed_authorize"] if version == "v2" else []),
        }
        if version == "v2":
            offered = sorted({each for shown in self.credentials.values() for each in shown.algorithms})
            told["signAlgorithms"] = {"algos": offered}
        return told

    def _list(self, version: str, asked: Mapping[str, Any], _request: Request, _mood: str) -> dict[str, Any]:
        ids = [shown.id for shown in self.credentials.values() if shown.person == asked.get("userID")]
        if not ids:
            raise Fault("invalid_request", "Invalid parameter userID")
        if version == "v2":
            return {"credentialIDs": ids}
        first, size = int(asked.get("pageToken", "0")), asked.get("maxResults", 2)
        told: dict[str, Any] = {"credentialIDs": ids[first : first + size]}
        return told | ({"nextPageToken": str(first + size)} if first + size < len(ids) else {})

    def _shown(self, asked: Mapping[str, Any]) -> Shown:
        shown = self.credentials.get(asked["credentialID"])
        if shown is None:
            raise Fault("invalid_request", "Invalid parameter credentialID")
        return shown

    def _credential(self, version: str, asked: Mapping[str, Any], _request: Request, mood: str) -> dict[str, Any]:
        shown = self._shown(asked)
        stranger = self._strangers[shown.key.holding.id]
        return shown.described(
            version,
            asked.get("certificates", "single"),
            info=asked.get("certInfo", False),
            auth=asked.get("authInfo", False),
            chain_pem=stranger if mood == "wrong-certificate" else shown.key.chain_pem,
        )

    def _authorise(self, version: str, asked: Mapping[str, Any], _request: Request, mood: str) -> dict[str, Any]:
        shown = self._shown(asked)
        if asked["numSignatures"] > MULTISIGN:
            raise Fault("invalid_request", "Numbers of signatures is too high")
        return authorised(version, shown, asked, self._accounts, self.permissions, mood)

    def _sign(self, version: str, asked: Mapping[str, Any], request: Request, mood: str) -> dict[str, Any]:
        sad = asked.get("SAD") or _bearer(request)
        return signed(version, self._shown(asked), asked, sad, self.permissions, mood)


def _bearer(request: Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _json(body: Mapping[str, object], status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
