"""Before the first signature: documents of ours are clean, and whatever is done to one is found.

That every document of the forms is clean is told where they are made (documents/test_form_documents.py).
"""

from dataclasses import replace

import pytest
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.dossiers.documents import DocumentKind
from chauban.errors import UnsafeToSign
from chauban.registers.desk import RequestRegister
from chauban.signing.linting import Mode, lint, require_clean

from tests.unit.documents.conftest import published_files
from tests.unit.documents.pages import words
from tests.unit.documents.test_signature_blocks import BLOCKS, rendered
from tests.unit.fakes.catalogue import THUAN_HOA
from tests.unit.fakes.notices import NOTICES, render_request
from tests.unit.fakes.people import clerk
from tests.unit.fakes.world import World as Service
from tests.unit.linting.files import Change, plain
from tests.unit.linting.hiding import ALL, TEXT, draw, under


@pytest.mark.parametrize("block", BLOCKS)
def test_every_signature_block_is_clean(block: str) -> None:
    assert lint(rendered(block), Mode.FIRST) == []


@pytest.mark.parametrize("kind", NOTICES)
def test_every_notice_is_clean(kind: DocumentKind) -> None:
    asked = render_request(Service(), kind, dict(published_files()))
    assert lint(WeasyPrintRenderer().render(asked).pdf, Mode.FIRST) == []


def test_a_register_of_several_pages_is_clean() -> None:
    service = Service()
    for _ in range(40):
        service.received()
    today = RequestRegister.model_validate({"from": "2026-11-01", "to": "2026-11-23"})
    register = service.register_desk.ask(clerk(), THUAN_HOA, today, {}, "k")
    service.register_printing.make(register.id)
    printed = WeasyPrintRenderer().render(replace(service.renderer.requests[-1], files=dict(published_files())))
    assert printed.pages > 1
    assert lint(printed.pdf, Mode.FIRST) == []


def test_written_in_another_way_it_is_still_clean(simple: bytes) -> None:
    """So what is found below is found for what was changed."""
    assert lint(simple, Mode.FIRST) == []


@pytest.mark.parametrize(("change", "code"), ALL.values(), ids=ALL.keys())
def test_a_change_is_found(result: bytes, change: Change, code: str) -> None:
    assert code in {finding.code for finding in lint(plain(result, change), Mode.FIRST)}


def test_a_change_is_told_with_all_that_was_found_in_both_languages(result: bytes) -> None:
    change, _ = ALL["a white surface over the page"]
    with pytest.raises(UnsafeToSign) as refusal:
        require_clean(plain(result, change), Mode.FIRST)
    assert refusal.value.values["reason"] == "covered-content"
    assert "page 1" in refusal.value.detail("en")
    assert "bị che" in refusal.value.detail("vi")


def test_covering_one_word_is_found(result: bytes) -> None:
    left, top, right, bottom = next(word.box for word in words(result) if word.text == "Dân")
    surface = f"1 1 1 rg {left} {842 - bottom} {right - left} {bottom - top} re f".encode()
    assert [finding.code for finding in lint(plain(result, draw(surface)), Mode.FIRST)] == ["covered-content"]


def test_a_line_under_a_word_is_no_cover(result: bytes) -> None:
    left, _, right, bottom = next(word.box for word in words(result) if word.text == "Dân")
    line = f"0 0 0 RG 0.6 w {left} {842 - bottom + 2} m {right} {842 - bottom + 2} l S".encode()
    assert lint(plain(result, draw(line)), Mode.FIRST) == []


def test_a_surface_under_the_text_is_no_cover(result: bytes) -> None:
    assert lint(plain(result, under(b"0.95 1 0.95 rg 40 40 500 700 re f")), Mode.FIRST) == []


def test_text_on_a_dark_surface_is_seen(result: bytes) -> None:
    assert lint(plain(result, draw(b"0 g 90 10 200 30 re f 1 g " + TEXT)), Mode.FIRST) == []
