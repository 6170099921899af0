"""SmartCA and MySign as the service's records describe them, with a holder who answers on the phone."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.providers import Provider
from chauban.signing.signers.calling import HttpCall
from chauban.signing.signers.mysign import MySignSigner
from chauban.signing.signers.phone import PhoneSigner
from chauban.signing.signers.remote import Given, Pending, Signed, ToSign
from chauban.signing.signers.smartca import SmartCaSigner
from werkzeug.test import Client

from infra.local.providers.keys import Key
from infra.local.providers.smartca.service import serial_number
from tests.unit.signers.csc import TYPES
from tests.unit.signers.documents import credential_at
from tests.unit.signers.provider_server import Running

# A machine under load is no fault of the provider's.
UNHURRIED = 10.0
CLASSES: dict[str, type[PhoneSigner]] = {"smartca": SmartCaSigner, "mysign": MySignSigner}
SECRETS = {"smartca": "sp_password", "mysign": "client_secret"}
# SmartCA's RSA keys are made for one padding.
ALGORITHMS = {
    "smartca": [Algorithm.RSA_PKCS1_SHA256, Algorithm.ECDSA_P256_SHA256, Algorithm.ECDSA_P384_SHA384],
    "mysign": list(Algorithm),
}


def _present() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Phone:
    """One of the two providers."""

    running: Running
    name: str

    def provider(self, **changes: object) -> Provider:
        values = {
            "id": f"{self.name}-thu",
            "kind": SignerKind(self.name),
            "base_url": f"{self.running.url}/{self.name}",
            "client_id": self.running.accounts.client(self.name)["client_id"],
            "secret_name": f"chauban-local-provider-{self.name}",
            "per_call": 500,
            "wait_seconds": 1,
        }
        return Provider.model_validate({**values, **changes})

    def secret(self, **changes: str) -> dict[str, str]:
        return {SECRETS[self.name]: self.running.accounts.client(self.name)["client_secret"], **changes}

    def signer(
        self,
        secret: dict[str, str] | None = None,
        *,
        now: Callable[[], datetime] = _present,
        http: HttpCall | None = None,
        **changes: object,
    ) -> PhoneSigner:
        kept = self.secret() if secret is None else secret
        return CLASSES[self.name](self.provider(**changes), kept, http or self.running.http(UNHURRIED), now=now)

    def key(self, algorithm: Algorithm) -> Key:
        return next(key for key in self.running.keys.of(self.name) if key.holding.type == TYPES[algorithm])

    def credential(self, algorithm: Algorithm | None = None, **changes: object) -> Credential:
        used = algorithm or ALGORITHMS[self.name][-1]
        key = self.key(used)
        values = {
            "key_ref": serial_number(key) if self.name == "smartca" else key.holding.id,
            "provider": f"{self.name}-thu",
            "account": key.holding.person,
            "person": key.holding.person,
        }
        return credential_at(SignerKind(self.name), used, key.chain_pem, **{**values, **changes})

    def answers_in(self, seconds: float | None) -> None:
        self._switch("phone", {"seconds": seconds})

    def calls_back(self, url: str | None) -> None:
        self._switch("callback", {"url": url})

    def _switch(self, what: str, wanted: dict[str, Any]) -> None:
        assert Client(self.running.application).put(f"/{self.name}/_/{what}", json=wanted).status_code == 200


def begun(signer: PhoneSigner, credential: Credential, documents: Sequence[ToSign]) -> Pending:
    """A transaction that waits for the phone."""
    told = signer.sign(credential, documents, signer.authorise(credential, documents, Given()))
    assert isinstance(told, Pending)
    return told


def collected(signer: PhoneSigner, credential: Credential, documents: Sequence[ToSign], pending: Pending) -> Signed:
    """The values, asked for until they are there, as the worker asks."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        told = signer.collect(credential, documents, pending)
        if isinstance(told, Signed):
            return told
        pending = told
        time.sleep(0.05)
    raise AssertionError("the holder never answered")


def values_by_phone(signer: PhoneSigner, credential: Credential, documents: Sequence[ToSign]) -> dict[int, bytes]:
    """Handing over, confirmation, fetching."""
    return dict(collected(signer, credential, documents, begun(signer, credential, documents)).values)
