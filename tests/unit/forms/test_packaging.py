"""A version on disk: read whole, packed the same each time, refused where its parts do not fit."""

import io
import json
import os
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from chauban.forms.definition import FormHead, current_version
from chauban.forms.packaging import (
    pack_definition,
    pack_print,
    read_definition,
    same_definition,
    unpack_definition,
    unpack_print,
    versions,
)
from pydantic import ValidationError

from tests.unit.fakes.catalogue import FORM_FOLDER, ROOT, SLUG, real_form
from tests.unit.forms.parts import HEAD, form


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """A copy of `forms/` that may be changed."""
    return Path(shutil.copytree(ROOT / "forms", tmp_path / "biểu mẫu"))


def test_packing_and_unpacking_changes_nothing() -> None:
    assert unpack_definition(pack_definition(real_form())) == real_form()


def test_the_same_files_make_the_same_bytes(forms: Path) -> None:
    here = pack_print(ROOT / "forms", FORM_FOLDER)
    for path in forms.rglob("*"):
        os.utime(path, (1, 1))
    assert pack_print(forms, forms / SLUG / "1.0") == here
    assert pack_definition(read_definition(forms / SLUG / "1.0")) == pack_definition(real_form())


def test_a_definition_from_before_an_entry_existed_says_its_default() -> None:
    """Otherwise a new release could not publish again what is published, which it does at every deployment."""
    now = pack_definition(real_form())
    before = json.loads(now)
    del before["head"]["same_day_until"]
    assert same_definition(json.dumps(before).encode(), now)
    before["head"]["processing_hours"] += 1
    assert not same_definition(json.dumps(before).encode(), now)


def test_another_template_makes_other_bytes(forms: Path) -> None:
    before = pack_print(forms, forms / SLUG / "1.0")
    template = forms / SLUG / "1.0" / "result.html"
    template.write_text(template.read_text(encoding="utf-8") + "<!-- -->", encoding="utf-8")
    assert pack_print(forms, forms / SLUG / "1.0") != before


def test_print_files_lie_under_their_paths_and_hold_nothing_else(forms: Path) -> None:
    (forms / "_shared" / "notes.md").write_text("not printed", encoding="utf-8")
    (forms / "_shared" / "make.py").write_text("not printed", encoding="utf-8")
    files = unpack_print(pack_print(forms, forms / SLUG / "1.0"))
    assert {"_shared/print.css", "_shared/receipt.html", f"{SLUG}/1.0/result.html"} <= set(files)
    assert not any(name.endswith((".py", ".md", ".json", ".yaml")) for name in files)


def test_a_packed_file_can_be_read_by_any_tool() -> None:
    with zipfile.ZipFile(io.BytesIO(pack_print(ROOT / "forms", FORM_FOLDER))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(archive.namelist())


@pytest.mark.parametrize(
    "line",
    ["colour: red\n", "grace_day: 3\n"],
)
def test_a_form_yaml_with_an_unknown_entry_is_refused(forms: Path, line: str) -> None:
    head = forms / SLUG / "1.0" / "form.yaml"
    head.write_text(head.read_text(encoding="utf-8") + line, encoding="utf-8")
    with pytest.raises(ValidationError, match="Extra inputs"):
        read_definition(head.parent)


@pytest.mark.parametrize(
    "change",
    [
        {"slug": "Có Dấu"},
        {"version": "1"},
        {"version": "v1.0"},
        {"procedures": []},
        {"procedures": [{"code": "1004873", "name": "x", "valid_from": "2025-07-01"}]},
        {"results": []},
        {"processing_hours": 0},
        {"seal": "sometimes"},
        {"attachments": [{"name": "a", "title": {}, "required": False, "types": [], "max_bytes": 0}]},
    ],
)
def test_a_malformed_head_is_refused(change: dict) -> None:
    FormHead.model_validate(HEAD)
    with pytest.raises(ValidationError):
        FormHead.model_validate({**HEAD, **change})


def test_a_folder_with_another_name_than_its_version_is_refused(forms: Path) -> None:
    renamed = (forms / SLUG / "1.0").rename(forms / SLUG / "1.1")
    with pytest.raises(ValueError, match="disagree"):
        read_definition(renamed)


@pytest.mark.parametrize("missing", ["schema.json", "uischema.json", "texts/en.json", "decision.schema.json"])
def test_a_version_without_one_of_its_parts_is_refused(forms: Path, missing: str) -> None:
    (forms / SLUG / "1.0" / missing).unlink()
    with pytest.raises(FileNotFoundError):
        read_definition(forms / SLUG / "1.0")


def test_versions_are_found_and_shared_parts_are_none() -> None:
    found = [(path.parent.name, path.name) for path in versions(ROOT / "forms")]
    assert (SLUG, "1.0") in found
    assert found == sorted(found)
    assert not any(folder.startswith("_") for folder, _ in found)


def test_the_current_version_is_the_newest_that_takes_submissions() -> None:
    day = date(2026, 11, 23)
    old = form({}, version="1.9", valid_from="2025-01-01")
    newer = form({}, version="1.10", valid_from="2025-01-01")
    planned = form({}, version="2.0", valid_from="2027-01-01")
    assert current_version([newer, old, planned], "thu", day) == newer
    assert current_version([newer, old, planned], "thu", date(2027, 1, 1)) == planned
    assert current_version([planned], "thu", day) is None
    assert current_version([newer], "khac", day) is None


def test_days_of_validity_include_both_ends() -> None:
    last = date(2026, 6, 30)
    version = form({}, valid_from="2026-01-01", valid_to=last.isoformat())
    days = (date(2025, 12, 31), date(2026, 1, 1), last, last + timedelta(days=1))
    assert [version.current(day) for day in days] == [False, True, True, False]


def test_a_procedure_is_served_only_while_it_is_valid() -> None:
    procedures = [{"code": "1.000001", "name": "x", "valid_from": "2026-01-01", "valid_to": "2026-06-30"}]
    version = form({}, procedures=procedures)
    assert version.procedure("1.000001", date(2026, 6, 30)) is not None
    assert version.procedure("1.000001", date(2026, 7, 1)) is None
    assert version.procedure("1.000002", date(2026, 6, 30)) is None
