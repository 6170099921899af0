"""All documents of all forms: nothing overlaps, is cut off or falls off the page; what was answered is there, and nothing else."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from chauban.cli import main
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.dossiers.documents import DocumentKind
from chauban.forms.checking.trial import Job, Outcome, tried
from chauban.signing.linting import Mode, lint

from tests.unit.documents import pages
from tests.unit.documents.material import (
    ANNEXED,
    CASES,
    DOCUMENTS,
    HIDDEN,
    KINDS,
    NEWEST,
    SECRET,
    SLUGS,
    Case,
    definition,
    document,
    dossier_of,
    first_sample,
    given,
    request,
    with_answer,
)
from tests.unit.fakes.trial import tried_here

LEFT, RIGHT, TOP, BOTTOM = 86, 550, 57, 785
CLOSE = 1.0
"""Points by which two boxes may touch: a box is as high as the font, not as its letters."""
RAISED = 4.5
"""Points from the upper edge of the box of a raised mark to its ink, at least."""

every_document = pytest.mark.parametrize(("case", "kind"), DOCUMENTS, ids=str)


def test_check_finds_nothing_wrong_with_the_seven_forms(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As their authors run it. Documents are made as `check` makes them for the first sample of each form, the first form's in
    a process of their own; for the others they are the ones of the tests beside, made from the same answers. What veraPDF says
    is told by the conformance tests."""
    monkeypatch.setattr("chauban.forms.checking.documents.tried", _tried)
    monkeypatch.setattr("chauban.forms.checking.verapdf.VeraPdf.found", lambda _named: None)
    assert main(["forms", "check", *map(str, NEWEST.values())]) == 0
    told = capsys.readouterr().out
    assert [line for line in told.splitlines() if line[:1] in "✓✗"] == [
        f"✓ {slug} {NEWEST[slug].name}" for slug in SLUGS
    ]


def _tried(folder: Path, jobs: list[Job]) -> Iterator[Outcome]:
    own = [job for job in jobs if job.sample == jobs[0].sample]
    assert {job.kind for job in own} >= set(KINDS)
    yield from (tried if folder.parent.name == SLUGS[0] else tried_here)(folder, own)
    for job in jobs:
        if job not in own:
            file = Path(job.sample.file)
            yield Outcome(job, document(Case(folder.parent.name, file.parent.name, file.stem), job.kind).pdf, None)


@every_document
def test_every_document_of_the_forms_is_clean(case: Case, kind: DocumentKind) -> None:
    """The linter finds nothing in it, as before a first signature."""
    assert lint(document(case, kind).pdf, Mode.FIRST) == []


def test_there_is_a_document_for_each_of_the_seven_procedures() -> None:
    codes = {procedure.code for slug in SLUGS for procedure in definition(slug).head.procedures}
    assert {"1.001193", "1.004873", "2.000635", "1.001612", "1.009122", "1.013225", "1.001776", "1.000656"} <= codes


@every_document
def test_every_word_is_on_the_page_between_the_margins(case: Case, kind: DocumentKind) -> None:
    for word in _words(case, kind):
        left, top, right, bottom = word.box
        assert left >= LEFT - CLOSE
        assert right <= RIGHT + 2 * CLOSE
        assert bottom <= BOTTOM + CLOSE
        assert top >= TOP - CLOSE or (word.page > 1 and word.text == str(word.page))


@every_document
def test_no_word_stands_on_another(case: Case, kind: DocumentKind) -> None:
    words = sorted(map(_without_raised_marks, _words(case, kind)), key=lambda w: (w.page, w.box[1]))
    for number, word in enumerate(words):
        for other in words[number + 1 :]:
            if other.page != word.page or other.box[1] >= word.box[3] - CLOSE:
                break
            assert not _overlap(word.box, other.box), "two words of one place"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_word_stands_in_a_field_that_will_be_signed(case: Case) -> None:
    pdf = document(case, DocumentKind.RESULT).pdf
    words, last = _words(case, DocumentKind.RESULT), len(pages.opened(pdf).pages)
    for name, page in (("official", last), ("seal", last), ("copy", 1)):
        box = pages.place(pdf, name)
        assert not [word for word in words if word.page == page and _overlap(word.box, box)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_answer_can_be_read_in_full_on_the_application(case: Case) -> None:
    text = _run_together(pages.flowing(document(case, DocumentKind.APPLICATION).pdf))
    missing = [path for path, value in _texts(given(case)["answers"]) if _run_together(value) not in text]
    assert missing == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_all_of_the_decision_can_be_read_in_full_on_the_result_or_its_annex(case: Case) -> None:
    kinds = (DocumentKind.RESULT, *([DocumentKind.ANNEX] if case in ANNEXED else []))
    text = _run_together(" ".join(pages.flowing(document(case, kind).pdf) for kind in kinds))
    missing = [path for path, value in _texts(given(case)["decision"]) if _run_together(value) not in text]
    assert missing == []


@every_document
def test_the_embedded_data_is_what_is_stored(case: Case, kind: DocumentKind) -> None:
    dossier = dossier_of(case)
    data = embedded(document(case, kind).pdf)
    assert data["answers"] == dossier.filing.answers
    assert data["schema"] == f"urn:chauban:form:{case.slug}:{case.version.name}"
    if kind in {DocumentKind.RESULT, DocumentKind.ANNEX}:
        sent = _composed(given(case)["decision"])
        derived = {one.name for one in definition(case.slug).head.results[0].derived}
        assert {name: value for name, value in data["decision"].items() if name not in derived} == sent
        assert derived <= data["decision"].keys()
        assert data["decision_schema"] == f"urn:chauban:form:{case.slug}:{case.version.name}:decision"
    else:
        assert "decision" not in data


@pytest.mark.parametrize(("slug", "sample", "path", "value"), HIDDEN, ids=lambda value: str(value)[:40])
def test_an_answer_that_was_not_asked_for_is_nowhere(slug: str, sample: str, path: str, value: Any) -> None:
    case = Case(slug, "samples", sample)
    answers = with_answer(given(case)["answers"], path, value)
    assert dossier_of(case, answers).filing.answers == dossier_of(case).filing.answers
    for kind in KINDS:
        pdf = WeasyPrintRenderer().render(request(case, kind, answers)).pdf
        assert SECRET not in pages.flowing(pdf)
        assert SECRET not in json.dumps(embedded(pdf), ensure_ascii=False)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_result_has_bookmarks_and_a_code_with_its_address_beside_it(slug: str) -> None:
    pdf = document(first_sample(slug), DocumentKind.RESULT).pdf
    file = pages.opened(pdf)
    with file.open_outline() as outline:
        assert [item.title for item in outline.root][0].startswith(("GIẤY", "QUYẾT ĐỊNH", "TRÍCH LỤC"))
    figures = [item for item in file.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
    assert [str(figure.Alt) for figure in figures] == ["Mã QR dẫn đến trang kiểm tra văn bản"]
    images = [item for item in file.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"]
    assert images == [], "the code is drawn, not a picture of dots"
    # The address ends with the dossier's id, which nobody can count up; it may be broken anywhere.
    assert f"Kiểmtravănbảntại:https://tra-cuu.invalid/{'0' * 26}" in pages.flowing(pdf).replace(" ", "")


def test_the_articles_of_a_decision_are_its_bookmarks() -> None:
    file = pages.opened(document(first_sample("tro-cap-xa-hoi-hang-thang"), DocumentKind.RESULT).pdf)
    with file.open_outline() as outline:
        (decision,) = outline.root
        below = [item.title for item in decision.children]
    assert below == ["QUYẾT ĐỊNH:", "Điều 1.", "Điều 2.", "Điều 3.", "Điều 4."]


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_of_a_table_names_its_heads(kind: DocumentKind) -> None:
    case = Case("dang-ky-thanh-lap-ho-kinh-doanh", "long", "forty-members")
    file = pages.opened(document(case, kind).pdf)
    parts = [item for item in file.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item]
    heads = {str(item.ID) for item in parts if item.S == "/TH"}
    cells = [item for item in parts if item.S == "/TD"]
    assert cells
    assert all({str(head) for head in cell.A.Headers} <= heads and len(cell.A.Headers) for cell in cells)


def test_the_heads_of_a_table_stand_on_every_page_that_it_fills() -> None:
    pdf = document(Case("dang-ky-thanh-lap-ho-kinh-doanh", "long", "forty-members"), DocumentKind.RESULT).pdf
    with_heads = {word.page for word in pages.words(pdf) if word.text == "STT"}
    assert with_heads >= set(range(1, len(pages.opened(pdf).pages)))


@cache
def _words(case: Case, kind: DocumentKind) -> list[pages.Word]:
    return pages.words(document(case, kind).pdf)


def embedded(pdf: bytes) -> dict[str, Any]:
    with pikepdf.open(BytesIO(pdf)) as file:
        return json.loads(file.attachments["data.json"].get_file().read_bytes())


def _without_raised_marks(word: pages.Word) -> pages.Word:
    """The box of a second mark over a letter is as high as a whole letter, which it is not."""
    if not any(map(unicodedata.combining, unicodedata.normalize("NFC", word.text))):
        return word
    left, top, right, bottom = word.box
    return replace(word, box=(left, top + RAISED, right, bottom))


def _overlap(one: pages.Box, other: pages.Box) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > CLOSE and down > CLOSE


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The texts that people wrote: what has blanks or letters beyond ASCII; dates, numbers and choices are put into words."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, f"{path}.{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, f"{path}.{number}")
    elif isinstance(value, str) and (" " in value.strip() or not value.isascii()):
        yield path, value


def _run_together(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).upper().split())


def _composed(value: Any) -> Any:
    return json.loads(unicodedata.normalize("NFC", json.dumps(value, ensure_ascii=False)))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_two_lines_of_text_at_least_stand_on_the_page_of_the_signature(case: Case) -> None:
    words = _words(case, DocumentKind.RESULT)
    last = max(word.page for word in words)
    closing = min(word.box[1] for word in words if word.page == last and word.text in {"nhận:", "TM."})
    above = {round(word.box[1]) for word in words if word.page == last and 52 < word.box[1] < closing - CLOSE}
    assert len(above) >= 2


def test_entries_side_by_side_stay_on_one_page() -> None:
    words = _words(Case("dang-ky-khai-sinh", "long", "long-names"), DocumentKind.RESULT)
    (born,) = [word for word in words if word.text == "21/4/1995"]
    beside = [word for word in words if word.text == "tộc:" and word.page == born.page]
    assert any(abs(word.box[1] - born.box[1]) < CLOSE for word in beside)
