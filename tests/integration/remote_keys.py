"""Officials whose keys are at a signing provider: what they type, what their phones and the provider's page do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from infra.local.providers.accounts import Accounts
from infra.local.providers.records import credential_id
from tests.integration.journey import WARD, Journey, Json, good, key
from tests.integration.running_stack import RunningStack, eventually

CSC_PIN, CSC_PAGE, SMARTCA, MYSIGN = "csc-v1", "csc-v2", "smartca", "mysign"
FINAL = {"done", "cancelled", "expired"}


def drafted(stack: RunningStack, count: int) -> list[Journey]:
    """Dossiers whose decisions are drafted, made by a few people at once."""

    def one(_number: int) -> Journey:
        journey = Journey(stack)
        journey.file()
        journey.receive()
        journey.draft()
        return journey

    with ThreadPoolExecutor(4) as people:
        return list(people.map(one, range(count)))


def tasks_of(
    stack: RunningStack,
    journeys: Sequence[Journey],
    seconds: float = 120,
    *,
    person: str = f"official-{WARD}",
    agency: str | None = None,
) -> list[str]:
    """The tasks of these dossiers, once all are in the official's list of the agency (without one: the official's own)."""
    wanted = {journey.id for journey in journeys}
    official, own = stack.api(person), {"limit": 100} | ({"agency": agency} if agency else {})

    def all_there() -> list[str] | None:
        found, cursor = {}, None
        while True:
            asked = own | ({"cursor": cursor} if cursor else {})
            page = good(official.get("/v1/signing/tasks", params=asked))
            found |= {one["dossier"]["id"]: one["id"] for one in page["items"] if one["dossier"]["id"] in wanted}
            cursor = page["cursor"]
            if cursor is None:
                break
        return list(found.values()) if len(found) == len(wanted) else None

    return eventually(all_there, seconds=seconds, what="the tasks in the official's list")


@dataclass
class RemoteSession:
    """A session of the ward's official with a key at a provider, by the stack's credential for it unless another is named;
    `typed` are the secrets that were sent."""

    stack: RunningStack
    provider: str
    kind: str = "RSA"
    id: str = ""
    ward: str = WARD
    typed: list[str] = field(default_factory=list)
    credential: str = ""

    @property
    def person(self) -> str:
        return f"official-{self.ward}"

    @property
    def path(self) -> str:
        return f"/v1/signing/sessions/{self.id}"

    def open(self, tasks: Sequence[str], seconds: float = 60) -> Json:
        """Opened, and waited for until everything is prepared."""
        known = self.credential or credential_id(self.provider, self.person, self.kind)
        body = {"tasks": list(tasks), "credential": known}
        self.id = good(self._api().post("/v1/signing/sessions", json=body, headers=key()), 202)["id"]
        return self.until(lambda found: found["status"] != "preparing", seconds=seconds)

    def now(self) -> Json:
        return good(self._api().get(self.path))

    def until(self, holds: Any, *, seconds: float = 60) -> Json:
        def check() -> Json | None:
            found = self.now()
            return found if holds(found) else None

        return eventually(check, seconds=seconds, what=f"the session with {self.provider}")

    def authorise(self) -> httpx.Response:
        """What the official does for this provider: types PIN and password, or goes to the page, or takes the phone."""
        body: Json = {}
        if self.provider == CSC_PIN:
            body = self._secrets()
        elif self.provider == CSC_PAGE:
            body = self.at_the_page()
        return self._api().post(f"{self.path}/authorisation", json=body, headers=key())

    def at_the_page(self) -> Json:
        """The code and the state with which the provider's page sends the browser back."""
        login = good(self._api().get(f"{self.path}/authorisation"))["login"]
        answer = httpx.post(login["url"], data=self._secrets())
        assert answer.status_code == 302, answer.text
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        self.typed.append(query["code"][0])
        return {"code": query["code"][0], "state": query["state"][0]}

    def settled(self, *, seconds: float = 90) -> Json:
        """The session when nothing more happens by itself."""
        return self.until(lambda found: found["status"] in {"ready", *FINAL}, seconds=seconds)

    def _secrets(self) -> Json:
        accounts = Accounts.at(self.stack.stack.folder.providers)
        told = {"pin": accounts.pin(self.person), "otp": accounts.otp(self.person)}
        self.typed += told.values()
        return told

    def _api(self) -> httpx.Client:
        return self.stack.api(self.person)


def outcomes(session: Json) -> Counter[tuple[str, str | None]]:
    """How many items are in which state, with which reason."""
    return Counter((item["status"], item["reason"]) for item in session["items"])


@contextmanager
def mood(stack: RunningStack, provider: str, name: str, at: str = "", times: int | None = None) -> Iterator[None]:
    """The provider behaves so for a while."""
    url = f"{stack.description['providers_url']}/_/mood"
    account = provider.split("-")[0]
    good(httpx.put(url, json={"provider": account, "mood": name, "at": at, "times": times}))
    try:
        yield
    finally:
        good(httpx.put(url, json={"provider": account, "mood": "good"}))


def switch(stack: RunningStack, provider: str, what: str, **wanted: Any) -> None:
    """A switch of a provider's: how soon its holders answer the phone, and where it calls back."""
    answer = httpx.put(f"{stack.description['providers_url']}/{provider}/_/{what}", json=wanted)
    assert answer.status_code < 300, answer.text
