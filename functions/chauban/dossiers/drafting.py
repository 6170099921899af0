"""Keeping, resuming and forgetting drafts; only whoever opened one ever learns that it exists."""

from dataclasses import dataclass
from typing import Any

import rfc8785

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.admission import Admission
from chauban.dossiers.drafts import KEPT, Draft, owner_of
from chauban.dossiers.requests import PutDraft
from chauban.errors import FieldError, InvalidRequest, NotFound, PreconditionFailed
from chauban.forms.validation import normalised, refuse_broken_text
from chauban.ports import Clock, DraftStore, FormLibrary

MAX_BYTES = 300_000
"""Of the answers' JSON: an item of the table holds 400 KB."""


@dataclass(frozen=True)
class Drafting:
    """Drafts of whoever calls."""

    store: DraftStore
    forms: FormLibrary
    authorisation: Authorisation
    clock: Clock

    def get(self, caller: Caller, draft: str) -> Draft:
        """The caller's draft; raises `NotAllowed`, `NotFound`."""
        self.authorisation.prepare(caller)
        found = self.store.load(draft, owner_of(caller))
        if found is None:
            raise NotFound
        return found

    def put(self, caller: Caller, draft: str, request: PutDraft, if_match: str | None) -> tuple[Draft, bool]:
        """The draft as kept, and whether it is new. A new one needs a version that is current today.

        To send the same again changes nothing; to change a draft takes the tag of its last state.
        Raises `NotAllowed`, `NotFound` (another's id), `FormNotCurrent`, `InvalidRequest`, `PreconditionFailed`.
        """
        self.authorisation.prepare(caller)
        answers = _fitting(request.answers)
        present = self.store.load(draft, owner_of(caller))
        if present is None:
            if if_match:
                raise PreconditionFailed
            return self._opened(caller, draft, request, answers), True
        if (present.form, present.procedure) != (request.form, request.procedure):
            raise InvalidRequest([FieldError("#/form", "form-of-draft", dict(_FIXED))])
        if (present.agency, present.answers) == (request.agency, answers):
            return present, False
        self._expect(present, if_match)
        return self._changed(present, request, answers), False

    def delete(self, caller: Caller, draft: str, if_match: str | None) -> None:
        """Forgets the draft; raises `NotAllowed`, `NotFound`, `PreconditionFailed`."""
        present = self.get(caller, draft)
        self._expect(present, if_match)
        if not self.store.erase(present):
            raise PreconditionFailed

    def _opened(self, caller: Caller, draft: str, request: PutDraft, answers: dict[str, Any]) -> Draft:
        Admission(self.forms, self.clock).admit(request.form, request.procedure)
        now = self.clock.now()
        opened = Draft(
            id=draft,
            owner=owner_of(caller),
            form=request.form,
            procedure=request.procedure,
            agency=request.agency,
            answers=answers,
            opened_at=now,
            changed_at=now,
            expires_at=now + KEPT,
        )
        if not self.store.create(opened):
            raise NotFound
        return opened

    def _changed(self, present: Draft, request: PutDraft, answers: dict[str, Any]) -> Draft:
        now = self.clock.now()
        update = {
            "agency": request.agency,
            "answers": answers,
            "changed_at": now,
            "expires_at": now + KEPT,
            "version": present.version + 1,
        }
        changed = present.model_copy(update=update)
        if not self.store.change(present, changed):
            raise PreconditionFailed
        return changed

    @staticmethod
    def _expect(present: Draft, if_match: str | None) -> None:
        """`If-Match` compares strongly (RFC 9110, 13.1.1)."""
        tags = [tag.strip() for tag in (if_match or "").split(",")]
        if f'"{present.version}"' not in tags and tags != ["*"]:
            raise PreconditionFailed


def _fitting(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers in NFC, if they can be kept: not too much, and all of it Unicode."""
    refuse_broken_text(answers, "#/answers")
    tidy: dict[str, Any] = normalised(answers)
    if len(rfc8785.dumps(tidy)) > MAX_BYTES:
        raise InvalidRequest([FieldError("#/answers", "too-large", dict(_TOO_LARGE))])
    return tidy


_FIXED = {
    "vi": "Bản nháp giữ nguyên phiên bản mẫu đơn và thủ tục lúc mở. Hãy mở một bản nháp mới cho mẫu đơn khác.",
    "en": "A draft keeps the form version and procedure that it was opened with. Open a new draft for another form.",
}
_TOO_LARGE = {
    "vi": "Nội dung bản nháp vượt quá 300 KB. Vui lòng rút ngắn.",
    "en": "The draft is larger than 300 KB. Please shorten it.",
}
