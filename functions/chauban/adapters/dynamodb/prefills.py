"""Prefills and inquiries in the table: a prefill `R#<session>` until its session ends, an inquiry `Q#<request id>` for ever.

An inquiry's records (that it is asked, how it ended) are items of their own and only ever added: none replaces another.

A token leads to its session (`R#T#<hash of the token>`); neither names nor numbers are ever a key.
"""

import hashlib
from datetime import datetime

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import Table, put
from chauban.dossiers.numbering import local_day
from chauban.ports import Clock
from chauban.registry.inquiry import InquiryRecord, Prefill


class DynamoPrefills:
    """A `PrefillStore`."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def of_session(self, session: str) -> Prefill | None:
        """See `PrefillStore.of_session`; the table may forget late, so the time is checked here."""
        item = self._table.get(_session_key(session))
        found = items.value_of(Prefill, item) if item else None
        return found if found and self._clock.now() < found.expires_at else None

    def of_token(self, token: str) -> Prefill | None:
        """See `PrefillStore.of_token`."""
        item = self._table.get(_token_key(token))
        found = self.of_session(item["session"]) if item else None
        return found if found and found.token == token else None

    def keep(self, prefill: Prefill) -> None:
        """See `PrefillStore.keep`."""
        expires = items.epoch(prefill.expires_at)
        self._table.transact(
            [
                put({**_session_key(prefill.session), "value": prefill.model_dump_json(), "expires_at": expires}),
                put({**_token_key(prefill.token), "session": prefill.session, "expires_at": expires}),
            ]
        )

    def record(self, record: InquiryRecord) -> None:
        """See `PrefillStore.record`; inquiries of a day (Vietnam) can be listed through the work index."""
        place = items.key(f"Q#{record.request_id}", f"INQUIRY#{record.outcome.value}")
        day = {"work_pk": f"Q#{_day(record.at)}", "work_sk": record.request_id}
        written = {**place, **day, "value": record.model_dump_json()}
        self._table.transact([put(written, "attribute_not_exists(pk)")])


def _day(moment: datetime) -> str:
    return local_day(moment).isoformat()


def _session_key(session: str) -> items.Item:
    return items.key(f"R#{session}", "PREFILL")


def _token_key(token: str) -> items.Item:
    return items.key(f"R#T#{hashlib.sha256(token.encode()).hexdigest()}", "TOKEN")
