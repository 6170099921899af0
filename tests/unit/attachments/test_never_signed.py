"""Nothing of a citizen's file is ever inside what an official signs: a draft that carries one along is not signed."""

from __future__ import annotations

import pikepdf
import pytest
from chauban.attachments.looking.pdf import pdf_fault
from chauban.dossiers.documents import DocumentKind
from chauban.signing.linting import Mode, lint

from tests.unit.attachments import papers
from tests.unit.documents.material import document, first_sample
from tests.unit.linting.files import plain

SLUG = "xac-nhan-tinh-trang-hon-nhan"
FILES = {"anh.jpg": papers.picture(), "ban-chup.png": papers.picture("PNG"), "quyet-dinh.pdf": papers.document()}


def test_a_result_of_this_service_is_itself_a_good_paper() -> None:
    assert pdf_fault(document(first_sample(SLUG), DocumentKind.RESULT).pdf) is None


@pytest.mark.parametrize("name", FILES)
def test_a_draft_that_carries_an_attachment_is_refused(name: str) -> None:
    draft = document(first_sample(SLUG), DocumentKind.RESULT).pdf
    assert lint(draft, Mode.FIRST) == []

    def carry(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, FILES[name], filename=name)

    assert lint(plain(draft), Mode.FIRST) == []
    assert "undeclared-file" in {finding.code for finding in lint(plain(draft, carry), Mode.FIRST)}
