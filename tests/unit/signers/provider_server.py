"""The development providers, running in a thread, and what the service's records say of them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chauban.signing.signers.calling import ProviderHttp
from chauban.signing.signers.remote import ToSign
from werkzeug.serving import make_server
from werkzeug.test import Client

from infra.local.providers.accounts import Accounts
from infra.local.providers.application import Providers
from infra.local.providers.keys import Keys

SECONDS = 1.0


@dataclass(frozen=True)
class Running:
    """The server's address, and what it holds."""

    url: str
    application: Providers
    keys: Keys
    accounts: Accounts

    def http(self, seconds: float = SECONDS) -> ProviderHttp:
        return ProviderHttp(seconds, plain=True)

    def become(self, provider: str, mood: str, at: str = "", times: int | None = None) -> None:
        told = {"provider": provider, "mood": mood, "at": at} | ({"times": times} if times else {})
        assert Client(self.application).put("/_/mood", json=told).status_code == 200

    def seen(self, provider: str) -> Mapping[str, int]:
        counts: Mapping[str, int] = Client(self.application).get("/_/seen").get_json()[provider]
        return counts


@contextmanager
def running_providers(data: Path, trust: Path) -> Iterator[Running]:
    """All providers on a free port of the loopback, until the block ends."""
    application = Providers.at(data, trust)
    server = make_server("127.0.0.1", 0, application, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield Running(f"http://127.0.0.1:{server.port}", application, Keys.at(data, trust), Accounts.at(data))
    finally:
        server.shutdown()
        server.server_close()


def to_sign(*digests: bytes) -> list[ToSign]:
    """Documents with these digests, numbered from 1."""
    return [ToSign(item, f"Quyết định (H57.40.01-261123-{item:04})", digest) for item, digest in enumerate(digests, 1)]
