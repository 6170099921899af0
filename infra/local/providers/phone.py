"""The holder's phone: transactions that wait for a confirmation, the holder who gives it, and the call back afterwards.

`PUT /<provider>/_/phone {"seconds": 3}` makes the holder slower or faster, `{"seconds": null}` never answer;
`PUT /smartca/_/callback {"url": "http://..."}` has the provider call there afterwards (null: no more); `GET /<provider>/_/granted`
tells what nobody else may know, for whoever looks where it may have got to.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.providers.keys import Key, stranger

CONFIRM_SECONDS = 300.0
WAITING, CONFIRMED, REFUSED, EXPIRED = "waiting", "confirmed", "refused", "expired"
_FATES = {"refusing": REFUSED, "expired-sad": EXPIRED}


@dataclass(frozen=True)
class Transaction:
    """What the holder is asked to sign: digests by the documents' names, with one key."""

    id: str
    named: str
    key: Key
    digests: Mapping[str, bytes]
    since: float
    answered_at: float
    fate: str

    def state(self, mood: str) -> str:
        """How it stands; a mood that decides the fate decides it now."""
        if mood in _FATES:
            return _FATES[mood]
        if self.fate == EXPIRED or time.monotonic() > self.since + CONFIRM_SECONDS:
            return EXPIRED
        return self.fate if time.monotonic() >= self.answered_at else WAITING

    def values(self, mood: str, hash_name: str, *, pss: bool) -> dict[str, bytes]:
        """The raw values by name: by the right key over the right digests, unless the mood is otherwise."""
        key = stranger(self.key.holding) if mood == "wrong-certificate" else self.key
        wrong = mood == "wrong-signature"
        return {
            name: key.sign(hashlib.new(hash_name, digest).digest() if wrong else digest, hash_name, pss=pss)
            for name, digest in self.digests.items()
        }


CallBack = Callable[[Transaction, str], dict[str, Any]]


@dataclass
class Phone:
    """The transactions of a provider; `told` makes a call back's body of a transaction and its state, where there are any."""

    told: CallBack | None = None
    seconds: float | None = 0.3
    callback: str | None = None
    _transactions: dict[str, Transaction] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, named: str, key: Key, digests: Mapping[str, bytes], mood: str) -> Transaction | None:
        """The holder is asked from now on; None where the customer's own name for it was used before."""
        since = time.monotonic()
        until = since + (CONFIRM_SECONDS * 2 if self.seconds is None else self.seconds)
        begun = Transaction(str(uuid.uuid4()), named, key, digests, since, until, _FATES.get(mood, CONFIRMED))
        with self._lock:
            if any(each.named == named for each in self._transactions.values()):
                return None
            self._transactions[begun.id] = begun
        if self.told and self.callback and self.seconds is not None:
            times = 2 if mood == "twice" else 1
            timer = threading.Timer(self.seconds + 0.05, self._call, (self.told, self.callback, begun, times))
            timer.daemon = True
            timer.start()
        return begun

    def of(self, transaction: str) -> Transaction | None:
        return self._transactions.get(transaction)

    def transactions(self) -> list[str]:
        """The names of all transactions: whoever knows one can read its values."""
        return list(self._transactions)

    def set(self, what: str, wanted: Mapping[str, Any]) -> bool:
        """Whether there is such a switch."""
        if what == "phone":
            self.seconds = wanted["seconds"]
        elif what == "callback" and self.told:
            self.callback = wanted["url"]
        else:
            return False
        return True

    def _call(self, told: CallBack, url: str, transaction: Transaction, times: int) -> None:
        body = json.dumps(told(transaction, transaction.state("good"))).encode()
        for _ in range(times):
            request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310
            try:
                with urllib.request.urlopen(request, timeout=5):  # noqa: S310
                    pass
            except urllib.error.URLError:
                # Whoever is not there is not called again: customers can ask how it stands.
                return
