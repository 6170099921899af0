"""`python -m infra.local.registry --port N`: serve the demo's population database on the loopback until SIGTERM."""

from __future__ import annotations

import argparse
import signal
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from infra.local.registry.application import Population
from infra.local.registry.people import population


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Not logged: who was looked up is nobody's business."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local.registry", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    application = Population(population())
    server = make_server("127.0.0.1", options.port, application, threaded=True, request_handler=_QuietHandler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
