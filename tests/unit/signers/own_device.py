"""An official with a key on a device of her own, at the real API over the real engine; stores are in memory, trust services run."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from chauban.adapters.raw_signatures import read_certificate, verify_raw
from chauban.documents.requests import RenderedDocument, RenderRequest
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.handlers import signing_api
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Purpose
from chauban.signing.policy import SigningPolicy
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from infra.local.demo.device import Device
from infra.local.trust import issue_certificate
from tests.unit.fakes.catalogue import credential
from tests.unit.fakes.gateway import Answer, Gateway, claims
from tests.unit.fakes.world import World, result_of
from tests.unit.signers.documents import PrivateKey, key_for
from tests.unit.signing.world import InterceptedFetch, handwriting
from tests.unit.signing.world import World as Trust

OFFICIAL, NAME, CREDENTIAL = "official-thuan-hoa", "Hoàng Minh Đức", "cred-official-thuan-hoa"
Json = dict[str, Any]


class _Engine:
    """The real engine of a desk, as the network is at that moment."""

    def __init__(self, desk: "DeviceDesk") -> None:
        self._desk = desk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk.trust.engine(self._desk.fetch), name)


class _Given:
    """A renderer whose every document is the given one."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf

    def render(self, _request: RenderRequest) -> RenderedDocument:
        return RenderedDocument(self._pdf, sha256(self._pdf).hexdigest(), 1, "f0" * 32)


class DeviceDesk:
    """What the official's browser and device do, and the worker behind them; `fetch` is the network that the worker has."""

    def __init__(
        self, trust: Trust, pdf: bytes, label: str, algorithm: Algorithm = Algorithm.ECDSA_P256_SHA256
    ) -> None:
        self.trust, self.label, self.algorithm = trust, label, algorithm
        self.fetch: InterceptedFetch | None = None
        self.world, self.key = World(), key_for(algorithm)
        self.chain = self.certified(label, self.key)
        self._real_parts(pdf)
        self.record(self.chain)
        self.device = self.device_with(self.key, self.chain)
        self.call = Gateway(self.world)

    def _real_parts(self, pdf: bytes) -> None:
        world = self.world
        policy = SigningPolicy(world.catalogue, read_certificate)
        world.files.appearance = lambda _key: handwriting()  # type: ignore[method-assign]
        world.making = replace(world.making, renderer=_Given(pdf))
        world.sessions = replace(world.sessions, policy=policy)
        world.desk = replace(world.desk, verify=verify_raw, policy=policy)
        world.official = replace(world.official, engine=_Engine(self), policy=policy)

    def certified(self, label: str, key: PrivateKey, name: str = NAME) -> str:
        """The chain of a certificate in the official's name, or another."""
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return issue_certificate(self.trust.authority.data, label, name, public, "official")

    def record(self, chain: str) -> None:
        """The official's credential has this chain."""
        known = credential(CREDENTIAL, OFFICIAL, Purpose.SIGN, chain_pem=chain, algorithm=self.algorithm)
        self.world.catalogue.put_credential(known)

    def device_with(self, key: PrivateKey, chain: str) -> Device:
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return Device(pem, chain.encode())

    # The official, over the API -------------------------------------------------------------------------------------------

    def ask(self, method: str, path: str, body: Json | None = None, language: str = "vi") -> Answer:
        now = str(int(self.world.clock.now().timestamp()))
        headers = {"Idempotency-Key": self.world.ids.new(), "Accept-Language": language}
        token = claims(OFFICIAL, auth_time=now)
        return self.call(method, path, body, token=token, headers=headers)

    def waiting(self, count: int = 1) -> list[Dossier]:
        """Dossiers whose results wait for the official, at the moment that the trust services live in."""
        made = [self.world.awaiting_signature() for _ in range(count)]
        self.world.clock.moment = max(self.world.clock.moment, datetime.now(UTC).replace(microsecond=0))
        return made

    def opened(self, *dossiers: Dossier) -> str:
        body = {"tasks": [result_of(dossier).id for dossier in dossiers], "credential": CREDENTIAL}
        answer = self.ask("POST", "/v1/signing/sessions", body)
        assert answer.status == 202, answer.body
        return str(answer.body["id"])

    def prepared(self, *dossiers: Dossier) -> Json:
        """A session whose items the worker has prepared; each at a moment of its own."""
        session = self.opened(*dossiers)
        for item in range(1, len(dossiers) + 1):
            self.world.official.prepare(session, item)
            self.world.clock.forward(seconds=1)
        return self.shown(session)

    def shown(self, session: str) -> Json:
        found: Json = self.ask("GET", f"/v1/signing/sessions/{session}").body
        return found

    def item(self, session: Json | str, item: int = 1) -> Json:
        """One item as the session shows it now."""
        found = self.shown(session if isinstance(session, str) else session["id"])
        return next(one for one in found["items"] if one["item"] == item)

    def file(self, session: Json, item: Json) -> bytes:
        """What the official is shown: the bytes behind the link."""
        link = self.ask("GET", f"/v1/signing/sessions/{session['id']}/items/{item['item']}/document").body
        key = link["url"].partition("https://work.example/")[2].partition("?")[0]
        return self.world.files.stored["work", key]

    def value(self, session: Json, item: int = 1) -> str:
        """What the device makes of an item after it looked at the file."""
        wanted = next(one for one in session["items"] if one["item"] == item)
        attributes, digest = b64decode(wanted["signed_attributes"]), b64decode(wanted["digest"])
        self.device.examine(self.file(session, wanted), wanted["document_sha256"], attributes, digest)
        return b64encode(self.device.sign(digest, wanted["algorithm"])).decode()

    def hand_in(self, session: Json, *values: str, language: str = "vi") -> Answer:
        """The values for the session's items, in their order."""
        body = {"signatures": [{"item": place, "signature": value} for place, value in enumerate(values, start=1)]}
        return self.ask("POST", f"/v1/signing/sessions/{session['id']}/signatures", body, language)

    # The worker, and what came of it --------------------------------------------------------------------------------------

    def embed(self, session: Json, item: int = 1) -> None:
        self.world.official.embed(session["id"], item)

    def result(self, dossier: Dossier) -> bytes:
        """The newest state of the dossier's result."""
        current = result_of(self.world.store.load(dossier.id)).current
        assert current
        return self.world.files.read(current)

    def accepted(self, dossier: Dossier) -> int:
        """How many values were accepted for the dossier's result."""
        facts = self.world.store.load(dossier.id).facts
        return sum(fact.type is FactType.SIGNATURE_ACCEPTED for fact in facts)

    def signed(self, dossier: Dossier) -> bytes:
        """The result after the whole way, in a session of its own: nothing was stuck."""
        session = self.prepared(dossier)
        assert session["status"] == "ready", json.dumps(session["items"])
        answer = self.hand_in(session, self.value(session))
        assert answer.status == 202, answer.body
        self.embed(session)
        assert self.item(session)["status"] == "signed"
        return self.result(dossier)


@contextmanager
def desk_at_the_api(desk: DeviceDesk, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeviceDesk]:
    """The handlers have the desk's services in the place of what bootstrap makes."""
    monkeypatch.setattr(signing_api, "signing_services", lambda: desk.call.signing)
    signing_api.app.cache_clear()
    try:
        yield desk
    finally:
        signing_api.app.cache_clear()
