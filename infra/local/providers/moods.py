"""How a provider behaves. Some moods are the line's, the same for all (`ON_THE_LINE`); the others each provider plays itself.

| mood | what happens |
|---|---|
| good | as documented |
| refusing | the holder says no, or the PIN or one-time password is wrong |
| timing-out | no answer while anybody waits |
| late | what was asked is done, the answer comes too late |
| twice | the answer, or the call back, comes twice |
| garbage | something that is not JSON |
| misshapen | JSON of another shape |
| endless, dripping | an answer without an end, and one that comes drop by drop |
| wrong-signature | values over something else |
| wrong-certificate | values by another key than the certificate's |
| expired-sad | the authorisation is over before it can be used |
| down | a fault of the provider's own |
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from werkzeug.wrappers import Response

MOODS = (
    "good",
    "refusing",
    "timing-out",
    "late",
    "twice",
    "garbage",
    "misshapen",
    "endless",
    "dripping",
    "wrong-signature",
    "wrong-certificate",
    "expired-sad",
    "down",
)
LATE_SECONDS = 8.0
NEVER_SECONDS = 60.0


@dataclass
class Mood:
    """One provider's mood: `at` limits it to paths that end so, `times` to as many calls (None: until told otherwise)."""

    name: str = "good"
    at: str = ""
    times: int | None = None
    seen: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def become(self, name: str, at: str = "", times: int | None = None) -> None:
        with self._lock:
            self.name, self.at, self.times = name, at, times

    def for_call(self, path: str) -> str:
        """The mood in which this call is answered; counts it."""
        with self._lock:
            self.seen[path] += 1
            if self.name == "good" or not path.endswith(self.at) or self.times == 0:
                return "good"
            if self.times is not None:
                self.times -= 1
            return self.name


def _late(answer: Callable[[], Response]) -> Response:
    done = answer()
    time.sleep(LATE_SECONDS)
    return done


def _never(_answer: Callable[[], Response]) -> Response:
    time.sleep(NEVER_SECONDS)
    return Response("", 504)


def _drops() -> Iterator[bytes]:
    while True:
        yield b" "
        time.sleep(0.1)


ON_THE_LINE: dict[str, Callable[[Callable[[], Response]], Response]] = {
    "late": _late,
    "timing-out": _never,
    "garbage": lambda _answer: Response("<html>Hệ thống đang bảo trì</html>", 200, mimetype="text/html"),
    "endless": lambda _answer: Response("x" * 20_000_000, 200, mimetype="application/json"),
    "dripping": lambda _answer: Response(_drops(), 200, mimetype="application/json"),
    "down": lambda _answer: Response("", 503),
}
