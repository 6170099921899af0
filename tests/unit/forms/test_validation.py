"""Faults in answers: where, which, and a sentence in each language."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from chauban.errors import FieldError, InvalidRequest
from chauban.forms.validation import accepted_answers, accepted_decision, normalised

from tests.unit.forms.parts import control, form, group, when

TODAY = date(2026, 11, 23)
NAME = {"type": "string", "minLength": 2, "maxLength": 10, "pattern": "^[^0-9]*$"}


def schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def faults(definition: dict[str, Any], answers: dict[str, Any]) -> dict[str, FieldError]:
    with pytest.raises(InvalidRequest) as error:
        accepted_answers(form(definition), answers, TODAY)
    return {fault.pointer: fault for fault in error.value.errors}


@pytest.mark.parametrize(
    ("property_schema", "value", "code", "vietnamese", "english"),
    [
        (NAME, "A", "minLength", "Mục “Họ và tên” cần ít nhất 2 ký tự. Vui lòng điền đầy đủ.", "at least 2"),
        (NAME, "A" * 11, "maxLength", "Mục “Họ và tên” dài quá 10 ký tự. Vui lòng viết ngắn lại.", "longer than 10"),
        (NAME, "An 2", "pattern", "Mục “Họ và tên” chưa đúng cách ghi. Vui lòng kiểm tra lại từng ký tự.", "each char"),
        (NAME, 5, "type", "Mục “Họ và tên” phải là chữ. Vui lòng điền lại.", "must be text"),
        ({"enum": ["a"]}, "b", "enum", "Mục “Họ và tên” có giá trị ngoài danh sách.", "outside the list"),
        ({"const": 6}, 7, "const", "Mục “Họ và tên” phải giữ giá trị cho sẵn.", "its given value"),
        ({"minimum": 1}, 0, "minimum", "Mục “Họ và tên” phải từ 1 trở lên.", "1 or more"),
        ({"maximum": 5}, 6, "maximum", "Mục “Họ và tên” phải từ 5 trở xuống.", "5 or less"),
        ({"minItems": 1}, [], "minItems", "Mục “Họ và tên” cần ít nhất 1 dòng.", "at least 1 entry."),
        ({"maxItems": 1}, [1, 2], "maxItems", "Mục “Họ và tên” có quá 1 dòng.", "more than 1 entry."),
        (
            {"format": "date"},
            "30/02/2026",
            "format",
            "phải là một ngày có thật, viết theo dạng 2026-01-31",
            "real date",
        ),
        ({"format": "email"}, "an@", "format", "phải là một địa chỉ thư điện tử, ví dụ ten@vidu.vn.", "e-mail"),
        ({"format": "uri"}, "an", "format", "Mục “Họ và tên” chưa hợp lệ.", "not valid"),
        ({"multipleOf": 2}, 3, "multipleOf", "Mục “Họ và tên” phải là bội số của 2.", "a multiple of 2"),
        (False, "x", "falseSchema", "Mục “Họ và tên” không có trong mẫu đơn.", "no entry"),
    ],
)
def test_each_fault_has_a_sentence_in_both_languages(
    property_schema: Any, value: Any, code: str, vietnamese: str, english: str
) -> None:
    fault = faults(schema(ten=property_schema), {"ten": value})["#/answers/ten"]
    assert fault.code == code
    assert vietnamese in fault.detail["vi"]
    assert "Họ và tên" in fault.detail["vi"]
    assert english in fault.detail["en"]
    assert "Full name" in fault.detail["en"]


def test_what_is_missing_or_unknown_is_named_itself() -> None:
    definition = {**schema(ten=NAME, tuoi={"type": "integer"}), "required": ["ten", "tuoi"]}
    found = faults(definition, {"x": 1, "y": 2})
    assert {pointer: fault.code for pointer, fault in found.items()} == {
        "#/answers/ten": "required",
        "#/answers/tuoi": "required",
        "#/answers/x": "additionalProperties",
        "#/answers/y": "additionalProperties",
    }
    assert found["#/answers/ten"].detail == {
        "vi": "Vui lòng điền mục “Họ và tên”.",
        "en": "Please fill in 'Full name'.",
    }
    # Without a label, the path is the name.
    assert "“tuoi”" in found["#/answers/tuoi"].detail["vi"]


def test_all_faults_are_told_at_once_and_each_once() -> None:
    twice = {**schema(ten=NAME), "required": ["ten"], "allOf": [{"required": ["ten"]}]}
    assert len(faults(twice, {})) == 1
    assert set(faults(schema(ten=NAME, tuoi={"minimum": 0}), {"ten": "1", "tuoi": -1})) == {
        "#/answers/ten",
        "#/answers/tuoi",
    }


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("a/b", "a~1b"),
        ("a~b", "a~0b"),
        ("~1", "~01"),
        ("họ tên", "h%E1%BB%8D%20t%C3%AAn"),
        ("100%", "100%25"),
        ('a"b#?', "a%22b%23%3F"),
    ],
)
def test_pointers_are_uri_fragments_of_rfc_6901(name: str, token: str) -> None:
    assert set(faults(schema(**{name: NAME}), {name: 1})) == {f"#/answers/{token}"}


def test_a_fault_in_a_list_points_to_its_row_and_is_named_without_it() -> None:
    rows = {"type": "array", "items": schema(ten=NAME)}
    labelled = form(schema(con=rows))
    texts = {**labelled.texts, "vi": {"labels": {"con.ten": "Tên con"}}}
    with pytest.raises(InvalidRequest) as error:
        accepted_answers(labelled.model_copy(update={"texts": texts}), {"con": [{"ten": "An"}, {"ten": "1"}]}, TODAY)
    fault = error.value.errors[0]
    assert fault.pointer == "#/answers/con/1/ten"
    assert "“Tên con”" in fault.detail["vi"]


def test_many_unknown_entries_do_not_make_many_faults() -> None:
    assert len(faults(schema(), {f"x{n:03d}": 1 for n in range(500)})) == 20


def test_a_value_is_never_repeated_in_a_sentence() -> None:
    found = faults(schema(ten=NAME), {"ten": "Nguyễn Thị An 046198000101"})
    assert all("Nguyễn" not in text and "0461" not in text for f in found.values() for text in f.detail.values())


def test_braces_in_names_are_no_format_codes() -> None:
    assert set(faults(schema(), {"{limit}": 1, "{0.__class__}": 2}))


def test_decomposed_text_is_composed_before_it_is_measured() -> None:
    name = "Nguyễn Ánh"  # ten letters; fourteen code points when decomposed
    decomposed = unicodedata.normalize("NFD", name)
    assert len(decomposed) > 10
    assert accepted_answers(form(schema(ten=NAME)), {"ten": decomposed}, TODAY) == {"ten": name}


def test_blanks_around_a_text_do_not_make_it_longer() -> None:
    assert faults(schema(ten=NAME), {"ten": "  A  "})["#/answers/ten"].code == "minLength"


def test_normalising_reaches_every_text_and_key_and_no_other_value() -> None:
    nfd = unicodedata.normalize("NFD", "Huế")
    value = {nfd: [nfd, {"x": f" {nfd} "}], "n": 1.5, "t": True, "none": None}
    assert normalised(value) == {"Huế": ["Huế", {"x": "Huế"}], "n": 1.5, "t": True, "none": None}


def test_hidden_answers_are_dropped_before_they_are_checked() -> None:
    ui = group(control("ten", effect="SHOW", condition=when("loai", {"const": 2})))
    shown = form(schema(ten=NAME, loai={}), ui)
    assert accepted_answers(shown, {"loai": 1, "ten": 12345}, TODAY) == {"loai": 1}
    with pytest.raises(InvalidRequest):
        accepted_answers(shown, {"loai": 2, "ten": 12345}, TODAY)


def test_a_decisions_faults_point_below_data() -> None:
    definition = form(schema())
    definition = definition.model_copy(update={"decision_schemas": {"decision.schema.json": schema(ten=NAME)}})
    with pytest.raises(InvalidRequest) as error:
        accepted_decision(definition, definition.head.results[0], {}, {"ten": ""}, TODAY)
    assert [fault.pointer for fault in error.value.errors] == ["#/data/ten"]
