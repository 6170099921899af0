"""The server itself: `POST /lookups` answers as the database would; `PUT /mood` makes it refuse, be late, or talk nonsense."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

REQUEST_MEMBERS = {"HoVaTen", "SoDinhDanh", "MaDVC", "MaCanBo", "MaYeuCau"}
LATE_SECONDS = 8.0


class Population:
    """A WSGI application. `seen` keeps officer, service and request id of each look-up, never name or number."""

    def __init__(self, people: Mapping[str, Mapping[str, object]]) -> None:
        self._people = people
        self._mood = "good"
        self.seen: list[dict[str, str]] = []
        self._moods: dict[str, Callable[[Mapping[str, Any]], Response]] = {
            "good": self._found,
            "refusing": lambda _asked: _json({"loi": "Không có quyền tra cứu"}, 403),
            "late": self._late,
            "garbage": lambda _asked: Response("<html>503 đang bảo trì</html>", 200, mimetype="text/html"),
            "misshapen": lambda asked: _json({**self._record(asked), "NgayThangNamSinh": "mùa xuân"}),
            "stranger": lambda asked: _json({**self._record(asked), "HoVaTen": "NGƯỜI KHÁC"}),
            "failing": lambda _asked: _json({"loi": "Lỗi hệ thống"}, 500),
            "dripping": lambda _asked: Response(_drops(), 200, mimetype="application/json"),
            "endless": lambda _asked: Response("x" * 2_000_000, 200, mimetype="application/json"),
        }

    def __call__(self, environment: Any, start: Any) -> Any:
        request = Request(environment)
        return self._answer(request)(environment, start)

    def _answer(self, request: Request) -> Response:
        if (request.method, request.path) == ("POST", "/lookups"):
            return self._look_up(request)
        if (request.method, request.path) == ("PUT", "/mood"):
            mood = str(request.get_json()["mood"])
            if mood not in self._moods:
                return _json({"loi": "unknown mood"}, 422)
            self._mood = mood
            return _json({"mood": mood})
        if (request.method, request.path) == ("GET", "/seen"):
            return _json({"seen": self.seen})
        return _json({"loi": "not here"}, 404)

    def _look_up(self, request: Request) -> Response:
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            return _json({"loi": "Thiếu mã truy cập"}, 401)
        asked = request.get_json()
        if not isinstance(asked, dict) or set(asked) != REQUEST_MEMBERS:
            return _json({"loi": "Sai cấu trúc yêu cầu"}, 422)
        self.seen.append({name: asked[name] for name in ("MaDVC", "MaCanBo", "MaYeuCau")})
        return self._moods[self._mood](asked)

    def _record(self, asked: Mapping[str, Any]) -> Mapping[str, object]:
        known = self._people.get(asked["SoDinhDanh"], {})
        return known if known.get("HoVaTen") == asked["HoVaTen"] else {}

    def _found(self, asked: Mapping[str, Any]) -> Response:
        known = self._record(asked)
        return _json(known) if known else _json({"loi": "Không tìm thấy công dân"}, 404)

    def _late(self, asked: Mapping[str, Any]) -> Response:
        time.sleep(LATE_SECONDS)
        return self._found(asked)


def _drops() -> Iterator[str]:
    """An answer that never ends and never stops coming."""
    while True:
        yield " "
        time.sleep(0.1)


def _json(body: Mapping[str, object], status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
