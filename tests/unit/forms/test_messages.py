"""Every fault has its own sentence in both languages, and a form may say it better."""

import re

import pytest
from chauban.forms import message_texts
from chauban.forms.formats import FORMATS
from chauban.forms.messages import explain, sentence

from tests.property import values

ASSERTING = values.KEYWORDS - values.ANNOTATIONS - {"$ref", "properties", "items", "type", "format"}
TEXTS = {"vi": {"labels": {"rows.name": "Tên"}}, "en": {"labels": {"rows.name": "Name"}}}


def test_every_keyword_format_and_type_has_its_sentences() -> None:
    assert set(message_texts.SENTENCES) >= ASSERTING
    assert set(message_texts.FORMATS) == FORMATS
    assert {kind for (kind,) in message_texts.TYPES} == {"string", "integer", "number", "boolean", "array", "object"}


@pytest.mark.parametrize(
    ("vietnamese", "english"),
    [*message_texts.SENTENCES.values(), *message_texts.FORMATS.values(), *message_texts.TYPES.values()],
)
def test_sentences_are_whole_name_the_field_and_say_what_to_do(vietnamese: str, english: str) -> None:
    for text in (vietnamese, english):
        assert "{label}" in text
        assert text.endswith(".")
        assert text[0].isupper() or text[0] in "“'"
    assert re.search("[Vv]ui lòng|phải là|phải gồm", vietnamese)
    assert re.search("[Pp]lease|must be", english)
    # Both fill in the same values, but for the unit, which only English counts.
    used = [set(re.findall(r"{(\w+)}", text)) - {"unit"} for text in (vietnamese, english)]
    assert used[0] == used[1]


def test_one_and_several_are_counted_right() -> None:
    assert "1 character." in explain("minLength", {"limit": 1}, ["x"], {})["en"]
    assert "2 characters." in explain("minLength", {"limit": 2}, ["x"], {})["en"]
    assert "1 entry." in explain("maxItems", {"limit": 1}, ["x"], {})["en"]
    assert "40 entries." in explain("maxItems", {"limit": 40}, ["x"], {})["en"]


def test_rows_are_named_by_their_list() -> None:
    assert "“Tên”" in explain("required", {}, ["rows", 3, "name"], TEXTS)["vi"]
    assert "'Name'" in explain("required", {}, ["rows", "3", "name"], TEXTS)["en"]


def test_a_form_may_have_a_sentence_of_its_own() -> None:
    own = {**TEXTS, "vi": {**TEXTS["vi"], "errors": {"rows.name.pattern": "Viết bốn chữ số, ví dụ 4711 {0}."}}}
    told = explain("pattern", {}, ["rows", 0, "name"], own)
    assert told["vi"] == "Viết bốn chữ số, ví dụ 4711 {0}."
    assert told["en"].startswith("'Name' is not written")
    assert "“Tên”" in explain("required", {}, ["rows", 0, "name"], own)["vi"]


def test_a_sentence_for_the_answers_as_a_whole() -> None:
    assert "“nội dung”" in sentence("forbidden-character", [], {}, characters="U+0000")["vi"]
