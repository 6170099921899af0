"""`python -m infra.local.providers --port N --data DIR --trust DIR`: serve the signing providers until SIGTERM."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from infra.local.providers.application import Providers


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Not logged: a provider's paths and codes are secrets of its customers'."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local.providers", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="keys and accounts, made at the first start")
    parser.add_argument("--trust", type=Path, required=True, help="the development authority's data folder")
    options = parser.parse_args()
    application = Providers.at(options.data, options.trust)
    server = make_server("127.0.0.1", options.port, application, threaded=True, request_handler=_QuietHandler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
