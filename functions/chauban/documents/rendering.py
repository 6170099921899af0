"""Rendering: a template and data in, one PDF file out, that is PDF/A-3a and PDF/UA-1 and the same every time.

Loaded only where documents are made: WeasyPrint takes about a second to import.
"""

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from io import BytesIO

from chauban.documents.fonts import LoadedFonts, fonts_sha256  # first: it must come before WeasyPrint

# isort: split
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.urls import FatalURLFetchingError

from chauban.documents import line_ends, templates
from chauban.documents.finisher import finish
from chauban.documents.requests import AttachedFile, RenderedDocument, RenderRequest
from chauban.documents.resources import BASE_URL, PublishedFiles
from chauban.documents.vietnamese import nfc
from chauban.errors import RenderingError

MAX_PAGES = 100
DATA_FILE = "data.json"

line_ends.install()


class WeasyPrintRenderer:
    """Renders with WeasyPrint. Nothing is read but the request, and equal requests give equal bytes."""

    def render(self, request: RenderRequest) -> RenderedDocument:
        """The document of `request`.

        Raises RenderingError where the template or its parts are at fault: an undefined name, a forbidden operation, an
        address outside the published files, a picture without alternative text, a character without a glyph.
        """
        if request.made_at.tzinfo is None:
            raise RenderingError(reason="made_at needs a time zone")
        html = templates.fill(request.template, request.files, request.context)
        try:
            with _no_errors_reported():
                document = self._lay_out(html, request)
                pdf = self._write(document, request)
        except FatalURLFetchingError as fault:
            raise RenderingError(reason=str(fault)) from fault
        return RenderedDocument(
            pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
            pages=len(document.pages),
            fonts_sha256=fonts_sha256(request.files),
        )

    @staticmethod
    def _lay_out(html: str, request: RenderRequest) -> Document:
        base_url = BASE_URL + request.template
        source = HTML(string=html, base_url=base_url, url_fetcher=PublishedFiles(request.files))
        document = source.render(
            font_config=LoadedFonts(),
            pdf_variant="pdf/a-3a",
            pdf_tags=True,
            stylesheets=[CSS(string=_across(request.watermark))] if request.watermark else None,
        )
        if len(document.pages) > MAX_PAGES:
            raise RenderingError(reason=f"more than {MAX_PAGES} pages")
        moment = request.made_at.astimezone(UTC)
        document.metadata.title = str(nfc(request.title))
        document.metadata.lang = request.language
        document.metadata.generator = "Chauban"
        document.metadata.created = document.metadata.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        return document

    @staticmethod
    def _write(document: Document, request: RenderRequest) -> bytes:
        data = AttachedFile(DATA_FILE, request.data, "Dữ liệu của văn bản (JSON)", "Data")
        pdf: bytes = document.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=request.document_id.encode(),
            attachments=[_attachment(file, request.made_at) for file in (data, *request.attached)],
            finisher=partial(finish, files=request.files, document_id=request.document_id),
        )
        return pdf


def _attachment(file: AttachedFile, made_at: datetime) -> Attachment:
    """A new one for each rendering, with its times given, or the bytes would differ."""
    moment = made_at.astimezone(UTC)
    return Attachment(
        file_obj=BytesIO(file.content),
        name=file.name,
        description=file.description,
        created=moment,
        modified=moment,
        relationship=file.relationship,
        url_fetcher=PublishedFiles({}),
    )


def _across(watermark: str) -> str:
    """A style sheet that writes a text across every page, under which everything stays readable."""
    text = watermark.replace("\\", "").replace('"', "").replace("\n", " ")
    return (
        f'body::before {{ content: "{text}"; position: fixed; top: 40%; left: -10%; width: 120%; text-align: center;'
        " white-space: nowrap; transform: rotate(-35deg); font-size: 54pt; font-weight: bold; color: #c9c9c9; z-index: -1; }"
    )


class _Errors(logging.Handler):
    """Counts the errors that WeasyPrint logs in this thread, and goes on from: a missing alternative text, for example."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._thread = threading.get_ident()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.messages.append(str(record.msg))


@contextmanager
def _no_errors_reported() -> Iterator[None]:
    """Raise RenderingError if WeasyPrint reports an error on the way.

    Only the message's pattern is kept: its arguments may quote the document. Nothing goes to the log for the same reason.
    """
    logger = logging.getLogger("weasyprint")
    errors = _Errors()
    logger.propagate = False
    logger.addHandler(errors)
    try:
        yield
    finally:
        logger.removeHandler(errors)
    if errors.messages:
        raise RenderingError(reason=errors.messages[0])
