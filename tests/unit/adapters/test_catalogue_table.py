"""The catalogue in the table answers as the one in memory, and forgets in half a minute."""

from datetime import timedelta

import pytest
from chauban.access.loading import load_catalogue
from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
from chauban.adapters.dynamodb.table import Table
from chauban.adapters.memory import MAX_KEPT, Remembered
from chauban.errors import ConcurrentChange, DelegationFixed
from chauban.signing.providers import Provider, TokenRecord

from tests.unit.fakes.catalogue import PHU_XUAN, ROOT, THUAN_HOA, loaded_catalogue
from tests.unit.fakes.time_and_ids import SettableClock

CLOCK = SettableClock()


@pytest.fixture
def catalogue(table: Table) -> DynamoCatalogue:
    loaded = DynamoCatalogue(table, CLOCK)
    load_catalogue(ROOT / "catalogue", loaded)
    for credential in loaded_catalogue().credentials.values():
        loaded.put_credential(credential)
    return loaded


def test_it_answers_as_the_one_in_memory(catalogue: DynamoCatalogue) -> None:
    expected = loaded_catalogue()
    for agency in (THUAN_HOA, PHU_XUAN, "khong-co"):
        assert catalogue.agency(agency) == expected.agency(agency)
        assert sorted(catalogue.officials_of(agency), key=lambda a: a.id) == sorted(
            expected.officials_of(agency), key=lambda a: a.id
        )
        assert catalogue.seals_of_agency(agency) == expected.seals_of_agency(agency)
    for person in ("official-thuan-hoa", "clerk-phu-xuan", "khong-co"):
        assert catalogue.appointments_of(person) == expected.appointments_of(person)
        assert catalogue.credentials_of_person(person) == expected.credentials_of_person(person)
    for name in ("cred-official-thuan-hoa", "cred-seal-phu-xuan", "khong-co"):
        assert catalogue.credential(name) == expected.credential(name)
    assert catalogue.calendars() == expected.calendars()


def test_loading_again_replaces(catalogue: DynamoCatalogue, table: Table) -> None:
    before = table.client.scan(TableName=table.name, Select="COUNT")["Count"]
    load_catalogue(ROOT / "catalogue", catalogue)
    assert table.client.scan(TableName=table.name, Select="COUNT")["Count"] == before


def test_another_process_sees_a_change_within_half_a_minute(catalogue: DynamoCatalogue, table: Table) -> None:
    clock = SettableClock()
    reader = DynamoCatalogue(table, clock)
    (held,) = reader.appointments_of("official-thuan-hoa")
    catalogue.put_appointment(held.model_copy(update={"valid_to": clock.now()}))
    clock.forward(seconds=29)
    assert reader.appointments_of("official-thuan-hoa")[0].valid_to is None
    clock.forward(seconds=1)
    assert reader.appointments_of("official-thuan-hoa")[0].valid_to is not None


def test_another_process_hears_of_a_replaced_credential_within_a_second(
    catalogue: DynamoCatalogue, table: Table
) -> None:
    clock = SettableClock()
    reader = DynamoCatalogue(table, clock)
    (old,) = reader.seals_of_agency(THUAN_HOA)
    now = clock.now()
    new = old.model_copy(update={"id": "seal-new", "valid_from": now})
    ended = old.model_copy(update={"valid_to": now})
    assert reader.credential(old.id) == old
    catalogue.replace_credential(ended, new)
    clock.forward(seconds=1)
    assert reader.credential(old.id) == ended
    assert set(reader.seals_of_agency(THUAN_HOA)) == {ended, new}


def test_what_is_remembered_is_bounded_and_a_failure_is_not_remembered() -> None:
    asked: list[str] = []

    def ask(key: str) -> str:
        asked.append(key)
        if len(asked) == 1:
            raise ConnectionError
        return key

    remembered = Remembered(CLOCK, timedelta(seconds=30), ask)
    with pytest.raises(ConnectionError):
        remembered("a")
    assert [remembered("a"), remembered("a")] == ["a", "a"]
    assert asked == ["a", "a"]
    for number in range(MAX_KEPT):
        remembered(str(number))
    remembered("a")
    assert asked[-1] == "a"
    assert asked.count("a") == 3


def test_a_provider_is_what_was_loaded_last(table: Table) -> None:
    catalogue = DynamoCatalogue(table, SettableClock())
    known = {"id": "nha-a", "kind": "smartca", "base_url": "https://a.example", "secret_name": "s", "per_call": 500}
    assert catalogue.provider("nha-a") is None
    catalogue.put_provider(Provider.model_validate(known))
    assert catalogue.provider("nha-a") == Provider.model_validate(known)
    moved = Provider.model_validate({**known, "base_url": "https://b.example"})
    catalogue.put_provider(moved)
    assert catalogue.provider("nha-a") == moved


def test_a_token_is_no_provider(table: Table) -> None:
    catalogue = DynamoCatalogue(table, SettableClock())
    known = {"id": "hsm-a", "kind": "pkcs11", "library": "/opt/hsm/lib.so", "token": "con dau", "secret_name": "s"}
    assert catalogue.token("hsm-a") is None
    catalogue.put_token(TokenRecord.model_validate(known))
    assert catalogue.token("hsm-a") == TokenRecord.model_validate(known)
    assert catalogue.provider("hsm-a") is None
    assert DynamoCatalogue(table, SettableClock()).token("hsm-a") == TokenRecord.model_validate(known)


def test_a_delegation_on_record_is_withdrawn_and_never_changed(catalogue: DynamoCatalogue, table: Table) -> None:
    (known,) = loaded_catalogue().delegations.values()
    with pytest.raises(DelegationFixed):
        catalogue.put_delegation(known.model_copy(update={"number": "13/QĐ-UBND"}))
    assert DynamoCatalogue(table, CLOCK).delegation(known.id) == known
    withdrawn = known.model_copy(update={"withdrawn_at": CLOCK.now()})
    catalogue.put_delegation(withdrawn)
    assert catalogue.delegation(known.id) == withdrawn
    with pytest.raises(DelegationFixed):
        catalogue.put_delegation(known)


def test_two_who_record_a_delegation_at_once_are_not_both_right(catalogue: DynamoCatalogue, table: Table) -> None:
    (known,) = loaded_catalogue().delegations.values()
    earlier, other = known.model_copy(update={"withdrawn_at": CLOCK.now()}), DynamoCatalogue(table, CLOCK)
    read = table.get

    def slow(where: dict[str, object]) -> dict[str, object] | None:
        found = read(where)
        # The other one is faster.
        table.get = read  # type: ignore[method-assign]
        other.put_delegation(earlier)
        return found

    table.get = slow  # type: ignore[method-assign,assignment]
    with pytest.raises(ConcurrentChange):
        catalogue.put_delegation(known.model_copy(update={"valid_to": CLOCK.now()}))
    assert DynamoCatalogue(table, CLOCK).delegation(known.id) == earlier
