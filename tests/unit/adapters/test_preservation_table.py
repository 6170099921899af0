"""What is due stands in the index by time, over shards; what is taken, changed or later is not in it."""

from datetime import timedelta

from chauban.adapters.dynamodb.preservation import SHARDS
from chauban.adapters.dynamodb.table import Table
from chauban.signing.preservation.entries import ORDER_KEPT
from chauban.signing.preservation.renewing import TAKEN

from tests.unit.fakes.world import World, result_of


def test_both_stores_hand_out_what_is_due_longest_first(either: World) -> None:
    made = []
    for _ in range(4):
        made.append(result_of(either.issued()).id)
        either.clock.forward(minutes=1)
    assert either.due.due(either.clock.now(), 10) == []
    either.clock.moment += ORDER_KEPT
    now = either.clock.now()
    found = either.due.due(now, 10)
    assert [entry.document for entry in found] == made
    assert [entry.document for entry in either.due.due(now, 2)] == made[:2]
    taken = either.due.take(found[0], now + TAKEN)
    assert taken
    assert either.due.take(found[0], now + TAKEN) is None
    assert [entry.document for entry in either.due.due(now, 2)] == made[1:3]
    assert either.due.due(now + TAKEN, 10)[0].unfinished == 1
    assert either.due.put_back(found[1].failed("verification-failed", now))
    assert [entry.document for entry in either.due.due(now, 10)] == made[2:]
    assert [entry.document for entry in either.due.failing(10)] == made[1:2]
    assert not either.due.put_back(found[0])
    assert either.due.put_back(taken.released())
    assert [entry.document for entry in either.due.due(now, 10)] == [made[0], *made[2:]]
    again = either.due.due(now + timedelta(days=1), 10)
    assert [entry.document for entry in again] == made


def test_an_entry_that_moved_on_is_neither_taken_nor_put_back(either: World) -> None:
    dossier = either.issued()
    either.clock.forward(hours=1)
    (stale,) = either.due.due(either.clock.now(), 10)
    assert either.renewing.one(result_of(dossier).id, 1).value == "done"
    now = either.clock.now()
    assert either.due.take(stale, now + TAKEN) is None
    assert not either.due.put_back(stale)
    entry = either.due.entry(stale.document)
    assert entry
    assert entry.revision == 2
    assert either.due.due(now, 10) == []
    assert either.due.due(now + timedelta(days=5 * 365), 10) == [entry]
    assert either.due.entry("NONE") is None


def test_entries_spread_over_the_shards(stored: World, table: Table) -> None:
    for _ in range(16):
        stored.issued()
    pages = table.client.get_paginator("scan").paginate(TableName="chauban")
    found = [item["due_pk"]["S"] for page in pages for item in page["Items"] if "due_pk" in item]
    assert len(found) == 16
    assert set(found) <= set(SHARDS)
    assert len(set(found)) > len(SHARDS) / 2
