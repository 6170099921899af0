"""Annexes as authors write them: checked, compared between versions, and shown, like the documents that they belong to."""

from pathlib import Path

import pytest
from chauban.dossiers.documents import DocumentKind
from chauban.forms.checking.reading import definition
from chauban.forms.checking.samples import samples_of
from chauban.forms.checking.trial import jobs_of
from chauban.forms.checking.version import Check
from chauban.forms.difference import differences, is_major
from chauban.forms.packaging import read_definition
from chauban.forms.previewing.server import Preview
from chauban.forms.scaffold.making import next_version
from pydantic import ValidationError

from tests.unit.forms_publishing.conftest import SLUG, TODAY, edit, rewrite

PAGE = '{% extends "_shared/annex.html" %}\n{% block body %}<p>Theo đề nghị: {{ answers.request.subject }}./.</p>{% endblock %}\n'
ITEM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {"name": {"type": "string", "maxLength": 9}},
}


def with_annex(folder: Path, *more: str, template: str = "annex.html") -> Path:
    """The version with an annex; `more` are further lines about it."""
    lines = "".join(f"        {line}\n" for line in (f"- template: {template}", "  title: Danh sách kèm theo", *more))
    rewrite(folder / "form.yaml", "    copies_from: null\n", f"    copies_from: null\n    annexes:\n{lines}")
    (folder / template).write_text(PAGE, encoding="utf-8")
    return folder


def test_a_form_with_an_annex_can_be_published_and_its_pages_are_made(folder: Path) -> None:
    assert Check(TODAY).version(with_annex(folder)) == []
    samples = samples_of(folder)
    jobs = jobs_of(read_definition(folder), samples)
    assert [job.kind for job in jobs].count(DocumentKind.ANNEX) == len(samples)
    page = Preview(folder).page(None, "vi")
    assert "Phụ lục: Danh sách kèm theo" in page
    assert "/annex-1.pdf" in page
    pdf, _ = Preview(folder).document("annex-1", None)
    assert pdf is not None
    assert pdf[:4] == b"%PDF"
    assert Preview(folder).document("annex-2", None) == (None, "?")


def test_an_annex_without_its_fields_is_found(folder: Path) -> None:
    with_annex(folder)
    page = (folder.parent.parent / "_shared/annex.html").read_text(encoding="utf-8")
    (folder / "annex.html").write_text(
        page.replace('<blockquote id="field-annex-number"></blockquote>', ""),
        encoding="utf-8",
    )
    found = {one.text["en"]: one for one in Check(TODAY).version(folder)}
    assert [one.code for one in found.values()] == ["fields"]
    assert all("field-annex-number" in text for text in found)


def test_an_annex_that_is_given_by_a_field_that_is_not_there_is_refused(folder: Path) -> None:
    with_annex(folder, "  given: decision.nothing")
    _, found = definition(folder)
    assert [(one.code, "decision.nothing" in one.text["vi"]) for one in found] == [("annex-unresolved", True)]


@pytest.mark.parametrize("path", ["nothing", "answers", "dossier.id", "answers..name"])
def test_what_an_annex_is_given_by_is_an_answer_or_of_the_decision(folder: Path, path: str) -> None:
    with_annex(folder, f"  given: {path}")
    with pytest.raises(ValidationError):
        read_definition(folder)


def test_an_annex_more_is_a_small_change_and_one_less_a_large_one(folder: Path) -> None:
    forms, first = folder.parent.parent, read_definition(folder).head.valid_from
    without, annexed = (
        read_definition(folder),
        read_definition(with_annex(next_version(forms, SLUG, "1.1", "1.0", first))),
    )
    assert not is_major(differences(without, annexed))
    assert is_major(differences(annexed, without))


def test_what_is_required_within_something_new_and_optional_is_a_small_change(folder: Path) -> None:
    newer = next_version(folder.parent.parent, SLUG, "1.1", "1.0", read_definition(folder).head.valid_from)
    edit(
        newer / "decision.schema.json",
        lambda schema: schema["properties"].update(list={"type": "array", "maxItems": 9, "items": ITEM}),
    )
    changes = differences(read_definition(folder), read_definition(newer))
    assert {one.place: one.major for one in changes if one.code.startswith("field")} == {
        "decision:list": False,
        "decision:list.name": False,
    }
    edit(newer / "decision.schema.json", lambda schema: schema["required"].append("list"))
    assert is_major(differences(read_definition(folder), read_definition(newer)))
