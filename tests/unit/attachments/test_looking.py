"""Looking into files from outside: what is kept, and every reason for which one is not."""

from __future__ import annotations

import pikepdf
import pytest
from chauban.adapters.file_examiner import FileExaminer
from chauban.attachments import reasons
from chauban.attachments.looking import images, pdf
from chauban.attachments.looking.__main__ import fault_of
from chauban.signing import foreign_files
from PIL import ImageFile

from tests.unit.attachments import papers


@pytest.fixture(autouse=True)
def as_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint, which that process does not load, makes Pillow lenient for everybody in it."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)


JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
LINK = {"Subtype": pikepdf.Name.Link, "A": pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.vn")}


def script(pdf_: pikepdf.Pdf) -> None:
    pdf_.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=["a", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")])
    )


def page_action(pdf_: pikepdf.Pdf) -> None:
    pdf_.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="a.exe"))


def field_action(pdf_: pikepdf.Pdf) -> None:
    field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="a", AA=pikepdf.Dictionary(K=pikepdf.Dictionary(JS="x")))
    pdf_.Root.AcroForm = pikepdf.Dictionary(Fields=[pdf_.make_indirect(field)])


def dynamic_form(pdf_: pikepdf.Pdf) -> None:
    pdf_.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pdf_.make_stream(b"<xdp/>"))


def chained(pdf_: pikepdf.Pdf) -> None:
    """Behind a harmless first action."""
    second = pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="https://example.vn")
    pdf_.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=[0], Next=pdf_.make_indirect(second))


def circle(pdf_: pikepdf.Pdf) -> None:
    """A page tree that leads back to itself has no end; the reader has to find one."""
    pages = pdf_.Root.Pages
    pages.Kids.append(pages)


GOOD = {
    "a photograph": (papers.picture(), JPEG),
    "a photograph with more behind its end, as phones write": (papers.picture() + b"SEFT" * 9, JPEG),
    "a progressive photograph": (papers.picture(progressive=True), JPEG),
    "a scan": (papers.picture("PNG"), PNG),
    "a document": (papers.document(), PDF),
    "a document of many pages": (papers.saved(papers.blank(pdf.MAX_PAGES)), PDF),
    "a document with a link": (papers.with_annotation(**LINK), PDF),
    "a document with data": (papers.carrying("data.json", '{"tên": "Ánh"}'.encode()), PDF),
    "objects in streams": (papers.in_object_stream(lambda _: None), PDF),
}
BAD = {
    "a PNG named JPEG": (papers.picture("PNG"), JPEG, reasons.TYPE),
    "a page of the web named PNG": (b"<html><script>alert(1)</script></html>", PNG, reasons.TYPE),
    "a program named PDF": (b"MZ" + bytes(200), PDF, reasons.TYPE),
    "a PDF behind something else": (b"GIF89a" + papers.document(), PDF, reasons.TYPE),
    "an empty type": (papers.picture(), "image/gif", reasons.TYPE),
    "a photograph cut off": (papers.picture()[:-300], JPEG, reasons.UNREADABLE),
    "a scan cut off": (papers.picture("PNG")[:100], PNG, reasons.UNREADABLE),
    "the first bytes of a photograph alone": (b"\xff\xd8\xff" + bytes(100), JPEG, reasons.UNREADABLE),
    "a document cut off": (papers.document()[:-100], PDF, reasons.UNREADABLE),
    "a document without pages": (papers.saved(pikepdf.new()), PDF, reasons.UNREADABLE),
    "nothing but the first bytes": (b"%PDF-1.7\n%%EOF", PDF, reasons.UNREADABLE),
    "an endless tree of pages": (papers.document(circle), PDF, reasons.PAGES),
    "too many pages": (papers.saved(papers.blank(pdf.MAX_PAGES + 1)), PDF, reasons.PAGES),
    "encrypted": (papers.encrypted(user="user"), PDF, reasons.ENCRYPTED),
    "encrypted without a password": (papers.encrypted(user=""), PDF, reasons.ENCRYPTED),
    "a script when it is opened": (papers.on_open(S=pikepdf.Name.JavaScript, JS="x"), PDF, reasons.ACTIVE),
    "a program when it is opened": (papers.on_open(S=pikepdf.Name.Launch, F="a.exe"), PDF, reasons.ACTIVE),
    "data from elsewhere": (papers.on_open(S=pikepdf.Name.ImportData, F="a.fdf"), PDF, reasons.ACTIVE),
    "another file opened": (papers.on_open(S=pikepdf.Name.GoToE, D=[0]), PDF, reasons.ACTIVE),
    "an action behind another": (papers.document(chained), PDF, reasons.ACTIVE),
    "a script by name": (papers.document(script), PDF, reasons.ACTIVE),
    "a script in an object stream": (papers.in_object_stream(script), PDF, reasons.ACTIVE),
    "a program when a page is opened": (papers.document(page_action), PDF, reasons.ACTIVE),
    "a script of a field": (papers.document(field_action), PDF, reasons.ACTIVE),
    "a script that nothing leads to, for our reader": (
        papers.document().replace(b"\nxref", b"\n9 0 obj\n<< /S /JavaScript /JS (x) >>\nendobj\nxref", 1),
        PDF,
        reasons.ACTIVE,
    ),
    "a film": (papers.with_annotation(Subtype=pikepdf.Name.RichMedia), PDF, reasons.ACTIVE),
    "a file on a page": (papers.with_annotation(Subtype=pikepdf.Name.FileAttachment), PDF, reasons.ACTIVE),
    "a dynamic form": (papers.document(dynamic_form), PDF, reasons.DYNAMIC),
    "a program inside": (papers.carrying("a.exe", b"MZ" + bytes(50)), PDF, reasons.EMBEDDED),
    "a document inside": (papers.carrying("a.pdf", papers.document()), PDF, reasons.EMBEDDED),
    "a program named data": (papers.carrying("a.json", b"MZ" + bytes(50)), PDF, reasons.EMBEDDED),
    "very many objects": (papers.with_many_objects(pdf.MAX_OBJECTS), PDF, reasons.COMPLEX),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_what_it_says_is_kept(name: str) -> None:
    content, media_type = GOOD[name]
    assert fault_of(content, media_type) is None


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_is_refused_with_its_reason(name: str) -> None:
    content, media_type, reason = BAD[name]
    assert fault_of(content, media_type) == reason


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    side = int(images.MAX_PIXELS**0.5)
    assert fault_of(papers.plain_scan(side + 1, decodes=False), PNG) == reasons.PIXELS
    assert fault_of(papers.plain_scan(side, decodes=False), PNG) == reasons.UNREADABLE


@pytest.mark.parametrize("name", ["a photograph", "a scan", "a document"])
def test_a_process_of_its_own_looks(name: str) -> None:
    content, media_type = GOOD[name]
    assert FileExaminer().fault(content, media_type) is None
    assert FileExaminer().fault(content[: len(content) // 2], media_type) == reasons.UNREADABLE


def test_a_document_that_unpacks_to_far_more_is_too_complex() -> None:
    assert fault_of(papers.exploding(100_000_000), PDF) == reasons.COMPLEX


def test_what_would_fill_memory_is_too_complex() -> None:
    content = papers.plain_scan(8000)
    assert len(content) < 1_000_000
    assert FileExaminer().fault(content, PNG) is None
    assert FileExaminer(memory=250_000_000).fault(content, PNG) == reasons.COMPLEX
    # It is the picture that does not fit, not the process.
    assert FileExaminer(memory=250_000_000).fault(papers.picture("PNG"), PNG) is None


def test_what_takes_too_long_is_too_complex() -> None:
    assert FileExaminer(seconds=0.01).fault(papers.picture(), JPEG) == reasons.COMPLEX


def test_the_process_that_looks_is_given_no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    given: dict[str, str] = {}

    def run(command: list[str], **options: object) -> None:
        given.update(options["env"])  # type: ignore[call-overload]
        raise InterruptedError

    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-function")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/var/lang/lib")
    monkeypatch.setattr("chauban.adapters.file_examiner.subprocess.run", run)
    with pytest.raises(InterruptedError):
        FileExaminer().fault(b"", PDF)
    assert set(given) == {"LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


def test_every_reason_says_in_both_languages_what_to_do() -> None:
    words = {value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)}
    words |= {value for name, value in vars(foreign_files).items() if name.isupper() and isinstance(value, str)}
    assert words == set(reasons.TEXTS)
    for vietnamese, english in reasons.TEXTS.values():
        assert not vietnamese.isascii()
        assert english.isascii()
        assert any(hint in vietnamese for hint in ("Hãy", "hãy"))
