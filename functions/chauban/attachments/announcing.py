"""Announcing a file: checked against what the dossier takes, and given a place where exactly it can be uploaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.attachments.ports import Upload, UploadPlaces
from chauban.attachments.requests import AnnounceAttachment
from chauban.attachments.rules import TAKING, announcement_faults, open_request, papers_asked_for
from chauban.dossiers.acting import clerk_for
from chauban.dossiers.attachments import UPLOAD_TIME, WAITING, Attachment, AttachmentStatus
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.idempotency import Once
from chauban.dossiers.model import Dossier
from chauban.errors import AttachmentLimit, InvalidRequest, WrongState
from chauban.ports import Clock, DossierStore, FormLibrary, Ids

MOST = 20
"""Attachments of a dossier that are accepted or on their way."""
MOST_EVER = 60
"""With those that were refused or never came; an announcement that expired is forgotten after a week."""


class Announced(NamedTuple):
    """An attachment with the dossier's version; `upload` is there as long as an upload may begin."""

    attachment: Attachment
    upload: Upload | None


@dataclass(frozen=True)
class Announcing:
    """Takes announcements from a party, from the portal that filed, or over the desk."""

    store: DossierStore
    forms: FormLibrary
    authorisation: Authorisation
    places: UploadPlaces
    clock: Clock
    ids: Ids

    def announce(
        self, caller: Caller, dossier: str, request: AnnounceAttachment, body: dict[str, Any], key: str | None
    ) -> Announced:
        """The attachment, `expected`, with its place; the same key again answers the same attachment as it stands.

        Raises `NotFound`, `NotAllowed`, `WrongState` once a decision is drafted, `AttachmentLimit`, `InvalidRequest`,
        `IdempotencyKeyRequired`, `IdempotencyKeyReused`.
        """
        once = Once(caller, key, f"attachments {dossier}", body)
        named = self.ids.new()

        def decide(present: Dossier) -> Change | None:
            self.authorisation.on_dossier(caller, "attach", present)
            if once.earlier(self.store):
                return None
            if present.status not in TAKING:
                raise WrongState(state=present.status.value)
            refuse_too_many(present.papers)
            after = present.with_attachment(self._expected(caller, named, present, request))
            return Change(present, after, idempotency=once.record(named, self.clock))

        after = changing(self.store, dossier, decide)
        return placed(self.places, self.clock, after, after.attachment(once.earlier(self.store) or named))

    def _expected(self, caller: Caller, named: str, present: Dossier, request: AnnounceAttachment) -> Attachment:
        form = self.forms.version(present.filing.form.slug, present.filing.form.version)
        wanted = papers_asked_for(form, present)
        if faults := announcement_faults(wanted, request.component, request.type, request.bytes):
            raise InvalidRequest(faults)
        clerk = clerk_for(self.authorisation, caller, present)
        return Attachment(
            id=named,
            component=request.component,
            title=wanted[request.component].title,
            name=request.name,
            type=request.type,
            size=request.bytes,
            sha256=request.sha256,
            request=open_request(present),
            announced_at=self.clock.now(),
            announced_by=caller.actor(clerk.id if clerk else None),
        )


def placed(places: UploadPlaces, clock: Clock, dossier: Dossier, attachment: Attachment) -> Announced:
    """The attachment with the place for its upload, as long as one may begin."""
    until = attachment.announced_at + UPLOAD_TIME
    left = int((until - clock.now()).total_seconds())
    if attachment.status is not AttachmentStatus.EXPECTED or left < 1:
        return Announced(attachment, None)
    return Announced(attachment, places.place(dossier.id, attachment, left, until))


def refuse_too_many(attachments: Sequence[Attachment]) -> None:
    """Raises `AttachmentLimit` where one more would be too many."""
    live = [one for one in attachments if one.status in {*WAITING, AttachmentStatus.ACCEPTED}]
    for found, most in ((live, MOST), (attachments, MOST_EVER)):
        if len(found) >= most:
            raise AttachmentLimit(at_most=most)
