"""The server: each provider below its own path, and `PUT /_/mood`, `GET /_/seen` for whoever tries things out.

`PUT /_/mood {"provider": "csc", "mood": "late", "at": "signHash", "times": 1}`; `at` and `times` may be left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from werkzeug.wrappers import Request, Response

from infra.local.providers.accounts import Accounts
from infra.local.providers.csc import Csc
from infra.local.providers.keys import Keys
from infra.local.providers.moods import MOODS, ON_THE_LINE, Mood
from infra.local.providers.mysign import MySign
from infra.local.providers.smartca import SmartCa


class Served(Protocol):
    """One provider; `path` is what follows its own (`v1/credentials/list`), `mood` one that is not the line's."""

    def answer(self, request: Request, path: str, mood: str) -> Response: ...


class Providers:
    """A WSGI application over the providers by their first path segment."""

    def __init__(self, served: Mapping[str, Served]) -> None:
        self._served = served
        self.moods = {name: Mood() for name in served}

    @classmethod
    def at(cls, data: Path, trust: Path) -> Providers:
        """All providers, with keys and accounts in `data` and certificates from the authority in `trust`; all are kept."""
        return cls(_providers(Keys.at(data, trust), Accounts.at(data)))

    def served(self, name: str) -> Served:
        """A provider itself, for whoever is in the same process."""
        return self._served[name]

    def __call__(self, environment: Any, start: Any) -> Any:
        return self._answer(Request(environment))(environment, start)

    def _answer(self, request: Request) -> Response:
        if request.path == "/_/mood" and request.method == "PUT":
            return self._become(request.get_json())
        if request.path == "/_/seen" and request.method == "GET":
            return _json({name: dict(mood.seen) for name, mood in self.moods.items()})
        name, _, path = request.path.lstrip("/").partition("/")
        served = self._served.get(name)
        if served is None:
            return _json({"error": "not here"}, 404)
        mood = self.moods[name].for_call(path)
        if line := ON_THE_LINE.get(mood):
            return line(lambda: served.answer(request, path, "good"))
        return served.answer(request, path, mood)

    def _become(self, wanted: Mapping[str, Any]) -> Response:
        if wanted.get("provider") not in self.moods or wanted.get("mood") not in MOODS:
            return _json({"error": "unknown provider or mood", "moods": MOODS}, 422)
        self.moods[wanted["provider"]].become(wanted["mood"], wanted.get("at", ""), wanted.get("times"))
        return _json({"mood": wanted["mood"]})


def _providers(keys: Keys, accounts: Accounts) -> dict[str, Served]:
    return {"csc": Csc(keys, accounts), "smartca": SmartCa(keys, accounts), "mysign": MySign(keys, accounts)}


def _json(body: Mapping[str, object], status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
