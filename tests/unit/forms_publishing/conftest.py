"""A small form in a scratch folder, made as a department makes one, and ways to spoil it."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chauban.forms.scaffold.making import NewForm, new_form

ROOT = Path(__file__).parents[3]
SLUG = "mau-thu"
TODAY = date(2026, 11, 23)
WANTED = NewForm(
    slug=SLUG,
    procedure="1.999999",
    title="Tờ khai: cấp phép “thử”",
    title_en="Application: a permit",
    result="Giấy phép thử nghiệm",
    valid_from=date(2026, 1, 1),
)


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """A forms folder with nothing in it but what all forms share."""
    shutil.copytree(ROOT / "forms" / "_shared", tmp_path / "mẫu đơn" / "_shared")
    return tmp_path / "mẫu đơn"


@pytest.fixture
def folder(forms: Path) -> Path:
    """A new form as it is made."""
    return new_form(forms, WANTED)


def edit(path: Path, change: Callable[[Any], object]) -> None:
    """Changes a JSON file in place."""
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def rewrite(path: Path, old: str, new: str) -> None:
    """Changes a text file in place; fails where there is nothing to change."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def without_reason(folder: Path) -> None:
    """A major change: one field less."""
    edit(folder / "schema.json", lambda schema: schema["properties"]["request"]["properties"].pop("reason"))
    edit(folder / "uischema.json", lambda layout: layout["elements"][1]["elements"].pop(1))
