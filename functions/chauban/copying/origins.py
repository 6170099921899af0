"""What a copy that has pages of its own names and embeds: an issued document of the service, or a file that others issued."""

from dataclasses import dataclass
from typing import Any

from chauban.copying.sources import copied_revision
from chauban.dossiers.amendments import original_of, printed_original
from chauban.dossiers.attachments import Attachment, CopySource
from chauban.dossiers.documents import COPIES, Document, StoredFile
from chauban.dossiers.model import Dossier
from chauban.errors import NotFound
from chauban.ports import Catalogue
from chauban.signing.linting.policy import SOURCE, SOURCES

_NAMES = {media_type: name for name, (media_type, _) in SOURCES.items()}


@dataclass(frozen=True)
class Origin:
    """`original`, `source`, `corrections` and `issuer` as they are printed and embedded; `file` is embedded under `name`."""

    original: dict[str, Any]
    source: dict[str, Any]
    corrections: list[dict[str, Any]]
    issuer: str
    file: StoredFile
    name: str


def origin_of(dossier: Dossier, copy: Document, catalogue: Catalogue) -> Origin:
    """Of a copy that is printed; raises `NotFound` where the dossier does not have what it was made of."""
    if copy.made_from:
        return _of_file(dossier.attachment(copy.made_from))
    source = original_of(dossier, copy)
    if source is None:
        raise NotFound
    revision = copied_revision(dossier, copy)
    embedded = {**printed_original(source, revision), "kind": source.kind.value, "file": SOURCE}
    if source.made_from:
        of_file = _of_file(dossier.attachment(source.made_from))
        return Origin(of_file.original, embedded, [], of_file.issuer, revision.file, SOURCE)
    original, first = source, revision
    if source.kind in COPIES:
        # What is named is what the SAO Y begins with, which its embedded bytes prove.
        original, first = dossier.document(source.copy_of or ""), copied_revision(dossier, source)
    issuer = catalogue.agency(original.agency)
    return Origin(
        original=printed_original(original, first),
        source=embedded,
        corrections=[printed_original(dossier.document(letter)) for letter in original.corrected_by],
        issuer=issuer.name if issuer else original.agency,
        file=revision.file,
        name=SOURCE,
    )


def _of_file(attachment: Attachment) -> Origin:
    if attachment.source is None or attachment.file is None:
        raise NotFound
    described = _described(attachment, attachment.source)
    name = _NAMES[attachment.type]
    embedded = {**described, "kind": attachment.source.kind.value, "file": name}
    return Origin(described, embedded, [], _issuer(attachment.source), attachment.file, name)


def _issuer(source: CopySource) -> str:
    """The agency as the records office states it, and beside it what the certificates in a signed file say."""
    said = dict.fromkeys(one.organisation for one in source.signatures if one.organisation)
    others = [one for one in said if one.casefold() != source.issuer.casefold()]
    return f"{source.issuer} (chứng thư số: {'; '.join(others)})" if others else source.issuer


def _described(attachment: Attachment, source: CopySource) -> dict[str, Any]:
    """As `printed_original` describes a document; what the records office stated, and the hash of the file,
    which has no revisions of ours."""
    return {
        "id": attachment.id,
        "title": source.title,
        "number": source.number,
        "day": source.day.isoformat() if source.day else None,
        "revision": None,
        "sha256": attachment.sha256,
    }
