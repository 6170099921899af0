"""Whether a form version takes a filing today: the current one does, and an older one from a draft within its days of grace."""

from dataclasses import asdict, dataclass
from datetime import date

from chauban.dossiers.drafts import Draft
from chauban.dossiers.model import FormRef
from chauban.dossiers.numbering import local_day
from chauban.errors import FieldError, FormNotCurrent, InvalidRequest, NotFound
from chauban.forms.definition import FormDefinition, current_version
from chauban.forms.difference import differences
from chauban.forms.succession import in_grace
from chauban.ports import Clock, FormLibrary


@dataclass(frozen=True)
class Admission:
    """Decides by the published versions that are not withdrawn."""

    forms: FormLibrary
    clock: Clock

    def admit(self, wanted: FormRef, procedure: str, draft: Draft | None = None) -> FormDefinition:
        """The version, if it takes a filing today. `draft` is the caller's own, of whatever form.

        Raises `InvalidRequest` for an unknown form or procedure, `FormNotCurrent` with the current version and what changed.
        """
        day = local_day(self.clock.now())
        form = self._known(wanted)
        if not self._takes(form, draft, day):
            raise self._not_current(form, day)
        begun = draft.opened_at if draft and draft.form == wanted else self.clock.now()
        if not (form.procedure(procedure, day) or form.procedure(procedure, local_day(begun))):
            raise InvalidRequest([unknown("#/procedure", "unknown-procedure")])
        return form

    def _known(self, wanted: FormRef) -> FormDefinition:
        try:
            return self.forms.version(wanted.slug, wanted.version)
        except NotFound as absent:
            raise InvalidRequest([unknown("#/form", "unknown-form")]) from absent

    def _takes(self, form: FormDefinition, draft: Draft | None, day: date) -> bool:
        taking = self.forms.taking(form.slug)
        if form not in taking:
            return False
        if current_version(taking, form.slug, day) == form:
            return True
        own = draft is not None and (draft.form.slug, draft.form.version) == (form.slug, form.version)
        return own and in_grace(taking, form, day, self.forms.in_force_from)

    def _not_current(self, form: FormDefinition, day: date) -> FormNotCurrent:
        current = current_version(self.forms.taking(form.slug), form.slug, day)
        changes = [asdict(change) for change in differences(form, current)] if current else []
        return FormNotCurrent(form.slug, form.version, current.version if current else None, changes)


_UNKNOWN = {
    "unknown-form": (
        "Không có mẫu đơn hoặc phiên bản này. Hãy lấy danh sách tại GET /v1/procedures.",
        "There is no such form or version. Get the list from GET /v1/procedures.",
    ),
    "unknown-procedure": (
        "Mẫu đơn này không dùng cho mã thủ tục đã nêu vào hôm nay. Hãy kiểm tra tại GET /v1/procedures.",
        "The form does not serve that procedure code today. Check GET /v1/procedures.",
    ),
    "unknown-agency": (
        "Cơ quan này không có, đã ngừng hoạt động hoặc không có thẩm quyền với thủ tục. Hãy chọn cơ quan khác.",
        "The agency does not exist, is no longer active, or is not competent for the procedure. Choose another one.",
    ),
    "unknown-draft": (
        "Bản nháp này không có, đã hết hạn hoặc đã được nộp. Hãy gửi hồ sơ không kèm bản nháp.",
        "There is no such draft, or it has expired or was filed. File the dossier without a draft.",
    ),
}


def unknown(pointer: str, code: str) -> FieldError:
    """The fault of naming something that is not there."""
    vietnamese, english = _UNKNOWN[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
