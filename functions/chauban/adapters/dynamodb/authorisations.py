"""Authorisations of signing sessions in the table: in the session's partition, what is secret sealed, apart, and forgotten.

`expires_at` lets the table forget an item by itself; until it does, nobody takes one that is over.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import Table, change, put
from chauban.dossiers.changes import OutboxMessage
from chauban.errors import ConcurrentChange
from chauban.signing.sessions.authorisations import Awaited, SealedLogin, Turn
from chauban.signing.sessions.model import SessionAuthorisation, SessionItem

_LIVE = "attribute_exists(pk) AND attribute_not_exists(cancelled)"
_MINE = "authorisation = :mine"


class DynamoAuthorisations:
    """An `AuthorisationStore`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, session: str, new: SessionAuthorisation, previous: str | None) -> None:
        """See `AuthorisationStore.begin`."""
        condition = "authorisation = :previous" if previous else "attribute_not_exists(pk)"
        values = {"previous": previous} if previous else {}
        began = {**_began_key(session, new.key), "authorisation": new.id}
        writes = [put(_item(session, new), condition, **values), put(began, "attribute_not_exists(pk)")]
        writes += [_recorded(session, new), _still_live(session)]
        self._table.transact_while(writes, lambda: self._stands(session, previous) and not self.began(session, new.key))

    def began(self, session: str, key: str) -> str | None:
        """See `AuthorisationStore.began`."""
        item = self._table.get(_began_key(session, key))
        return str(item["authorisation"]) if item else None

    def grant(
        self, session: str, granted: SessionAuthorisation, sealed: str, messages: Sequence[OutboxMessage]
    ) -> None:
        """See `AuthorisationStore.grant`."""
        until = items.epoch(granted.expires_at)
        secret = {**_grant_key(session), "authorisation": granted.id, "sealed": sealed, "expires_at": until}
        writes = [put(_item(session, granted), _MINE, mine=granted.id), put(secret)]
        writes += [_recorded(session, granted), _still_live(session)]
        writes += [put(items.outbox_item(message)) for message in messages]
        self._table.transact_while(writes, lambda: self._stands(session, granted.id))

    def fail(self, session: str, failed: SessionAuthorisation, turn: Turn | None = None) -> None:
        """See `AuthorisationStore.fail`."""
        writes = [put(_item(session, failed), _MINE, mine=failed.id), _recorded(session, failed)]
        if turn:
            over = replace(turn, number=turn.number + 1, sealed=None)
            writes += [_turn(session, failed, over, turn.number), _forgotten(session, failed)]
        with suppress(ConcurrentChange):
            self._table.transact_while(writes, lambda: self._is_at(session, failed.id, turn))

    def forget(self, session: str, authorisation: str) -> None:
        """See `AuthorisationStore.forget`."""
        self._table.update(_grant_key(session), "REMOVE sealed", {":mine": authorisation}, _MINE)
        self._table.update(_turn_key(session), "REMOVE sealed", {":mine": authorisation}, _MINE)

    def granted(self, session: str, authorisation: str) -> str | None:
        """See `AuthorisationStore.granted`."""
        item = self._table.get(_grant_key(session))
        if item is None or item["authorisation"] != authorisation:
            return None
        return str(item["sealed"]) if "sealed" in item else None

    def turn(self, session: str, authorisation: str) -> Turn:
        """See `AuthorisationStore.turn`."""
        item = self._table.get(_turn_key(session))
        if item is None or item["authorisation"] != authorisation:
            return Turn()
        return Turn(int(item["turn"]), int(item["at"]), item.get("sealed"), int(item["faults"]))

    def claim(self, session: str, authorisation: str, turn: int, now: datetime, until: datetime) -> datetime | None:
        """See `AuthorisationStore.claim`."""
        place = _claim_key(session)
        free = "attribute_not_exists(pk) OR authorisation <> :mine OR turn <> :turn OR claimed_until <= :now"
        mine = {":mine": authorisation, ":turn": turn, ":until": _milliseconds(until), ":now": _milliseconds(now)}
        change = "SET authorisation = :mine, turn = :turn, claimed_until = :until, expires_at = :forgotten"
        while not self._table.update(place, change, mine | {":forgotten": items.epoch(until)}, free):
            found = self._table.get(place)
            if found and (found["authorisation"], int(found["turn"])) == (authorisation, turn):
                return datetime.fromtimestamp(int(found["claimed_until"]) / 1000, UTC)
        return None

    def again(self, message: OutboxMessage) -> None:
        """See `AuthorisationStore.again`."""
        self._table.transact([put(items.outbox_item(message))])

    def unclaim(self, session: str, authorisation: str, turn: int, until: datetime) -> None:
        """See `AuthorisationStore.unclaim`."""
        mine = {":mine": authorisation, ":turn": turn, ":until": _milliseconds(until), ":none": 0}
        condition = f"{_MINE} AND turn = :turn AND claimed_until = :until"
        self._table.update(_claim_key(session), "SET claimed_until = :none", mine, condition)

    def next_turn(
        self,
        session: str,
        authorisation: SessionAuthorisation,
        turn: Turn,
        messages: Sequence[OutboxMessage],
        *,
        values: Mapping[int, str] | None = None,
        values_until: datetime | None = None,
        callback: str | None = None,
        last: bool = False,
    ) -> bool:
        """See `AuthorisationStore.next_turn`."""
        before = turn.number - 1
        mine = {"authorisation": authorisation.id, "expires_at": items.epoch(authorisation.expires_at)}
        writes = [_turn(session, authorisation, turn, before)]
        writes.append(put(_item(session, authorisation), _MINE, mine=authorisation.id))
        writes += [put(items.outbox_item(message)) for message in messages]
        if values:
            kept = json.dumps({str(item): value for item, value in values.items()})
            until = {"expires_at": items.epoch(values_until or authorisation.expires_at)}
            writes.append(
                put({**_values_key(session, authorisation.id, turn.number), **mine, **until, "brought": kept})
            )
            writes.append(_recorded(session, authorisation))
        if callback:
            writes.append(put({**_callback_key(callback), **mine, "session": session}))
        if last:
            writes.append(_forgotten(session, authorisation))
        try:
            self._table.transact_while(
                writes, lambda: self._is_at(session, authorisation.id, replace(turn, number=before))
            )
        except ConcurrentChange:
            return False
        return True

    def values(self, session: str, authorisation: str, turn: int) -> Mapping[int, str]:
        """See `AuthorisationStore.values`."""
        item = self._table.get(_values_key(session, authorisation, turn))
        kept = json.loads(item["brought"]) if item and "brought" in item else {}
        return {int(number): value for number, value in kept.items()}

    def forget_values(self, session: str, authorisation: str, turn: int) -> None:
        """See `AuthorisationStore.forget_values`."""
        self._table.update(_values_key(session, authorisation, turn), "REMOVE brought", {}, "attribute_exists(pk)")

    def release(self, session: str, item: SessionItem, authorisation: str, reason: str) -> None:
        """See `AuthorisationStore.release`."""
        released = item.model_copy(update={"released": authorisation, "reason": reason})
        condition = "item_status = :ready AND attribute_not_exists(accepted)"
        write = put(items.session_entry_item(session, released), condition, ready=item.status.value)
        with suppress(ConcurrentChange):
            self._table.transact_while([write], lambda: self._is_unsigned(session, item))

    def keep_login(self, session: str, login: SealedLogin) -> None:
        """See `AuthorisationStore.keep_login`."""
        what = {"sealed": login.sealed, "numbers": json.dumps(login.items)}
        expires = {"expires_at": items.epoch(login.expires_at), "until": login.expires_at.isoformat()}
        self._table.transact([put({**_login_key(session), **what, **expires})])

    def login(self, session: str) -> SealedLogin | None:
        """See `AuthorisationStore.login`."""
        item = self._table.get(_login_key(session))
        if item is None or "sealed" not in item:
            return None
        until = datetime.fromisoformat(item["until"]).astimezone(UTC)
        return SealedLogin(tuple(json.loads(item["numbers"])), item["sealed"], until)

    def forget_login(self, session: str) -> None:
        """See `AuthorisationStore.forget_login`."""
        self._table.update(_login_key(session), "REMOVE sealed", {}, "attribute_exists(pk)")

    def awaited(self, callback: str) -> Awaited | None:
        """See `AuthorisationStore.awaited`."""
        item = self._table.get(_callback_key(callback))
        return Awaited(item["session"], item["authorisation"]) if item else None

    def hasten(self, session: str, authorisation: str, turn: Turn, message: OutboxMessage) -> None:
        """See `AuthorisationStore.hasten`."""
        condition = f"{_MINE} AND turn = :turn AND (attribute_not_exists(hastened) OR hastened <> :turn)"
        hastened = change(_turn_key(session), "SET hastened = :turn", condition, mine=authorisation, turn=turn.number)
        try:
            self._table.transact([hastened, put(items.outbox_item(message))])
        except ConcurrentChange:
            return

    def _stands(self, session: str, authorisation: str | None) -> bool:
        """Whether the session is not cancelled, and this is its authorisation."""
        head, given = self._table.get(items.session_key(session)), self._table.get(items.authorisation_key(session))
        live = head is not None and "cancelled" not in head
        return live and (given["authorisation"] if given else None) == authorisation

    def _is_at(self, session: str, authorisation: str, turn: Turn | None) -> bool:
        """Whether this is the session's authorisation, at that turn where one is named."""
        given = self._table.get(items.authorisation_key(session))
        mine = given is not None and given["authorisation"] == authorisation
        return mine and (turn is None or self.turn(session, authorisation).number == turn.number)

    def _is_unsigned(self, session: str, item: SessionItem) -> bool:
        found = self._table.get(items.session_entry_key(session, item.item))
        return found is not None and found["item_status"] == item.status.value and "accepted" not in found


def _item(session: str, authorisation: SessionAuthorisation) -> items.Item:
    value = authorisation.model_dump_json()
    return {**items.authorisation_key(session), "authorisation": authorisation.id, "value": value}


def _recorded(session: str, authorisation: SessionAuthorisation) -> dict[str, Any]:
    """Every authorisation stays on record, with what it was for and how it ended."""
    place = items.key(f"S#{session}", f"AUTH#{authorisation.id}")
    return put({**place, "value": authorisation.model_dump_json()})


def _turn(session: str, authorisation: SessionAuthorisation, turn: Turn, before: int) -> dict[str, Any]:
    """An authorisation's turn, where it was turn `before` until now."""
    state = {"turn": turn.number, "at": turn.at, "faults": turn.faults}
    mine = {"authorisation": authorisation.id, "expires_at": items.epoch(authorisation.expires_at)}
    item = {**_turn_key(session), **mine, **state} | ({"sealed": turn.sealed} if turn.sealed else {})
    if before == 0:
        # Nothing says that it is at its first turn. What stands there may be an earlier authorisation's, which is over.
        return put(item, "attribute_not_exists(pk) OR authorisation <> :mine", mine=authorisation.id)
    return put(item, "authorisation = :mine AND turn = :before", mine=authorisation.id, before=before)


def _forgotten(session: str, authorisation: SessionAuthorisation) -> dict[str, Any]:
    """What was granted is no longer there."""
    mine = {"authorisation": authorisation.id, "expires_at": items.epoch(authorisation.expires_at)}
    return put({**_grant_key(session), **mine}, f"attribute_not_exists(pk) OR {_MINE}", mine=authorisation.id)


def _still_live(session: str) -> dict[str, Any]:
    return change(items.session_key(session), "SET touched = :none", _LIVE, none=0)


def _began_key(session: str, key: str) -> items.Item:
    return items.key(f"S#{session}", f"BEGAN#{key}")


def _grant_key(session: str) -> items.Item:
    return items.key(f"S#{session}", "GRANT")


def _turn_key(session: str) -> items.Item:
    return items.key(f"S#{session}", "TURN")


def _claim_key(session: str) -> items.Item:
    return items.key(f"S#{session}", "CLAIM")


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _values_key(session: str, authorisation: str, turn: int) -> items.Item:
    return items.key(f"S#{session}", f"VALUES#{authorisation}#{turn:06d}")


def _login_key(session: str) -> items.Item:
    return items.key(f"S#{session}", "LOGIN")


def _callback_key(callback: str) -> items.Item:
    return items.key("X#" + hashlib.sha256(callback.encode()).hexdigest(), "CALLBACK")
