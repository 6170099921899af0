"""`python -m infra.local.trust.server --data DIR --port N`: OCSP, CRLs, CA certificates and time stamps on loopback.

SIGTERM and Ctrl-C stop it cleanly; a restart continues with the same authority.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request

from infra.local.trust import configuration
from infra.local.trust.authority import ARCHITECTURE, Authority, TrustDataError, create_authority

Stamp = frozenset[tuple[str, int]]


class _WholeSeconds(Animator):
    """OCSP and CRL times carry no fractions of a second (RFC 6960, 4.2.2.1; RFC 5280, 4.1.2.5.2)."""

    def at_time(self, request: Request) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)


class TrustApplication:
    """WSGI application that follows the data folder: what was issued or revoked since is known at the next request."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._animator: Animator | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer: Iterable[bytes] = self._current()(environ, start_response)
        return answer

    def _current(self) -> Animator:
        with self._lock:
            records = (self._authority.data / "issued").glob("*.json")
            stamp = frozenset((path.name, path.stat().st_mtime_ns) for path in records)
            if self._animator is None or stamp != self._stamp:
                store = AnimatorArchStore({ArchLabel(ARCHITECTURE): configuration.build(self._authority)})
                self._animator = _WholeSeconds(store, with_web_ui=False, allow_time_override=False)
                self._stamp = stamp
            return self._animator


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are not logged: a stack makes hundreds, and failures show where they are asked."""


def make_trust_server(data: Path | str, port: int = 0) -> tuple[Authority, BaseWSGIServer]:
    """The authority and a server bound to its port, for `serve_forever()` in the caller's thread of choice."""
    authority = create_authority(data, port)
    configuration.freeze_own(authority)
    application = TrustApplication(authority)
    server = make_server("127.0.0.1", authority.port, application, threaded=True, request_handler=_QuietHandler)
    return authority, server


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.trust.server", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="data folder, made at first start")
    parser.add_argument("--port", type=int, default=0, help="loopback port; fixed by the first start")
    options = parser.parse_args(arguments)
    try:
        authority, server = make_trust_server(options.data, options.port)
    except TrustDataError as error:
        parser.exit(2, f"{error}\n")

    def stop(_number: int, _frame: object) -> None:
        # shutdown() waits for serve_forever(), which runs in this very thread.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"trust services ready at {authority.base_url}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
