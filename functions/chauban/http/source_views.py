"""What the API answers about files of others that are to be copied."""

from datetime import date, datetime

from pydantic import BaseModel

from chauban.attachments.announcing import Announced
from chauban.attachments.papers import Paper
from chauban.attachments.reasons import explanation_of
from chauban.dossiers.attachments import Attachment
from chauban.http.attachment_views import UploadView, upload_view


class SourceSignatureView(BaseModel):
    """One signature of the file: whose, by its certificate, and when, by its timestamp."""

    field: str
    signer: str | None
    organisation: str | None
    issuer: str | None
    certificate_sha256: str | None
    timestamp: datetime | None
    level: str


class SourceView(BaseModel):
    """A file that others issued, as it was stated and as it was found. A refused one has a stable `reason` and, in Vietnamese and
    English, what to do; so has `no_sao_y`, for why no SAO Y can be made of an accepted one."""

    id: str
    kind: str
    title: str
    number: str | None
    day: date | None
    issuer: str
    name: str
    type: str
    bytes: int
    sha256: str
    status: str
    announced_at: datetime
    checked_at: datetime | None
    reason: str | None
    explanation: dict[str, str] | None
    no_sao_y: str | None
    no_sao_y_explanation: dict[str, str] | None
    signatures: list[SourceSignatureView]
    pages: int
    resolution: int | None
    url: str | None
    expires_at: datetime | None


class BroughtView(SourceView):
    """An announced file; `upload` is null once it came, or when it is too late to begin."""

    upload: UploadView | None


class SourceList(BaseModel):
    """The files that were brought to a dossier to be copied, oldest first."""

    items: list[SourceView]


def source_view(paper: Paper) -> SourceView:
    """A file with its link, where it was accepted."""
    found = paper.attachment
    source = found.source
    if source is None:
        raise ValueError("no file to be copied")
    return SourceView(
        **found.model_dump(include={"id", "name", "type", "sha256", "announced_at", "reason"}),
        **source.model_dump(include={"title", "number", "day", "issuer", "checked_at", "no_sao_y"}),
        kind=source.kind.value,
        bytes=found.size,
        status=found.status.value,
        explanation=_explained(found.reason),
        no_sao_y_explanation=_explained(source.no_sao_y),
        signatures=[SourceSignatureView(**one.model_dump()) for one in source.signatures],
        pages=len(source.pages),
        resolution=min((page.resolution for page in source.pages), default=None),
        url=paper.url,
        expires_at=paper.expires_at,
    )


def brought_view(announced: Announced) -> BroughtView:
    """A file with the place for its upload."""
    attachment: Attachment = announced.attachment
    upload = upload_view(announced.upload, attachment.size) if announced.upload else None
    return BroughtView(**dict(source_view(Paper(attachment, None, None))), upload=upload)


def _explained(reason: str | None) -> dict[str, str] | None:
    known = explanation_of(reason)
    return dict(known) if known else None
