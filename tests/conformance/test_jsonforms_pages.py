"""The JSON Forms library itself, in headless Chromium: renders every form without a warning and finds samples and faults alike."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from chauban.forms.definition import FormDefinition
from chauban.forms.field_errors import field_pointer
from chauban.forms.validation import examined
from chauban.forms.visibility import controls, without_hidden

from tests.conformance import node_project
from tests.property.conftest import FOLDERS, form_in
from tests.property.values import KEYWORDS, TODAY
from tests.property.violations import violations

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
INVALID = 12
IDS = [folder.parent.name for folder in FOLDERS]


def samples(folder: Path) -> list[Any]:
    paths = sorted((folder / "samples").glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8"))["answers"] for path in paths]


def invalid(form: FormDefinition, answers: list[Any]) -> list[Any]:
    """Sets with one rule broken, of as many kinds and places as there are; what this hides is left out, as a page does."""
    chosen: dict[tuple[str, int], Any] = {}
    for given in answers:
        for number, violation in enumerate(violations(form.form_schema, given)):
            chosen.setdefault((violation.keyword, number % 4), without_hidden(form.uischema, violation.answers))
    kinds = sorted(chosen)
    return [chosen[kind] for kind in kinds[:: max(1, len(kinds) // INVALID)]]


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the browser saw, for all forms at once."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), "chromium")
    folder = tmp_path_factory.mktemp("page")
    definitions = {}
    for path in FOLDERS:
        form, whole = form_in(path), samples(path)
        sets = [{"answers": {}, "look": True}, *({"answers": answers, "look": True} for answers in whole)]
        sets += [{"answers": answers, "look": False} for answers in invalid(form, whole)]
        definitions[form.slug] = {
            "schema": form.form_schema,
            "uischema": form.uischema,
            "texts": form.texts["vi"],
            "sets": sets,
        }
    node_project.run("build.mjs", str(folder))
    given = json.dumps({"definitions": definitions, "today": TODAY.isoformat()})
    report = json.loads(node_project.run("browse.mjs", str(folder), chromium, given=given))
    return {name: {**part, "sets": definitions[name]["sets"]} for name, part in report.items()}


@pytest.fixture(autouse=True)
def _installed(programs: Any) -> None:
    programs("node", "npm")
    if not any(map(shutil.which, CHROMIUM)):
        programs(CHROMIUM[0])


@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_the_library_renders_the_form_without_a_warning(folder: Path, report: dict[str, Any]) -> None:
    form = form_in(folder)
    found = report[form.slug]
    assert found["messages"] == []
    for given, shown in zip(found["sets"], found["shown"], strict=True):
        if given["look"]:
            assert "No applicable renderer" not in shown["seen"]
            assert _labels_missing(form, given["answers"], shown["seen"]) == []


def _labels_missing(form: FormDefinition, answers: Any, seen: str) -> list[str]:
    """Questions that these answers show and whose label is nowhere on the pages; an object's own label need not be."""
    labels = form.texts["vi"]["labels"]
    missing = []
    for path, shown in controls(form.uischema, answers).items():
        value: Any = answers
        for part in path:
            value = value.get(part) if isinstance(value, dict) else value[part] if isinstance(value, list) else None
        label = labels[".".join(part for part in path if isinstance(part, str))]
        if shown and not isinstance(value, dict | None) and label not in seen:
            missing.append(label)
    return missing


@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_the_library_finds_the_same_faults_as_the_server(folder: Path, report: dict[str, Any]) -> None:
    form = form_in(folder)
    found = report[form.slug]
    refused = 0
    for given, shown in zip(found["sets"], found["shown"], strict=True):
        ours = {
            (fault.pointer, fault.code)
            for fault in examined(form, given["answers"], TODAY).faults
            if fault.code in KEYWORDS
        }
        theirs = {(field_pointer("#/answers", path), keyword) for path, keyword in shown["faults"]}
        assert theirs == ours
        refused += bool(ours) and bool(given["answers"])
    assert refused >= 10
    whole = len(samples(folder))
    assert whole >= 1
    assert all(not shown["faults"] for shown in found["shown"][1 : whole + 1])
