"""In whose stead somebody signs, what that rests on, and when it stands."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chauban.access.catalogue import Appointment, Capacity, Delegation, Role
from chauban.access.delegations import refusal, unfounded
from chauban.access.loading import load_catalogue
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
            "- {id: x, number: 1/QĐ, legal_basis: A, grantor: B, agency: khong-co, valid_from: 2025-07-01T00:00:00+07:00}\n",
            "no agency khong-co",
        ),
    ],
)
def test_records_that_do_not_fit_together_load_nothing(tmp_path: Path, file: str, line: str, said: str) -> None:
    folder = Path(shutil.copytree(CATALOGUE, tmp_path / "danh mục"))
    append(folder / file, line)
    catalogue = MemoryCatalogue()
    with pytest.raises(ValueError, match=said):
        load_catalogue(folder, catalogue)
    assert catalogue.agencies == {}
