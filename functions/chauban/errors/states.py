"""What the state of things does not allow."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from chauban.errors.root import ChaubanError


class WrongState(ChaubanError):
    code, status = "wrong-state", 409
    title = MappingProxyType({"vi": "Chưa thực hiện được ở bước này.", "en": "Not possible in this state."})
    text = MappingProxyType(
        {
            "vi": "Việc này không thực hiện được khi trạng thái là “{state}”. Hãy tải lại để xem trạng thái hiện tại.",
            "en": "This cannot be done while the state is '{state}'. Load the resource again to see where it stands.",
        }
    )


class NoticeLimit(ChaubanError):
    code, status = "notice-limit", 409
    title = MappingProxyType({"vi": "Đã đủ số lần.", "en": "The limit is reached."})
    text = MappingProxyType(
        {
            "vi": "Văn bản này chỉ được lập {at_most} lần cho một hồ sơ và đã lập đủ. Hãy giải quyết tiếp hồ sơ.",
            "en": "A dossier may have this notice {at_most} time(s) and has it already. Go on with the dossier.",
        }
    )


class NoticeOpen(ChaubanError):
    code, status = "notice-open", 409
    title = MappingProxyType({"vi": "Đang có văn bản chờ ký.", "en": "A notice is waiting to be signed."})
    text = MappingProxyType(
        {
            "vi": "Hồ sơ đang có “{title}” (mẫu {form}) chưa phát hành. "
            "Hãy đợi văn bản được ký, hoặc bị trả lại, hoặc rút lại dự thảo, rồi làm tiếp.",
            "en": "“{title}” (form {form}) of this dossier is drafted and not yet issued. "
            "Wait until it is signed or returned, or take the draft back.",
        }
    )


class AuthorisationEnded(ChaubanError):
    """The key of an authorisation that led to nothing more: `reason` says how it ended."""

    code, status = "authorisation-ended", 409
    title = MappingProxyType({"vi": "Lần ủy quyền này đã kết thúc.", "en": "This authorisation has ended."})
    text = MappingProxyType(
        {
            "vi": "Lần ủy quyền gửi với Idempotency-Key này đã kết thúc ({reason}). "
            "Hãy tải lại phiên ký, rồi ủy quyền các văn bản còn lại với một khóa mới.",
            "en": "The authorisation that was sent with this Idempotency-Key has ended ({reason}). "
            "Load the session, then authorise what is left with a new key.",
        }
    )

    def members(self, _language: str) -> dict[str, object]:
        """How it ended, as a word beside the text."""
        return {"reason": self.values["reason"]}


class FormNotCurrent(ChaubanError):
    code, status = "form-not-current", 409
    title = MappingProxyType({"vi": "Mẫu đơn đã đổi.", "en": "The form has changed."})
    text = MappingProxyType(
        {
            "vi": "Phiên bản {version} của mẫu đơn không còn nhận hồ sơ. Hãy dùng phiên bản hiện hành {current}.",
            "en": "Version {version} of the form takes no more submissions. Use the current version {current}.",
        }
    )

    def __init__(
        self, slug: str, version: str, current: str | None, changes: Sequence[Mapping[str, object]] = ()
    ) -> None:
        """`changes` are those from the version to the current one; the `text` of each has both languages."""
        super().__init__(version=version, current=current or "-")
        self._current = {"slug": slug, "version": current} if current else None
        self._changes = changes

    def members(self, language: str) -> dict[str, object]:
        """The current version, and what is different in it."""
        told = [{**change, "text": _in(change["text"], language)} for change in self._changes]
        return {"current": self._current, "changes": told} if self._current else {}


class TaskTaken(ChaubanError):
    code, status = "task-in-session", 409
    title = MappingProxyType({"vi": "Văn bản đang được ký.", "en": "The task is being signed."})
    text = MappingProxyType(
        {
            "vi": "Có văn bản đang nằm trong một phiên ký khác. Hãy kết thúc hoặc hủy phiên đó trước.",
            "en": "A task is in another live signing session. Finish or cancel that session first.",
        }
    )


class ConcurrentChange(ChaubanError):
    """Another change came first; services load again and decide again, a caller sees it only under heavy contention."""

    code, status = "concurrent-change", 409
    title = MappingProxyType({"vi": "Có thay đổi cùng lúc.", "en": "Changed at the same time."})
    text = MappingProxyType(
        {
            "vi": "Có người khác vừa thay đổi cùng nội dung này. Vui lòng thử lại.",
            "en": "Somebody else changed this at the same moment. Please try again.",
        }
    )


def _in(text: object, language: str) -> object:
    return text[language] if isinstance(text, Mapping) else text
