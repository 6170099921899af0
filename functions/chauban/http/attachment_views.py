"""What the API answers about attachments."""

from datetime import datetime

from pydantic import BaseModel

from chauban.attachments.announcing import Announced
from chauban.attachments.papers import Beside, OwnAnnex, Paper
from chauban.attachments.ports import Upload
from chauban.attachments.reasons import explanation_of
from chauban.attachments.rules import Asked
from chauban.dossiers.attachments import Attachment


class AttachmentView(BaseModel):
    """A paper of a dossier. `request` is the supplement request that it came for; `by` says what kind of actor sent it; a refused
    one has a stable `reason` and, in Vietnamese and English, what to do."""

    id: str
    component: str
    title: dict[str, str]
    name: str
    type: str
    bytes: int
    sha256: str
    status: str
    request: str | None
    by: str
    announced_at: datetime
    reason: str | None
    explanation: dict[str, str] | None


class PaperView(AttachmentView):
    """A paper with a link to its bytes, where it was accepted."""

    url: str | None
    expires_at: datetime | None


class UploadView(BaseModel):
    """Where to POST the file: every entry of `fields` first, the file itself last, under the name `file`."""

    url: str
    fields: dict[str, str]
    expires_at: datetime
    max_bytes: int


class AnnouncedView(AttachmentView):
    """An announced paper; `upload` is null once it came, or when it is too late to begin."""

    upload: UploadView | None


class MissingPaperView(BaseModel):
    """A required paper of which no file was accepted."""

    component: str
    title: dict[str, str]
    types: list[str]
    max_bytes: int


class AttachmentList(BaseModel):
    """All papers of a dossier, oldest first, and the required ones of which no file was accepted."""

    items: list[AttachmentView]
    missing_attachments: list[MissingPaperView]


class ApplicationLink(BaseModel):
    """A link to the application as it stands."""

    url: str
    expires_at: datetime
    sha256: str


class AnnexLink(BaseModel):
    """A link to an annex of the draft: exactly the file that the draft names by its hash."""

    document: str
    title: str
    url: str
    expires_at: datetime
    sha256: str


class PapersView(BaseModel):
    """What is read beside a draft: the application (null until it is archived), every attachment, and the draft's own annexes."""

    application: ApplicationLink | None
    attachments: list[PaperView]
    annexes: list[AnnexLink]


def attachment_view(attachment: Attachment) -> AttachmentView:
    """A paper without a link."""
    known = explanation_of(attachment.reason)
    return AttachmentView(
        id=attachment.id,
        component=attachment.component,
        title=attachment.title,
        name=attachment.name,
        type=attachment.type,
        bytes=attachment.size,
        sha256=attachment.sha256,
        status=attachment.status.value,
        request=attachment.request,
        by=attachment.announced_by.kind,
        announced_at=attachment.announced_at,
        reason=attachment.reason,
        explanation=dict(known) if known else None,
    )


def paper_view(paper: Paper) -> PaperView:
    """A paper with its link."""
    return PaperView(**dict(attachment_view(paper.attachment)), url=paper.url, expires_at=paper.expires_at)


def announced_view(announced: Announced) -> AnnouncedView:
    """A paper with the place for its upload."""
    upload, size = announced.upload, announced.attachment.size
    return AnnouncedView(
        **dict(attachment_view(announced.attachment)), upload=upload_view(upload, size) if upload else None
    )


def upload_view(upload: Upload, size: int) -> UploadView:
    """Where an announced file is sent."""
    return UploadView(url=upload.url, fields=upload.fields, expires_at=upload.expires_at, max_bytes=size)


def missing_view(asked: Asked) -> MissingPaperView:
    """A paper that is missing."""
    return MissingPaperView(
        component=asked.component, title=asked.title, types=list(asked.types), max_bytes=asked.max_bytes
    )


def papers_view(beside: Beside) -> PapersView:
    """What is read beside a draft."""
    file, url = beside.application, beside.application_url
    known = ApplicationLink(url=url, expires_at=beside.expires_at, sha256=file.sha256) if file and url else None
    return PapersView(
        application=known,
        attachments=[paper_view(paper) for paper in beside.papers],
        annexes=[_annex_link(annex, beside.expires_at) for annex in beside.annexes],
    )


def _annex_link(annex: OwnAnnex, expires_at: datetime) -> AnnexLink:
    document, file, url = annex
    return AnnexLink(document=document.id, title=document.title, url=url, expires_at=expires_at, sha256=file.sha256)
