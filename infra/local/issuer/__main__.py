"""`python -m infra.local.issuer --data DIR --port N --audience URL`: serve logins on the loopback until SIGTERM.

DIR holds `accounts.json`, `clients.json` and, made at the first start, `key.json` (a private JWK); all three are
readable by their owner alone.
"""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

from infra.local.folder import write_secret
from infra.local.issuer.application import make_application
from infra.local.issuer.grants import ALGORITHM
from infra.local.issuer.people import Client, User


def signing_keys(data: Path) -> KeySet:
    path = data / "key.json"
    if not path.exists():
        key = RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        write_secret(path, json.dumps(key.as_dict(private=True)))
    return KeySet([RSAKey.import_key(json.loads(path.read_text()))])


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Not logged: the authorization request would put codes and states into a file."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local.issuer", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--audience", required=True)
    options = parser.parse_args()
    accounts = json.loads((options.data / "accounts.json").read_text(encoding="utf-8"))
    known = ("username", "password", "name", "scope", "claims")
    users = {account["username"]: User(**{name: account[name] for name in known}) for account in accounts}
    clients = json.loads((options.data / "clients.json").read_text(encoding="utf-8"))
    application = make_application(
        f"http://127.0.0.1:{options.port}",
        options.audience,
        signing_keys(options.data),
        users,
        {name: Client(**client) for name, client in clients.items()},
    )
    server = make_server("127.0.0.1", options.port, application, threaded=True, request_handler=_QuietHandler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
