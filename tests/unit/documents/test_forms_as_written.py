"""The seven forms as departments write them: every question is asked, named in both languages, and tried out by a sample."""

from collections.abc import Iterator
from typing import Any

import pytest
from chauban.errors import InvalidRequest
from chauban.forms.validation import accepted_answers, accepted_decision

from tests.unit.documents.material import CASES, SLUGS, TODAY, Case, definition, given

LANGUAGES = ("vi", "en")

# A sample, what is changed in it (None takes an entry away), and where the fault is.
FAULTS = [
    ("dang-ky-khai-sinh", "married-parents", {"parents.mother": None}, "parents/mother"),
    ("dang-ky-khai-sinh", "married-parents", {"parents.married": None}, "parents/married"),
    ("dang-ky-khai-sinh", "married-parents", {"parents.father.residence": None}, "parents/father/residence"),
    ("dang-ky-khai-sinh", "married-parents", {"parents.father.personal_number": None}, "parents/father/identity_paper"),
    ("dang-ky-khai-sinh", "married-parents", {"copies.count": None}, "copies/count"),
    ("dang-ky-khai-sinh", "married-parents", {"child.birth_date": "2025-02-30"}, "child/birth_date"),
    ("dang-ky-khai-sinh", "married-parents", {"child.sex": "x"}, "child/sex"),
    ("cap-ban-sao-trich-luc-ho-tich", "birth", {"registration.book": None}, "registration/book"),
    ("cap-ban-sao-trich-luc-ho-tich", "birth", {"number_of_copies": 51}, "number_of_copies"),
    ("cap-ban-sao-trich-luc-ho-tich", "adoption", {"second_person": None}, "second_person"),
    ("cap-ban-sao-trich-luc-ho-tich", "other-event", {"event.description": None}, "event/description"),
    ("dang-ky-khai-tu", "notice", {"notice.paper": None}, "notice/paper"),
    ("dang-ky-khai-tu", "notice", {"death.time": "24:00"}, "death/time"),
    ("dang-ky-khai-tu", "no-notice", {"notice.reason": None}, "notice/reason"),
    ("dang-ky-khai-tu", "notice", {"death.date": "1940-01-01"}, "death/date"),
    ("dang-ky-thanh-lap-ho-kinh-doanh", "household", {"members": None}, "members"),
    ("dang-ky-thanh-lap-ho-kinh-doanh", "household", {"members.1.current_address": None}, "members/1/current_address"),
    (
        "dang-ky-thanh-lap-ho-kinh-doanh",
        "individual",
        {"owner.birth_date": "2010-01-15", "owner.personal_number": "046310000615"},
        "owner/birth_date",
    ),
    ("dang-ky-thanh-lap-ho-kinh-doanh", "individual", {"trades.0.licence": None}, "trades/0/licence"),
    ("dang-ky-thanh-lap-ho-kinh-doanh", "individual", {"trades.0.code": "561"}, "trades/0/code"),
    ("dang-ky-thanh-lap-ho-kinh-doanh", "individual", {"business.capital": -1}, "business/capital"),
    ("cap-giay-phep-xay-dung-nha-o-rieng-le", "tall-with-basement", {"house.design_check": None}, "house/design_check"),
    ("cap-giay-phep-xay-dung-nha-o-rieng-le", "tall-with-basement", {"house.basements": None}, "house/basements"),
    ("cap-giay-phep-xay-dung-nha-o-rieng-le", "three-floors", {"design.designers": None}, "design/designers"),
    ("cap-giay-phep-xay-dung-nha-o-rieng-le", "three-floors", {"owner.phone": "123"}, "owner/phone"),
    ("tro-cap-xa-hoi-hang-thang", "disability-account", {"disability": None}, "disability"),
    ("tro-cap-xa-hoi-hang-thang", "disability-account", {"payment.account": None}, "payment/account"),
    ("tro-cap-xa-hoi-hang-thang", "disability-filed-by-son", {"filer": None}, "filer"),
    ("tro-cap-xa-hoi-hang-thang", "single-parent-near-poor", {"children.0.school": None}, "children/0/school"),
    ("xac-nhan-tinh-trang-hon-nhan", "married", {"marital_status.paper": None}, "marital_status/paper"),
    ("xac-nhan-tinh-trang-hon-nhan", "divorced", {"marital_status.judgment": None}, "marital_status/judgment"),
    ("xac-nhan-tinh-trang-hon-nhan", "married", {"subject.personal_number": None}, "subject/identity_paper"),
    ("xac-nhan-tinh-trang-hon-nhan", "married", {"residence_period.to": "2009-12-31"}, "residence_period/to"),
    ("xac-nhan-tinh-trang-hon-nhan", "married", {"subject.sex": "female"}, "subject/personal_number"),
]


@pytest.mark.parametrize("case", [case for case in CASES if case.name != "decomposed"], ids=str)
def test_a_sample_is_accepted_unchanged(case: Case) -> None:
    form, data = definition(case.slug), given(case)
    assert accepted_answers(form, data["answers"], TODAY) == data["answers"]
    result = form.head.results[0]
    stored = accepted_decision(form, result, data["answers"], data["decision"], TODAY)
    assert {name: value for name, value in stored.items() if name in data["decision"]} == data["decision"]
    assert stored.keys() - data["decision"].keys() == {derivation.name for derivation in result.derived}


@pytest.mark.parametrize(("slug", "sample", "change", "pointer"), FAULTS, ids=lambda value: str(value))
def test_a_fault_is_found_where_it_is(slug: str, sample: str, change: dict[str, Any], pointer: str) -> None:
    answers = given(Case(slug, "samples", sample))["answers"]
    for path, value in change.items():
        *parents, last = path.split(".")
        holder = answers
        for name in parents:
            holder = holder[int(name)] if name.isdigit() else holder[name]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
    with pytest.raises(InvalidRequest) as caught:
        accepted_answers(definition(slug), answers, TODAY)
    assert [fault.pointer for fault in caught.value.errors] == [f"#/answers/{pointer}"]


@pytest.mark.parametrize("slug", SLUGS)
def test_each_conditional_question_is_answered_in_one_sample_and_left_out_in_another(slug: str) -> None:
    samples = [given(case)["answers"] for case in CASES if case.slug == slug and case.folder == "samples"]
    asked = [set(_answered(answers)) for answers in samples]
    conditional = {path for path, rule in _controls(definition(slug).uischema) if rule}
    assert [path for path in conditional if all(path in paths for paths in asked)] == []
    assert [path for path in conditional if not any(path in paths for paths in asked)] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_is_asked_once(slug: str) -> None:
    form = definition(slug)
    asked = sorted(path for path, _ in _controls(form.uischema))
    questions = dict(_questions(form.form_schema, form.form_schema))
    assert len(asked) == len(set(asked))
    assert set(asked) <= set(questions)
    leaves = {path for path, part in questions.items() if "properties" not in part and "items" not in part}
    assert leaves <= set(asked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_and_choice_has_its_text(slug: str, language: str) -> None:
    form = definition(slug)
    texts = form.texts[language]
    for schema in (form.form_schema, *form.decision_schemas.values()):
        for path, part in _questions(schema, schema):
            assert texts["labels"][path]
            for value in part.get("enum", ()):
                if schema is form.form_schema:
                    assert texts["options"][f"{path}.{value}"]
    assert set(texts["pages"]) == set(_pages(form.uischema))


@pytest.mark.parametrize("slug", SLUGS)
def test_both_languages_have_the_same_texts(slug: str) -> None:
    vietnamese, english = (definition(slug).texts[language] for language in LANGUAGES)
    assert vietnamese.keys() == english.keys()
    for part in ("labels", "descriptions", "options", "pages"):
        assert vietnamese[part].keys() == english[part].keys()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_value_has_a_limit_and_every_object_is_closed(slug: str) -> None:
    form = definition(slug)
    for schema in (form.form_schema, *form.decision_schemas.values()):
        for part in [schema, *(part for _, part in _questions(schema, schema))]:
            kind = part.get("type")
            assert kind != "string" or "maxLength" in part or "enum" in part
            assert kind not in {"integer", "number"} or "maximum" in part or "const" in part
            assert kind != "array" or "maxItems" in part
            assert kind != "object" or part["additionalProperties"] is False


def _pages(element: dict[str, Any]) -> Iterator[str]:
    """The names of pages and groups."""
    if name := element.get("i18n"):
        yield name.removeprefix("pages.")
    detail = element.get("options", {}).get("detail")
    for child in [*element.get("elements", ()), *([detail] if detail else [])]:
        yield from _pages(child)


def _controls(element: dict[str, Any], above: str = "", rule: bool = False) -> Iterator[tuple[str, bool]]:
    """Path, without list positions, and whether a rule decides about it, of every control."""
    rule = rule or "rule" in element
    if element["type"] == "Control":
        path = above + ".".join(element["scope"].removeprefix("#/").split("/")[1::2])
        yield path, rule
        if detail := element.get("options", {}).get("detail"):
            yield from _controls(detail, f"{path}.", rule)
    for child in element.get("elements", ()):
        yield from _controls(child, above, rule)


def _questions(part: dict[str, Any], root: dict[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in part.get("properties", {}).items():
        found = _resolved(schema, root)
        yield above + name, found
        inner = _resolved(found["items"], root) if "items" in found else found
        yield from _questions(inner, root, f"{above}{name}.")


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _answered(value: Any, above: str = "") -> Iterator[str]:
    for name, item in value.items() if isinstance(value, dict) else ():
        yield above + name
        for part in item if isinstance(item, list) else [item]:
            yield from _answered(part, f"{above}{name}.")
