"""Which papers a dossier takes: those of its form, and what an open request to supplement asks for."""

from typing import NamedTuple

from chauban.dossiers.attachments import AttachmentStatus
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.errors import FieldError
from chauban.forms.definition import ATTACHMENT_TYPES, FormDefinition

OF_A_REQUEST = 10 * 1024 * 1024
"""The most bytes for a paper that a clerk asks for and the form does not know."""
TAKING = frozenset({DossierStatus.SUBMITTED, DossierStatus.RECEIVED, DossierStatus.SUPPLEMENT_REQUESTED})
"""Until the decision is drafted."""


class Asked(NamedTuple):
    """A paper that a dossier takes: its component, title in both languages, media types and size in bytes."""

    component: str
    title: dict[str, str]
    types: tuple[str, ...]
    max_bytes: int


def open_request(dossier: Dossier) -> str | None:
    """The id of the supplement request that waits for an answer."""
    asked = dossier.fact(FactType.SUPPLEMENT_REQUESTED)
    waits = asked is not None and dossier.status is DossierStatus.SUPPLEMENT_REQUESTED
    return str(asked.data["document"]) if asked and waits else None


def papers_asked_for(form: FormDefinition, dossier: Dossier) -> dict[str, Asked]:
    """By component: what the form asks for, and what an open request names that the form does not know."""
    wanted: dict[str, Asked] = {}
    asked = dossier.fact(FactType.SUPPLEMENT_REQUESTED) if open_request(dossier) else None
    for item in asked.data["items"] if asked else ():
        if component := item.get("component"):
            wanted[component] = Asked(
                component, {"vi": item["what"], "en": item["what"]}, ATTACHMENT_TYPES, OF_A_REQUEST
            )
    for rule in form.head.attachments:
        types = tuple(one for one in rule.types if one in ATTACHMENT_TYPES)
        wanted[rule.name] = Asked(rule.name, dict(rule.title), types, rule.max_bytes)
    return wanted


def missing_papers(form: FormDefinition, dossier: Dossier) -> tuple[Asked, ...]:
    """The required papers of which no file was accepted; they may have come to the desk."""
    there = {one.component for one in dossier.papers if one.status is AttachmentStatus.ACCEPTED}
    known = papers_asked_for(form, dossier)
    return tuple(known[rule.name] for rule in form.head.attachments if rule.required and rule.name not in there)


def announcement_faults(wanted: dict[str, Asked], component: str, media_type: str, size: int) -> list[FieldError]:
    """What is wrong with an announcement, each fault with its place."""
    asked = wanted.get(component)
    if asked is None:
        return [_fault("#/component", "unknown-component", known=", ".join(wanted) or "-")]
    faults = []
    if media_type not in asked.types:
        faults.append(_fault("#/type", "type-not-taken", types=", ".join(_SHORT[one] for one in asked.types)))
    if size > asked.max_bytes:
        faults.append(_fault("#/bytes", "too-large", most=f"{asked.max_bytes / 1024 / 1024:g}"))
    return faults


_SHORT = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}
_FAULTS = {
    "unknown-component": (
        "Hồ sơ này không nhận loại giấy tờ đó. Hãy chọn một trong: {known}. Giấy tờ khác xin nộp tại bộ phận một cửa.",
        "This dossier takes no such paper. Choose one of: {known}. Bring other papers to the desk.",
    ),
    "type-not-taken": (
        "Giấy tờ này chỉ nhận tệp {types}. Hãy chụp ảnh hoặc lưu tệp ở một trong các dạng đó rồi gửi lại.",
        "This paper is taken as {types} only. Take a photograph, or save the file as one of these, and send it again.",
    ),
    "too-large": (
        "Tệp lớn hơn {most} MB. Hãy chụp hoặc quét lại ở độ phân giải thấp hơn, hoặc chia thành nhiều tệp.",
        "The file is larger than {most} MB. Scan or photograph at a lower resolution, or split it into several files.",
    ),
}


def _fault(pointer: str, code: str, **values: str) -> FieldError:
    vietnamese, english = (text.format(**values) for text in _FAULTS[code])
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
