"""What a copy embeds is the one file that its data name, and nobody else embeds any."""

import hashlib
import json
import unicodedata
from dataclasses import replace

import pypdfium2
import pytest
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.documents.requests import AttachedFile, RenderRequest
from chauban.signing.linting import Mode, lint
from chauban.signing.linting.words import says, stands_in

from tests.unit.documents.conftest import published_files
from tests.unit.fakes.copies import copied
from tests.unit.fakes.world import World as Service


@pytest.fixture(scope="module")
def request_for_sao_luc() -> RenderRequest:
    """What the renderer is asked for a SAO LỤC."""
    service = Service()
    dossier = service.issued()
    copied(service, dossier, "sao_y")
    copied(service, dossier, "sao_luc")
    asked, content = service.renderer.requests[-1], b"%PDF-1.7 in which nothing is read here"
    data = json.loads(asked.data)
    data["copy"]["source"]["sha256"] = hashlib.sha256(content).hexdigest()
    attached = (replace(asked.attached[0], content=content),)
    return replace(asked, files=dict(published_files()), attached=attached, data=json.dumps(data).encode())


def codes(request: RenderRequest) -> set[str]:
    return {finding.code for finding in lint(WeasyPrintRenderer().render(request).pdf, Mode.FIRST)}


def source(content: bytes, name: str = "ban-goc.pdf", relation: str = "Source") -> tuple[AttachedFile, ...]:
    return (AttachedFile(name, content, "Văn bản được sao", relation),)


def test_a_sao_luc_with_its_source_is_clean(request_for_sao_luc: RenderRequest) -> None:
    assert codes(request_for_sao_luc) == set()


def test_another_file_than_the_data_name_is_found(request_for_sao_luc: RenderRequest) -> None:
    assert codes(replace(request_for_sao_luc, attached=source(b"%PDF-1.7 of somebody else"))) == {"undeclared-file"}


@pytest.mark.parametrize(
    "attached",
    [
        lambda content: source(content, relation="Data"),
        lambda content: source(content, relation="Supplement"),
        lambda content: source(content, name="other.pdf"),
        lambda content: source(content) + source(b"and one more", name="more.pdf"),
        lambda content: source(content) + source(b"%PDF-1.7 under the same name"),
        lambda content: source(content) + source(content),
    ],
    ids=["as data", "as a supplement", "under another name", "and one more", "another of the same name", "twice"],
)
def test_nothing_else_is_embedded(request_for_sao_luc: RenderRequest, attached: object) -> None:
    content = request_for_sao_luc.attached[0].content
    assert "undeclared-file" in codes(replace(request_for_sao_luc, attached=attached(content)))  # type: ignore[operator]


@pytest.mark.parametrize("data", [b"{}", b"[]", b"no json", b'{"copy": {"source": []}}'])
def test_a_document_that_is_no_copy_embeds_no_source(request_for_sao_luc: RenderRequest, data: bytes) -> None:
    assert codes(replace(request_for_sao_luc, data=data)) == {"undeclared-file"}


def test_the_hash_in_the_data_is_that_of_the_source(request_for_sao_luc: RenderRequest) -> None:
    named = json.loads(request_for_sao_luc.data)["copy"]["source"]["sha256"]
    assert named == hashlib.sha256(request_for_sao_luc.attached[0].content).hexdigest()


def test_passages_are_found_as_the_pages_have_them(result: bytes) -> None:
    passages = [
        "Giấy này có giá trị sử dụng trong thời hạn 6 tháng, kể từ ngày cấp",
        "Giấy này có giá trị sử dụng trong thời hạn 9 tháng, kể từ ngày cấp",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        " ",
    ]
    assert says(result, passages) == [True, False, True, False]
    assert says(b"no PDF", passages) == [False] * 4


WHOLE = "Giấy này có giá trị sử dụng trong thời hạn 6 tháng"


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        (WHOLE, True),
        (f"  {WHOLE.replace(' ', chr(10))} ", True),
        (WHOLE + ",", True),
        ("giá trị sử dụng", True),
        (unicodedata.normalize("NFD", WHOLE), True),
        (WHOLE[1:], False),
        (WHOLE[:-1], False),
        ("n", False),
        ("iá trị sử dụn", False),
        (WHOLE.replace("có giá", "cógiá"), False),
        (WHOLE.replace("Giấy", "Gi ấy"), False),
        (WHOLE.lower(), False),
        (".*", False),
    ],
)
def test_a_passage_is_whole_words_divided_as_the_document_divides_them(
    result: bytes, passage: str, found: bool
) -> None:
    assert says(result, [passage]) == [found]
    # A file of others, whose words come with the ends of its lines.
    assert stands_in(f"Điều 1.\r\n{WHOLE},\r\nkể từ ngày cấp".replace("sử dụng", "sử\r\ndụng"), [passage]) == [found]


def test_passages_are_found_over_the_ends_of_lines(result: bytes) -> None:
    """Each row of the words of a real page, with the next: what a line's breaking took away is not missed."""
    page = pypdfium2.PdfDocument(result)[0].get_textpage().get_text_range()
    lines = [line.strip() for line in page.splitlines() if len(line.split()) > 8]
    assert len(lines) > 3
    over = [
        f"{' '.join(one.split()[-4:])} {' '.join(two.split()[:4])}" for one, two in zip(lines, lines[1:], strict=False)
    ]
    # But for rows with two columns.
    assert says(result, over).count(False) <= 2
