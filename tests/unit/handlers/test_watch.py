"""The daily watch over credentials, on the table."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from chauban import bootstrap
from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
from chauban.adapters.dynamodb.table import Table
from chauban.handlers import watch
from chauban.signing.algorithms import Algorithm
from chauban.signing.credential_records import CredentialRecords, CredentialWatch
from chauban.signing.credentials import Credential, Purpose, SignerKind

from tests.unit.adapters.conftest import aws, table
from tests.unit.fakes.ending import certificate_until
from tests.unit.fakes.time_and_ids import SettableClock

__all__ = ["aws", "table"]
Add = Callable[..., Credential]


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def add(table: Table, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> Add:
    """Keeps a credential that ends in so many days."""
    store = DynamoCatalogue(table, clock)
    monkeypatch.setattr(bootstrap, "credential_watch", lambda: CredentialWatch(CredentialRecords(store), clock))

    def kept(
        name: str, days: float, agency: str = "ubnd-a", begins: float = -300, certificate: float | None = None
    ) -> Credential:
        now = clock.now()
        credential = Credential(
            id=name,
            person=None,
            agency=agency,
            purpose=Purpose.SEAL,
            kind=SignerKind.KMS,
            key_ref="alias/x",
            algorithm=Algorithm.RSA_PSS_SHA256,
            chain_pem="" if certificate is None else certificate_until(now + timedelta(days=certificate)),
            appearance="",
            valid_from=now + timedelta(days=begins),
            valid_to=now + timedelta(days=days),
        )
        store.put_credential(credential)
        return credential

    return kept


def told(log: StringIO) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in lines if line["message"] == "credential-ends-soon"]


def test_what_ends_within_sixty_days_is_told(add: Add, log: StringIO) -> None:
    add("seal-far", 61, "ubnd-a")
    add("seal-near", 59, "ubnd-b")
    add("seal-over", -1, "ubnd-c")
    assert watch.handler({"watch": True}, None) == {"ending": 1}  # type: ignore[arg-type]
    (line,) = told(log)
    assert (line["credential"], line["days"]) == ("seal-near", 59)


def test_a_certificate_that_ends_before_its_record_is_told(add: Add, log: StringIO) -> None:
    add("seal", 400, certificate=30)
    add("seal-over", 400, "ubnd-b", certificate=-1)
    assert watch.handler({}, None) == {"ending": 1}  # type: ignore[arg-type]
    (line,) = told(log)
    assert (line["credential"], line["days"]) == ("seal", 30)


def test_a_successor_whose_certificate_ends_sooner_is_none(add: Add, log: StringIO) -> None:
    add("old", 20)
    add("new", 400, begins=20, certificate=15)
    assert watch.handler({}, None) == {"ending": 1}  # type: ignore[arg-type]
    assert [line["credential"] for line in told(log)] == ["old"]


def test_what_has_a_successor_is_not_told(add: Add, log: StringIO) -> None:
    add("old", 20)
    add("new", 400, begins=20)
    assert watch.handler({}, None) == {"ending": 0}  # type: ignore[arg-type]
    assert told(log) == []


def test_a_successor_after_a_gap_is_none(add: Add) -> None:
    add("old", 20)
    add("new", 400, begins=21)
    assert watch.handler({}, None) == {"ending": 1}  # type: ignore[arg-type]


def test_another_agency_s_seal_is_no_successor(add: Add) -> None:
    add("old", 20, "ubnd-a")
    add("other", 400, "ubnd-b", begins=0)
    assert watch.handler({}, None) == {"ending": 1}  # type: ignore[arg-type]


def test_hundreds_are_all_seen(add: Add) -> None:
    for number in range(230):
        add(f"seal-{number}", 30, f"agency-{number}")
    assert watch.handler({}, None) == {"ending": 230}  # type: ignore[arg-type]


def test_a_replaced_end_moves_in_the_list(add: Add, table: Table, clock: SettableClock, aws: Any) -> None:
    kept = add("seal", 400)
    store = DynamoCatalogue(table, clock)
    store.put_credential(kept.model_copy(update={"valid_to": clock.now() + timedelta(days=3)}))
    assert [one.id for one in store.credentials_by_end()] == ["seal"]
    assert watch.handler({}, None) == {"ending": 1}  # type: ignore[arg-type]
