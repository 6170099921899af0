"""What the stores of prefills and registers promise, asked of the table and of the fakes."""

import json
from datetime import timedelta
from typing import Any

import pytest
from chauban.adapters.dynamodb.dossiers import DynamoDossiers
from chauban.adapters.dynamodb.prefills import DynamoPrefills
from chauban.adapters.dynamodb.registers import DynamoRegisters
from chauban.adapters.dynamodb.table import Table
from chauban.dossiers.changes import IdempotencyRecord
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus
from chauban.dossiers.facts import Actor
from chauban.dossiers.model import FormRef
from chauban.errors import ConcurrentChange, NotFound
from chauban.events.orders import OrderMaker
from chauban.registers.model import Register
from chauban.registers.ports import RegisterStore
from chauban.registry.inquiry import Consent, Ground, InquiryRecord, Outcome, Prefill, PrefillStore

from tests.unit.fakes.people import AN
from tests.unit.fakes.registers import MemoryRegisters
from tests.unit.fakes.registry import MemoryPrefills
from tests.unit.fakes.tables import Tables
from tests.unit.fakes.time_and_ids import MORNING, CountingIds, SettableClock

FORM = FormRef(slug="a", version="1.0")


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(params=["table", "memory"])
def prefills(request: pytest.FixtureRequest, clock: SettableClock) -> PrefillStore:
    if request.param == "memory":
        return MemoryPrefills(clock)
    return DynamoPrefills(request.getfixturevalue("table"), clock)


@pytest.fixture(params=["table", "memory"])
def registers(request: pytest.FixtureRequest) -> RegisterStore:
    if request.param == "memory":
        return MemoryRegisters(Tables())
    return DynamoRegisters(request.getfixturevalue("table"))


def prefill(token: str = "T1", session: str = "S1") -> Prefill:  # noqa: S107 - names a prefill, guards nothing
    return Prefill(
        token=token,
        session=session,
        person="key",
        form=FORM,
        dossier=None,
        request_id="R1",
        values={"#/requester/full_name": "Nguyễn Thị An"},
        locked=("#/requester/full_name",),
        made_at=MORNING,
        expires_at=MORNING + timedelta(minutes=30),
    )


def test_a_prefill_is_found_by_its_session_and_its_token_until_it_expires(
    prefills: PrefillStore, clock: SettableClock
) -> None:
    prefills.keep(prefill())
    assert prefills.of_session("S1") == prefills.of_token("T1") == prefill()
    assert (prefills.of_session("S2"), prefills.of_token("T2")) == (None, None)
    clock.forward(minutes=30)
    assert (prefills.of_session("S1"), prefills.of_token("T1")) == (None, None)


def test_the_token_of_an_earlier_prefill_of_the_session_is_of_no_use(table: Table, clock: SettableClock) -> None:
    store = DynamoPrefills(table, clock)
    store.keep(prefill("T1"))
    store.keep(prefill("T2"))
    assert store.of_token("T1") is None
    assert store.of_token("T2") == prefill("T2")


def inquiry_record(**changes: Any) -> InquiryRecord:
    values: dict[str, Any] = {
        "request_id": "R1",
        "at": MORNING,
        "by": Actor(kind="citizen", id="key"),
        "officer": "tu-phuc-vu",
        "person": "key",
        "consent": Consent(ground=Ground.CONSENT, at=MORNING),
        "purpose": "Điền sẵn",
        "procedure": "1.004873",
        "form": FORM,
        "dossier": None,
        "attributes": (),
        **changes,
    }
    return InquiryRecord(**values)


def test_an_inquiry_is_kept_for_ever_without_name_or_number(table: Table, clock: SettableClock) -> None:
    store = DynamoPrefills(table, clock)
    record = inquiry_record()
    store.record(record)
    store.record(record.model_copy(update={"outcome": Outcome.ANSWERED}))
    found = table.partition("Q#R1")
    assert not any("expires_at" in item for item in found)
    assert {json.loads(item["value"])["outcome"] for item in found} == {"asked", "answered"}
    listed, _ = table.page("work", "Q#2026-11-23", limit=10, cursor=None, newest_first=True)
    assert {one["pk"] for one in listed} == {"Q#R1"}


def test_what_was_written_of_an_inquiry_is_never_replaced(prefills: PrefillStore) -> None:
    prefills.record(inquiry_record())
    for purpose in ("Điền sẵn", "Việc khác"):
        with pytest.raises(ConcurrentChange):
            prefills.record(inquiry_record(purpose=purpose))
    prefills.record(inquiry_record(outcome=Outcome.FAILED, reason="registry-refused"))


def test_no_name_number_or_token_is_a_key(table: Table, clock: SettableClock) -> None:
    DynamoPrefills(table, clock).keep(prefill(token="secret-token"))
    items = table.client.scan(TableName=table.name)["Items"]
    keys = [item[name]["S"] for item in items for name in ("pk", "sk")]
    assert len(items) == 2
    assert not any(secret in key for key in keys for secret in (AN, "secret-token", "Nguyễn"))


def register(**changes: Any) -> Register:
    document = Document(id="D1", kind=DocumentKind.REGISTER, agency="A", ordinal=1, cause="request", title="Sổ")
    values: dict[str, Any] = {
        "id": "G1",
        "agency": "a",
        "first": MORNING.date(),
        "last": MORNING.date(),
        "taken_at": MORNING,
        "by": Actor(kind="person", id="p"),
        "printed_with": FORM,
        "document": document,
        **changes,
    }
    return Register(**values)


def once(key: str = "k") -> IdempotencyRecord:
    return IdempotencyRecord("client", key, "00", "G1", MORNING + timedelta(days=7))


def order(clock: SettableClock) -> Any:
    return OrderMaker(clock, CountingIds()).register("render", "G1")


def test_a_register_is_created_once_and_changed_from_the_state_that_was_read(
    registers: RegisterStore, clock: SettableClock
) -> None:
    with pytest.raises(NotFound):
        registers.load("G1")
    registers.create(register(), order(clock), once())
    for attempt in (register(), register(id="G2")):
        with pytest.raises(ConcurrentChange):
            registers.create(attempt, order(clock), once())
    before = registers.load("G1")
    assert before == register()
    after = before.with_document(before.document.model_copy(update={"status": DocumentStatus.AWAITING_SEAL}))
    registers.replace(before, after, order(clock))
    with pytest.raises(ConcurrentChange):
        registers.replace(before, after, None)
    assert registers.load("G1") == after


def test_the_key_of_a_register_is_found_with_the_dossiers(table: Table, clock: SettableClock) -> None:
    DynamoRegisters(table).create(register(), order(clock), once())
    found = DynamoDossiers(table, clock).idempotent("client", "k")
    assert found is not None
    assert found.target == "G1"
