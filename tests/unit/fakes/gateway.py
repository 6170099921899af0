"""HTTP API events (payload format 2.0) as the gateway makes them, handed to the real handlers over the fakes."""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from chauban.dossiers.previewing import Previewing
from chauban.handlers import api, prefill, preview, signing_api
from chauban.services import DossierServices, PrefillServices, PreviewServices, SigningServices

from tests.unit.fakes.people import AN, KEYS
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World

ISSUER = "https://login.example"
SCOPES = {
    "portal": "dossiers:submit dossiers:submit-for",
    "citizen": "dossiers:submit dossiers:read results:read",
    "clerk-thuan-hoa": "dossiers:read dossiers:handle",
    "clerk-phu-xuan": "dossiers:read dossiers:handle",
    "records-thuan-hoa": "dossiers:read records",
    "records-phu-xuan": "dossiers:read records",
    "official-thuan-hoa": "signing",
    "official-phu-xuan": "signing",
}


class Context:
    """What a function is told of its own time: the deployed one's at the beginning of a request."""

    def get_remaining_time_in_millis(self) -> int:
        """Twenty seconds, always."""
        return 20_000


def claims(who: str, **changes: Any) -> dict[str, str]:
    """The claims of a token as the gateway passes them on: texts, with lists in brackets; None takes one out."""
    whole = {
        "iss": ISSUER,
        "sub": who,
        "aud": "[https://api.example]",
        "exp": "1.893456E9",
        "client_id": "portal" if who == "portal" else "web",
        "scope": f"[{SCOPES[who]}]",
        "acr": "loa3",
        "auth_time": str(int(MORNING.timestamp())),
        "SoDinhDanh": AN if who == "citizen" else None,
        "HoVaTen": "Nguyễn Thị An" if who == "citizen" else None,
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def event(
    method: str,
    path: str,
    body: Any = None,
    *,
    token: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    raw: bytes | None = None,
) -> dict[str, Any]:
    """A request; `raw` is a body of any bytes, which the gateway hands over in base64."""
    sent = {"content-type": "application/json", **{name.lower(): value for name, value in (headers or {}).items()}}
    context: dict[str, Any] = {
        "accountId": "000000000000",
        "apiId": "api",
        "domainName": "api.example",
        "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"},
        "requestId": "request-1",
        "routeKey": f"{method} {path}",
        "stage": "$default",
        "time": "23/Nov/2026:02:00:00 +0000",
        "timeEpoch": 1795399200000,
    }
    if token is not None:
        context["authorizer"] = {"jwt": {"claims": token, "scopes": None}}
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": context["routeKey"],
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": sent,
        "requestContext": context,
        "isBase64Encoded": raw is not None,
    }
    if query:
        made["queryStringParameters"] = query
    if raw is not None:
        made["body"] = b64encode(raw).decode()
    elif body is not None:
        made["body"] = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return made


class Invocation:
    """What a handler may ask of its invocation."""

    def get_remaining_time_in_millis(self) -> int:
        return 20_000


@dataclass(frozen=True)
class Answer:
    """What the gateway is given back."""

    status: int
    headers: dict[str, str]
    body: Any


class Gateway:
    """Calls the API's functions."""

    def __init__(self, world: World) -> None:
        self.world = world
        common = {"issuer": ISSUER, "clock": world.clock, "party_keys": KEYS}
        self.dossiers = DossierServices(
            sources=world.sources,
            **common,
            forms=world.forms,
            drafting=world.drafting,
            submission=world.submission,
            handling=world.handling,
            notices=world.notices,
            supplements=world.supplements,
            withdrawing=world.withdrawing,
            amending=world.amending,
            copies=world.copies,
            handing_over=world.handing_over,
            registers=world.register_desk,
            number_books=world.number_books,
            reading=world.reading,
            announcing=world.attaching.announcing,
            papers=world.attaching.papers,
        )
        making = (world.forms, world.catalogue, world.files, world.rights, world.renderer, world.clock, 300)
        self.previews = PreviewServices(**common, previewing=lambda: Previewing(*making))
        self.prefills = PrefillServices(**common, prefilling=lambda: world.prefilling)
        self.signing = SigningServices(
            **common,
            catalogue=world.catalogue,
            files=world.files,
            sessions=world.sessions,
            signatures=world.desk,
            authorisations=world.authorising,
            callbacks=world.callbacks,
            returning=world.returning,
            releasing=world.releasing,
            papers=world.attaching.papers,
            download_seconds=300,
        )

    def __call__(self, method: str, path: str, body: Any = None, *, who: str | None = None, **rest: Any) -> Answer:
        """Sends a request; `who` logs in as somebody, `token` gives the claims themselves."""
        token = rest.pop("token", claims(who) if who else None)
        return self.send(event(method, path, body, token=token, **rest))

    def send(self, request: dict[str, Any]) -> Answer:
        """Sends an event as it is."""
        answer = function_of(request["rawPath"]).handler(request, Invocation())  # type: ignore[arg-type]
        headers = dict(answer.get("headers", {}))
        text = answer.get("body")
        return Answer(answer["statusCode"], headers, json.loads(text) if text else None)


def function_of(path: str) -> Any:
    """The module of the function that the gateway routes a path to."""
    if path.startswith(("/v1/signing", "/v1/sealing")):
        return signing_api
    return {"previews": preview, "prefills": prefill, "take-back": signing_api}.get(path.rsplit("/", 1)[-1], api)
