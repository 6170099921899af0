"""In whose stead somebody signs, what that rests on, and when it stands."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chauban.access.catalogue import Appointment, Capacity, Delegation, Role
from chauban.access.delegations import refusal, require_kept, signs_as, unfounded
from chauban.access.loading import load_catalogue
from chauban.errors import DelegationFixed, SignerNotEntitled
from pydantic import ValidationError

from tests.unit.access.test_loading import CATALOGUE, append
from tests.unit.fakes.catalogue import MemoryCatalogue

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def appointment(**changes: object) -> Appointment:
    values = {
        "id": "a",
        "person": "p",
        "agency": "here",
        "role": Role.OFFICIAL,
        "name": "Võ Thị Lan",
        "title": "PHÓ CHỦ TỊCH",
        "capacity": "KT. CHỦ TỊCH",
        "delegation": "d",
        "valid_from": START - timedelta(days=365),
    }
    return Appointment.model_validate({**values, **changes})


def delegation(**changes: object) -> Delegation:
    values = {
        "id": "d",
        "number": "12/QĐ-UBND",
        "legal_basis": "Quy chế làm việc",
        "grantor": "Chủ tịch",
        "agency": "here",
        "grantees": ("a",),
        "valid_from": START,
        "valid_to": END,
    }
    return Delegation.model_validate({**values, **changes})


@pytest.mark.parametrize(
    ("lines", "acting"),
    [
        ({"authority": None, "capacity": None}, Capacity.OWN),
        ({"authority": "TM. ỦY BAN NHÂN DÂN", "capacity": None}, Capacity.TM),
        ({"authority": "TM. ỦY BAN NHÂN DÂN", "capacity": "KT. CHỦ TỊCH"}, Capacity.KT),
        ({"authority": "TM. ỦY BAN NHÂN DÂN", "capacity": "Q. CHỦ TỊCH"}, Capacity.Q),
        ({"authority": None, "capacity": "TL. CHỦ TỊCH"}, Capacity.TL),
        ({"authority": None, "capacity": "TUQ. CHỦ TỊCH"}, Capacity.TUQ),
    ],
)
def test_the_capacity_follows_from_the_lines_over_the_signature(lines: dict[str, str | None], acting: Capacity) -> None:
    assert appointment(**lines).acting is acting


@pytest.mark.parametrize(
    "lines", [{"capacity": "CHỦ TỊCH"}, {"capacity": "KT CHỦ TỊCH"}, {"authority": "KT. CHỦ TỊCH"}]
)
def test_a_line_with_another_abbreviation_is_refused(lines: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        appointment(**lines)


@pytest.mark.parametrize("capacity", ["KT. CHỦ TỊCH", "TUQ. CHỦ TỊCH"])
@pytest.mark.parametrize(
    ("changes", "at", "word"),
    [
        ({}, MOMENT, None),
        ({}, START, None),
        ({}, START - MILLISECOND, "delegation-not-yet-valid"),
        ({}, END - MILLISECOND, None),
        ({}, END, "delegation-expired"),
        ({"agency": "elsewhere"}, MOMENT, "delegation-of-another-agency"),
        ({"grantees": ("b", "a")}, MOMENT, None),
        ({"grantees": ("b",)}, MOMENT, "delegation-of-another-person"),
        ({"grantees": ()}, MOMENT, "delegation-of-another-person"),
        ({"withdrawn_at": MOMENT}, MOMENT - MILLISECOND, None),
        ({"withdrawn_at": MOMENT}, MOMENT, "delegation-withdrawn"),
        ({"withdrawn_at": MOMENT}, END, "delegation-withdrawn"),
    ],
)
def test_a_delegation_is_judged_at_the_moment(
    capacity: str, changes: dict[str, object], at: datetime, word: str | None
) -> None:
    assert refusal(appointment(capacity=capacity), delegation(**changes), at) == word


@pytest.mark.parametrize(
    ("official", "record", "word"),
    [
        ({}, None, "delegation-missing"),
        ({"delegation": None}, None, "delegation-missing"),
        ({"delegation": None, "legal_basis": "Quy chế làm việc"}, None, None),
        (
            {"delegation": None, "legal_basis": "Quy chế làm việc", "capacity": "TUQ. CHỦ TỊCH"},
            None,
            "delegation-missing",
        ),
        ({"capacity": "TUQ. CHỦ TỊCH"}, delegation(valid_to=None), "delegation-missing"),
        ({"capacity": "KT. CHỦ TỊCH"}, delegation(valid_to=None), None),
        ({"delegation": None, "capacity": None}, None, None),
        ({"delegation": None, "capacity": "TL. CHỦ TỊCH"}, None, "delegation-missing"),
        ({"valid_to": MOMENT}, delegation(), "appointment-not-valid"),
    ],
)
def test_who_signs_for_another_needs_what_it_rests_on(
    official: dict[str, object], record: Delegation | None, word: str | None
) -> None:
    assert refusal(appointment(**official), record, MOMENT) == word


def test_a_clerk_needs_no_delegation() -> None:
    assert unfounded(appointment(role=Role.CLERK, delegation=None), None) is None


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        (
            "appointments.yaml",
            "- {id: x, person: x, agency: ubnd-phuong-phu-xuan, role: official, name: A, title: B, delegation: khong-co,"
            " capacity: KT. CHỦ TỊCH, valid_from: 2025-07-01T00:00:00+07:00}\n",
            "no delegation khong-co",
        ),
        (
            "appointments.yaml",
            "- {id: x, person: x, agency: ubnd-phuong-phu-xuan, role: official, name: A, title: B,"
            " capacity: TUQ. CHỦ TỊCH, legal_basis: Quy chế, valid_from: 2025-07-01T00:00:00+07:00}\n",
            "TUQ",
        ),
        (
            "delegations.yaml",
            "- {id: x, number: 1/QĐ, legal_basis: A, grantor: B, grantees: [official-phu-xuan-1], agency: khong-co,"
            " valid_from: 2025-07-01T00:00:00+07:00}\n",
            "no agency khong-co",
        ),
        (
            "delegations.yaml",
            "- {id: x, number: 1/QĐ, legal_basis: A, grantor: B, agency: ubnd-phuong-phu-xuan,"
            " valid_from: 2025-07-01T00:00:00+07:00}\n",
            "grantees",
        ),
        (
            "delegations.yaml",
            "- {id: x, number: 1/QĐ, legal_basis: A, grantor: B, grantees: [official-phu-xuan-1, khong-co],"
            " agency: ubnd-phuong-phu-xuan, valid_from: 2025-07-01T00:00:00+07:00}\n",
            "no appointment khong-co",
        ),
        *[
            (
                "delegations.yaml",
                "- {id: x, number: 1/QĐ, legal_basis: A, grantor: B, grantees: [official-phu-xuan-1],"
                f" grantor_appointment: {grantor}, agency: ubnd-phuong-phu-xuan, valid_from: {begins}T00:00:00+07:00}}\n",
                said,
            )
            for grantor, begins, said in (
                ("khong-co", "2025-08-01", "no official's appointment khong-co"),
                ("clerk-phu-xuan-1", "2025-08-01", "no official's appointment clerk-phu-xuan-1"),
                ("official-thuan-hoa-1", "2025-08-01", "no official's appointment official-thuan-hoa-1"),
                ("official-phu-xuan-1", "2025-06-30", "was not in office when it began"),
            )
        ],
    ],
)
def test_records_that_do_not_fit_together_load_nothing(tmp_path: Path, file: str, line: str, said: str) -> None:
    folder = Path(shutil.copytree(CATALOGUE, tmp_path / "danh mục"))
    append(folder / file, line)
    catalogue = MemoryCatalogue()
    with pytest.raises(ValueError, match=said):
        load_catalogue(folder, catalogue)
    assert catalogue.agencies == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {}),
        ({}, {"valid_to": END - MILLISECOND}),
        ({"valid_to": None}, {"valid_to": END}),
        ({}, {"withdrawn_at": MOMENT}),
        ({}, {"withdrawn_at": MOMENT, "valid_to": MOMENT}),
        ({"grantees": ()}, {}),
        ({}, {"grantor_appointment": "head-1"}),
    ],
)
def test_a_delegation_on_record_may_end_earlier_and_be_withdrawn_once(
    before: dict[str, object], after: dict[str, object]
) -> None:
    require_kept(delegation(**before), delegation(**after))
    require_kept(None, delegation(**after))


@pytest.mark.parametrize(
    ("before", "after", "member"),
    [
        ({}, {"valid_to": END + MILLISECOND}, "valid_to"),
        ({}, {"valid_to": None}, "valid_to"),
        ({}, {"valid_from": START + MILLISECOND}, "valid_from"),
        ({"withdrawn_at": MOMENT}, {}, "withdrawn_at"),
        ({"withdrawn_at": MOMENT}, {"withdrawn_at": MOMENT - MILLISECOND}, "withdrawn_at"),
        ({}, {"number": "13/QĐ-UBND"}, "number"),
        ({}, {"legal_basis": "Quy chế khác"}, "legal_basis"),
        ({}, {"grantor": "Phó Chủ tịch"}, "grantor"),
        ({"grantor_appointment": "head-1"}, {"grantor_appointment": "head-2"}, "grantor_appointment"),
        ({}, {"agency": "elsewhere"}, "agency"),
        ({}, {"grantees": ("a", "b")}, "grantees"),
    ],
)
def test_nothing_else_of_a_delegation_on_record_changes(
    before: dict[str, object], after: dict[str, object], member: str
) -> None:
    with pytest.raises(DelegationFixed) as refused:
        require_kept(delegation(**before), delegation(**after))
    assert refused.value.values["members"] == member
    for language in ("vi", "en"):
        assert member in refused.value.detail(language)


def test_a_catalogue_with_a_changed_delegation_loads_nothing(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CATALOGUE, tmp_path / "danh mục"))
    catalogue = MemoryCatalogue()
    load_catalogue(folder, catalogue)
    before = dict(catalogue.agencies)
    for name, old, new in (("agencies", "name: ", "name: X "), ("delegations", "number: 12/", "number: 13/")):
        file = folder / f"{name}.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DelegationFixed):
        load_catalogue(folder, catalogue)
    assert catalogue.agencies == before
    assert catalogue.delegations["uy-quyen-ky-phu-xuan-1"].number == "12/QĐ-UBND"


def test_what_a_delegation_says_is_kept_in_facts_as_it_stands() -> None:
    said = signs_as(appointment(), delegation())
    assert said == {
        "capacity": "KT",
        "legal_basis": None,
        "delegation": {
            "id": "d",
            "number": "12/QĐ-UBND",
            "legal_basis": "Quy chế làm việc",
            "grantor": "Chủ tịch",
            "valid_from": "2026-01-01T00:00:00Z",
            "valid_to": "2026-07-01T00:00:00Z",
        },
    }
    assert signs_as(appointment(capacity=None, delegation=None), None)["capacity"] == "own"


def test_every_refusal_of_a_right_says_in_both_languages_what_to_do() -> None:
    for word, told in SignerNotEntitled.reasons.items():
        assert set(told) == {"vi", "en"}, word
        assert all(text.endswith(".") and len(text.split(". ")) >= 2 for text in told.values()), word
