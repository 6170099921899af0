"""A result has the fields of the form's signatories, no fewer and no more."""

from pathlib import Path

from chauban.forms.checking.version import Check
from chauban.forms.findings import Finding

from tests.unit.forms_publishing.conftest import TODAY, rewrite

ONE = "  - role: official\n    field: official\n"
TWO = f"{ONE}  - role: official\n    field: official2\n"


def of_fields(folder: Path) -> list[Finding]:
    return [one for one in Check(TODAY, documents=True).version(folder) if one.code == "fields"]


def test_a_form_for_two_officials_passes_with_the_shared_page(folder: Path) -> None:
    rewrite(folder / "form.yaml", ONE, TWO)
    assert Check(TODAY, documents=True).version(folder) == []


def test_a_page_of_its_own_without_the_second_field_is_found(folder: Path) -> None:
    rewrite(folder / "form.yaml", ONE, TWO)
    with (folder / "result.html").open("a", encoding="utf-8") as page:
        page.write("{% block signatures %}{{ shared.signature_block(official) }}{% endblock %}\n")
    (found,) = {one.text["en"]: one for one in of_fields(folder)}.values()
    assert "field-official-2" in found.text["en"]
    assert "field-official-2" in found.text["vi"]


def test_a_second_field_that_nobody_signs_is_found(folder: Path) -> None:
    with (folder / "result.html").open("a", encoding="utf-8") as page:
        page.write("{% block signature %}{{ shared.signature_pair([official, official]) }}{% endblock %}\n")
    assert any("no such signatory" in one.text["en"] for one in of_fields(folder))
