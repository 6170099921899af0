"""Doing a request once, however often it is sent: the (client, key) pair stands for one body and one outcome for 7 days."""

import hashlib
from datetime import timedelta
from typing import Any

import rfc8785

from chauban.access.identity import Caller
from chauban.dossiers.changes import IdempotencyRecord
from chauban.errors import IdempotencyKeyRequired, IdempotencyKeyReused
from chauban.ports import Clock, DossierStore

KEPT = timedelta(days=7)
MAX_KEY = 255


class Once:
    """One use of an idempotency key. `scope` tells apart what the same body would mean at different addresses."""

    def __init__(self, caller: Caller, key: str | None, scope: str, body: dict[str, Any]) -> None:
        """Raises `IdempotencyKeyRequired` where there is no key, or one that is too long."""
        if not key or len(key) > MAX_KEY:
            raise IdempotencyKeyRequired
        # A person's key is that person's, not everybody's who uses the same portal.
        self.client = caller.client if caller.is_machine else f"{caller.client}|{caller.party_key or caller.subject}"
        self.key = key
        self.body_sha256 = hashlib.sha256(rfc8785.dumps({"scope": scope, "body": body})).hexdigest()

    def earlier(self, store: DossierStore) -> str | None:
        """What the key led to before, if it was used; raises `IdempotencyKeyReused` where the body was another."""
        record = store.idempotent(self.client, self.key)
        if record is None:
            return None
        if record.body_sha256 != self.body_sha256:
            raise IdempotencyKeyReused
        return record.target

    def record(self, target: str, clock: Clock) -> IdempotencyRecord:
        """What is written in the transaction that does the work."""
        return IdempotencyRecord(self.client, self.key, self.body_sha256, target, clock.now() + KEPT)
