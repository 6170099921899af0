"""The form of procedure 1.004873 with its samples, and typical mistakes of those who fill it in."""

import copy
import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from chauban.errors import InvalidRequest
from chauban.forms.validation import accepted_answers, accepted_decision

from tests.unit.fakes.catalogue import FORM_FOLDER, real_form

TODAY = date(2026, 11, 23)
SAMPLES = sorted((FORM_FOLDER / "samples").glob("*.json"))


def sample(name: str = "never-married") -> dict[str, Any]:
    return json.loads((FORM_FOLDER / "samples" / f"{name}.json").read_text(encoding="utf-8"))


def faults(answers: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as error:
        accepted_answers(real_form(), answers, TODAY)
    return {(fault.pointer.removeprefix("#/answers/"), fault.code) for fault in error.value.errors}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_passes_unchanged(path: Path) -> None:
    given = json.loads(path.read_text(encoding="utf-8"))
    form, answers = real_form(), given["answers"]
    assert accepted_answers(form, answers, TODAY) == answers
    assert accepted_decision(form, form.head.results[0], answers, given["decision"], TODAY) == given["decision"]


def test_the_schemas_are_valid_and_named() -> None:
    form = real_form()
    for schema in (form.form_schema, *form.decision_schemas.values()):
        jsonschema_rs.meta.validate(schema)
        assert schema["$id"].startswith(f"urn:chauban:form:{form.slug}:{form.version}")


def test_decomposed_and_composed_answers_are_the_same() -> None:
    given = sample("divorced")["answers"]
    decomposed = json.loads(unicodedata.normalize("NFD", json.dumps(given, ensure_ascii=False)))
    assert decomposed != given
    assert accepted_answers(real_form(), decomposed, TODAY) == given


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("subject/full_name", "Nguyễn Thị An 2", "pattern"),
        ("subject/full_name", "Nguyễn 😀", "pattern"),
        ("subject/full_name", "<b>An</b>", "pattern"),
        ("subject/birth_date", "05/02/1998", "format"),
        ("subject/birth_date", "1998-02-30", "format"),
        ("subject/personal_number", "04619800010", "format"),
        ("subject/sex", "nữ", "enum"),
        ("subject/residence", "", "minLength"),
        ("subject/residence", "Huế\u202e", "forbidden-character"),
        ("subject/residence", "phường 好", "glyph"),
        ("subject/birth_date", "2026-11-24", "format"),
        ("subject/personal_number", "046199000101", "personal-number-birth-date"),
        ("subject/personal_number", "046098000101", "personal-number-sex"),
        ("purpose", "x" * 1001, "maxLength"),
        ("requester/nickname", "Bống", "additionalProperties"),
    ],
)
def test_a_mistake_is_found_at_its_place(path: str, value: str, code: str) -> None:
    answers = sample()["answers"]
    *parents, last = path.split("/")
    holder = answers
    for name in parents:
        holder = holder[name]
    holder[last] = value
    assert (path, code) in faults(answers)


def test_three_mistakes_are_three_faults_with_labels() -> None:
    answers = sample()["answers"]
    answers["subject"]["birth_date"] = "hôm qua"
    answers["subject"]["full_name"] = "N"
    del answers["purpose"]
    with pytest.raises(InvalidRequest) as error:
        accepted_answers(real_form(), answers, TODAY)
    texts = {fault.pointer: fault.detail["vi"] for fault in error.value.errors}
    assert len(texts) == 3
    assert "“Ngày, tháng, năm sinh”" in texts["#/answers/subject/birth_date"]
    assert "“Họ, chữ đệm, tên”" in texts["#/answers/subject/full_name"]
    assert "“Mục đích sử dụng”" in texts["#/answers/purpose"]


def test_somebody_without_a_personal_number_needs_a_paper() -> None:
    answers = sample()["answers"]
    with_number = copy.deepcopy(answers)
    del answers["subject"]["personal_number"]
    assert faults(answers) == {("subject/identity_paper", "required")}
    paper = {
        "type": "passport",
        "number": "C1234567",
        "issued_on": "2020-01-31",
        "issued_by": "Cục Quản lý xuất nhập cảnh",
    }
    answers["subject"]["identity_paper"] = paper
    assert accepted_answers(real_form(), answers, TODAY) == answers
    # With a number nobody is asked for a paper, and one that was given before is dropped.
    with_number["subject"]["identity_paper"] = paper
    assert "identity_paper" not in accepted_answers(real_form(), with_number, TODAY)["subject"]


@pytest.mark.parametrize(
    ("case", "needed"),
    [
        ("married", {"marital_status/spouse_name", "marital_status/paper"}),
        ("divorced", {"marital_status/judgment"}),
        ("widowed", {"marital_status/paper"}),
    ],
)
def test_each_case_asks_for_its_own_proof(case: str, needed: set[str]) -> None:
    answers = sample()["answers"]
    answers["marital_status"] = {"case": case}
    assert faults(answers) == {(path, "required") for path in needed}


def test_proof_of_another_case_is_dropped_from_answers_and_refused_in_a_decision() -> None:
    married = sample("married")
    answers = married["answers"]
    answers["marital_status"]["case"] = "never_married"
    assert accepted_answers(real_form(), answers, TODAY)["marital_status"] == {"case": "never_married"}
    decision = married["decision"]
    decision["marital_status"]["case"] = "never_married"
    with pytest.raises(InvalidRequest):
        accepted_decision(real_form(), real_form().head.results[0], answers, decision, TODAY)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_field_has_a_label_in_both_languages(language: str) -> None:
    form = real_form()
    labels = form.texts[language]["labels"]
    paths = {".".join(path) for path in _paths(form.form_schema, form.form_schema)}
    paths |= {".".join(path) for s in form.decision_schemas.values() for path in _paths(s, s)}
    assert paths - set(labels) == set()


def _paths(schema: dict[str, Any], root: dict[str, Any], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    found = []
    for name, part in schema.get("properties", {}).items():
        found += [(*above, name), *_paths(part, root, (*above, name))]
    return found
