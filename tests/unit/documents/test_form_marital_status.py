"""The form of procedure 1.004873: its schema takes what it should and nothing else, and its parts fit together."""

import copy
import json
from io import BytesIO

import jsonschema_rs
import pytest
from chauban.errors import InvalidRequest
from chauban.forms.packaging import read_definition
from chauban.forms.validation import accepted_answers, accepted_decision
from fontTools.ttLib import TTFont

from tests.unit.documents.conftest import CASES, FORMS, VERSION, published_files, sample

DECISION = "decision.schema.json"


@pytest.fixture(scope="module")
def form():
    return read_definition(FORMS / VERSION)


@pytest.mark.parametrize("case", CASES)
def test_the_samples_are_accepted_unchanged(case, form):
    given = sample(case)
    assert accepted_answers(form, given["answers"]) == given["answers"]
    assert accepted_decision(form, DECISION, given["decision"]) == given["decision"]


@pytest.mark.parametrize(
    ("case", "change", "pointer"),
    [
        ("never-married", {"purpose": None}, "#/answers/purpose"),
        ("never-married", {"subject.full_name": "X9 😀"}, "#/answers/subject/full_name"),
        ("never-married", {"subject.full_name": "A"}, "#/answers/subject/full_name"),
        ("never-married", {"subject.birth_date": "1990-02-30"}, "#/answers/subject/birth_date"),
        ("never-married", {"subject.sex": "x"}, "#/answers/subject/sex"),
        ("never-married", {"requester.personal_number": "04619800010"}, "#/answers/requester/personal_number"),
        ("never-married", {"requester.relation": "friend"}, "#/answers/requester/relation"),
        ("never-married", {"requester.salary": 1}, "#/answers/requester/salary"),
        ("never-married", {"residence_period.to": None}, "#/answers/residence_period/to"),
        ("never-married", {"subject.residence": "x" * 201}, "#/answers/subject/residence"),
        ("never-married", {"subject.residence": "hai\ndòng"}, "#/answers/subject/residence"),
        ("never-married", {"subject.residence": "好 phường"}, "#/answers/subject/residence"),
        ("married", {"marital_status.spouse_name": None}, "#/answers/marital_status/spouse_name"),
        ("married", {"marital_status.paper": None}, "#/answers/marital_status/paper"),
        ("divorced", {"marital_status.judgment": None}, "#/answers/marital_status/judgment"),
        ("divorced", {"marital_status.judgment.number": None}, "#/answers/marital_status/judgment/number"),
        ("widowed", {"marital_status.paper": None}, "#/answers/marital_status/paper"),
        ("married", {"subject.personal_number": None}, "#/answers/subject/identity_paper"),
    ],
)
def test_a_fault_is_found_where_it_is(case, change, pointer, form):
    answers = changed(sample(case)["answers"], change)
    with pytest.raises(InvalidRequest) as caught:
        accepted_answers(form, answers)
    assert [fault.pointer for fault in caught.value.errors] == [pointer]


def test_answers_to_another_case_are_dropped_before_they_are_stored(form):
    answers = changed(
        sample("never-married")["answers"], {"marital_status": sample("married")["answers"]["marital_status"]}
    )
    answers["marital_status"]["case"] = "never_married"
    assert accepted_answers(form, answers)["marital_status"] == {"case": "never_married"}


def test_a_decision_must_not_hold_what_another_case_needs(form):
    decision = changed(sample("married")["decision"], {"marital_status.case": "never_married"})
    with pytest.raises(InvalidRequest):
        accepted_decision(form, DECISION, decision)


def test_a_decision_is_valid_for_six_months_and_no_other_time(form):
    with pytest.raises(InvalidRequest):
        accepted_decision(form, DECISION, changed(sample("married")["decision"], {"valid_months": 12}))


def test_every_character_that_the_schema_takes_has_a_glyph(form):
    validator = jsonschema_rs.Draft202012Validator(form.form_schema["properties"]["purpose"])
    taken = {code for code in range(0x20, 0x3000) if validator.is_valid(f"a{chr(code)}")}
    for path, content in published_files().items():
        if "LiberationSerif" in path:
            assert taken <= set(TTFont(BytesIO(content)).getBestCmap())
    assert {ord(letter) for letter in "ĐđƠơƯưẠỹỶ–“”’"} <= taken


def test_both_schemas_are_schemas_and_share_their_definitions(form):
    decision = form.decision_schemas[DECISION]
    for schema in (form.form_schema, decision):
        jsonschema_rs.meta.validate(schema)
    for name, definition in decision["$defs"].items():
        assert form.form_schema["$defs"][name] == definition


def test_every_text_has_a_length_and_every_object_is_closed(form):
    for schema in (form.form_schema, *form.decision_schemas.values()):
        for part in parts(schema):
            if part.get("type") == "string":
                assert part["maxLength"] > 0
            if part.get("type") == "object":
                assert part["additionalProperties"] is False
                assert part["title"]


def test_every_question_is_asked_once(form):
    asked = [part["i18n"] for part in parts(form.uischema) if part.get("type") == "Control"]
    questions = list(answer_paths(form.form_schema, form.form_schema))
    single = [path for path in questions if not any(other.startswith(f"{path}.") for other in questions)]
    assert sorted(path for path in asked if path in single) == sorted(single)
    assert set(asked) <= set(questions)


def test_every_question_has_a_label_in_both_languages(form):
    for path in answer_paths(form.form_schema, form.form_schema):
        assert path in form.texts["vi"]["labels"]
        assert path in form.texts["en"]["labels"]


def test_both_languages_have_the_same_texts(form):
    vietnamese, english = form.texts["vi"], form.texts["en"]
    assert vietnamese.keys() == english.keys()
    for part in ("labels", "descriptions", "options", "pages"):
        assert vietnamese[part].keys() == english[part].keys()


def test_every_choice_has_a_text(form):
    options = form.texts["vi"]["options"]
    for part, prefix in (
        (form.form_schema["properties"]["requester"]["properties"]["relation"], "requester.relation"),
        (form.form_schema["properties"]["subject"]["properties"]["sex"], "subject.sex"),
        (form.form_schema["$defs"]["identity_paper"]["properties"]["type"], "identity_paper.type"),
        (form.form_schema["$defs"]["marital_status"]["properties"]["case"], "marital_status.case"),
    ):
        assert all(f"{prefix}.{value}" in options for value in part["enum"])


def changed(answers, change):
    """A copy with values by dotted path; None takes the entry away."""
    answers = copy.deepcopy(answers)
    for path, value in change.items():
        *parents, last = path.split(".")
        holder = answers
        for name in parents:
            holder = holder[name]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
    return json.loads(json.dumps(answers))


def parts(schema):
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)


def answer_paths(schema, root, prefix=""):
    for name, part in schema.get("properties", {}).items():
        if isinstance(part, dict):
            if "$ref" in part:
                part = root["$defs"][part["$ref"].rsplit("/", 1)[1]]
            yield prefix + name
            yield from answer_paths(part, root, f"{prefix}{name}.")
