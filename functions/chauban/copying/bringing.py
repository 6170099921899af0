"""Staff brings a file that others issued, to have copies of it certified: announced, uploaded and examined as papers are, at
any time in the life of a dossier, and not one of its papers."""

from dataclasses import dataclass
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.attachments.announcing import Announced, placed, refuse_too_many
from chauban.attachments.ports import UploadPlaces
from chauban.attachments.requests import BringSource
from chauban.dossiers.attachments import Attachment, CopySource
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.idempotency import Once
from chauban.dossiers.model import Dossier
from chauban.ports import Clock, DossierStore, Ids

COMPONENT = "copy-source"


@dataclass(frozen=True)
class SourceDesk:
    """Takes announcements of files to be copied."""

    store: DossierStore
    authorisation: Authorisation
    places: UploadPlaces
    clock: Clock
    ids: Ids

    def bring(
        self, caller: Caller, dossier: str, request: BringSource, body: dict[str, Any], key: str | None
    ) -> Announced:
        """The file, `expected`, with its place; the same key again answers the same file as it stands.

        Raises `NotFound`, `NotAllowed`, `AttachmentLimit`, `IdempotencyKeyRequired`, `IdempotencyKeyReused`.
        """
        once = Once(caller, key, f"copy-sources {dossier}", body)
        named = self.ids.new()

        def decide(present: Dossier) -> Change | None:
            held = self.authorisation.bring_copy_source(caller, present)
            if once.earlier(self.store):
                return None
            refuse_too_many([one for one in present.attachments if one.source])
            expected = Attachment(
                id=named,
                component=COMPONENT,
                title={"vi": request.title, "en": request.title},
                name=request.name,
                type=request.type,
                size=request.bytes,
                sha256=request.sha256,
                request=None,
                announced_at=self.clock.now(),
                announced_by=caller.actor(held.id),
                source=CopySource(
                    kind=request.kind,
                    title=request.title,
                    number=request.number,
                    day=request.day,
                    issuer=request.issuer,
                ),
            )
            return Change(present, present.with_attachment(expected), idempotency=once.record(named, self.clock))

        after = changing(self.store, dossier, decide)
        return placed(self.places, self.clock, after, after.attachment(once.earlier(self.store) or named))
