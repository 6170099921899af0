"""The SAO Y of a paper: its signature may stand on the scan, which is the whole page; nothing else may, and on no other picture."""

from dataclasses import replace

import pytest
from chauban.attachments.looking.scans import see_scan
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.documents.requests import AttachedFile, RenderRequest
from chauban.signing.linting import Mode, lint

from tests.unit.attachments.scanned import scan
from tests.unit.documents.conftest import published_files
from tests.unit.fakes.copy_sources import brought, copied_from
from tests.unit.fakes.world import World as Service

TEMPLATE, PICTURE = "_shared/copies/scan.html", "_shared/copies/scan-1.jpg"


@pytest.fixture(scope="module")
def request_for_scan() -> RenderRequest:
    """What the renderer is asked for a SAO Y of paper."""
    service, content = Service(), scan("JPEG")
    service.attaching.examiner.sees = see_scan(content, "image/jpeg")
    dossier = service.issued()
    source = brought(service, dossier, "paper_scan", content, type="image/jpeg")
    copied_from(service, dossier, source.id, "sao_y")
    asked = service.renderer.requests[-1]
    return replace(asked, files={**dict(published_files()), PICTURE: asked.files[PICTURE]})


def codes(request: RenderRequest) -> set[str]:
    return {finding.code for finding in lint(WeasyPrintRenderer().render(request).pdf, Mode.FIRST)}


def written(request: RenderRequest, before: str, after: str) -> RenderRequest:
    """With another template."""
    template = request.files[TEMPLATE].decode()
    assert before in template
    return replace(request, files={**request.files, TEMPLATE: template.replace(before, after).encode()})


def test_the_copy_of_a_scan_is_clean(request_for_scan: RenderRequest) -> None:
    assert codes(request_for_scan) == set()


@pytest.mark.parametrize("field", ["official", "seal"])
def test_no_other_signature_stands_on_a_picture(request_for_scan: RenderRequest, field: str) -> None:
    assert codes(written(request_for_scan, "field-copy", f"field-{field}")) == {"field-over-text"}


def test_the_signature_stands_on_no_picture_that_is_a_part_of_the_page(request_for_scan: RenderRequest) -> None:
    smaller = written(request_for_scan, "img { display: block;", "img { display: block; margin-left: 20pt;")
    smaller = written(smaller, "width: {{ page.width }}pt; height", "width: {{ page.width - 20 }}pt; height")
    assert "field-over-text" in codes(smaller)


def test_the_signature_stands_on_no_words(request_for_scan: RenderRequest) -> None:
    words = '<p style="position: absolute; left: 400pt; top: 20pt; font: 12pt/14pt Chauban Text">Đã hủy</p><blockquote'
    assert "field-over-text" in codes(written(request_for_scan, "<blockquote", words))


def test_another_picture_than_the_data_name_is_found(request_for_scan: RenderRequest) -> None:
    for content in (scan("JPEG", 210), b"MZ a program"):
        other = AttachedFile("ban-goc.jpg", content, "Văn bản được sao", "Source")
        assert codes(replace(request_for_scan, attached=(other,))) == {"undeclared-file"}


def test_bytes_behind_the_picture_of_a_page_are_found(request_for_scan: RenderRequest) -> None:
    longer = {**request_for_scan.files, PICTURE: request_for_scan.files[PICTURE] + b"more"}
    assert codes(replace(request_for_scan, files=longer)) == {"bytes-outside-objects"}


def test_a_picture_without_loss_is_clean(request_for_scan: RenderRequest) -> None:
    assert codes(replace(request_for_scan, files={**request_for_scan.files, PICTURE: scan("PNG")})) == set()
