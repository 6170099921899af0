"""Dossiers with one notice of each kind, as the services make them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chauban.documents.requests import RenderRequest
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import (
    ExtendDeadline,
    HandOver,
    RefuseDossier,
    RequestSupplement,
    StopDossier,
    Supplement,
)
from chauban.dossiers.requests import OpenSession
from chauban.forms.notice_policy import NoticePolicies

from tests.unit.fakes.people import clerk, official, portal
from tests.unit.fakes.world import World, document_of, signatures_for

NOTICES = (
    DocumentKind.SUPPLEMENT_REQUEST,
    DocumentKind.REFUSAL,
    DocumentKind.EXTENSION,
    DocumentKind.STOP_NOTICE,
    DocumentKind.CONTROL_SLIP,
)
MISSING: dict[str, Any] = {
    "items": [
        {
            "what": "Trích lục ghi chú ly hôn hoặc bản án đã có hiệu lực pháp luật",
            "reason": "Bản chụp không đọc được số bản án và ngày tuyên án",
            "component": "Giấy tờ chứng minh tình trạng hôn nhân",
        },
        {"what": "Số điện thoại liên hệ của người yêu cầu", "reason": "Chưa khai trong tờ khai"},
    ],
    "until": "2026-12-03",
    "note": "Bản chụp cần đủ bốn góc, rõ dấu và chữ ký.",
}
REASONS: dict[str, Any] = {
    "reason": "Người yêu cầu đăng ký thường trú tại phường khác, không thuộc thẩm quyền giải quyết của cơ quan.",
    "legal_basis": "Điều 21 Nghị định số 123/2015/NĐ-CP ngày 15 tháng 11 năm 2015 của Chính phủ",
    "advice": "Nộp hồ sơ tại Ủy ban nhân dân phường nơi đăng ký thường trú, hoặc chọn lại cơ quan trên Cổng dịch vụ công.",
}


def with_policy(world: World, **policy: dict) -> None:
    """The form with another policy for some notices."""
    (form,) = world.forms.versions
    notices = NoticePolicies.model_validate(policy)
    world.forms.versions[:] = [form.model_copy(update={"head": form.head.model_copy(update={"notices": notices})})]


def asked(world: World, dossier: Dossier, **changes: Any) -> Dossier:
    """The dossier with a supplement request."""
    request = RequestSupplement.model_validate({**MISSING, **changes})
    return world.notices.request_supplement(clerk(), dossier.id, request, world.guard(clerk()))[0]


def request_of(dossier: Dossier) -> str:
    """The id of the newest supplement request."""
    return document_of(dossier, DocumentKind.SUPPLEMENT_REQUEST).id


def answered(world: World, dossier: Dossier, **changes: Any) -> Dossier:
    """The dossier with the open request answered: papers, unless told otherwise."""
    body = {"request": request_of(dossier), "components": [{"name": "Bản án", "certified_copy": 1}], **changes}
    return world.supplements.add(portal(), dossier.id, Supplement.model_validate(body), world.guard(portal()))


def refused(world: World, dossier: Dossier) -> Dossier:
    return world.notices.refuse(clerk(), dossier.id, RefuseDossier(**REASONS), world.guard(clerk()))


def stop_drafted(world: World, dossier: Dossier) -> Dossier:
    """The dossier with a stop notice that waits for the official."""
    return world.notices.stop(clerk(), dossier.id, StopDossier(**REASONS), world.guard(clerk()))


def stopped(world: World, dossier: Dossier) -> Dossier:
    return issued(world, stop_drafted(world, dossier), DocumentKind.STOP_NOTICE)


def extension_drafted(world: World, dossier: Dossier, due: datetime | None = None) -> Dossier:
    """The dossier with an extension that waits for the official: a day later, unless told otherwise."""
    due = due or (dossier.due_at or world.clock.now()) + timedelta(days=1)
    request = ExtendDeadline(due_at=due, reason="Cần xác minh tình trạng hôn nhân tại nơi cư trú trước đây.")
    return world.notices.extend(clerk(), dossier.id, request, world.guard(clerk()))


def extended(world: World, dossier: Dossier, due: datetime | None = None) -> Dossier:
    return issued(world, extension_drafted(world, dossier, due), DocumentKind.EXTENSION)


def waiting(world: World, dossier: Dossier, kind: DocumentKind) -> Dossier:
    """The dossier with its newest document of a kind in the official's list."""
    world.making.make(dossier.id, document_of(dossier, kind).id)
    return world.store.load(dossier.id)


def signed(world: World, dossier: Dossier, kind: DocumentKind, place: str = "thuan-hoa") -> Dossier:
    """The dossier with its newest document of a kind signed by an official of a ward, not yet sealed."""
    task = document_of(waiting(world, dossier, kind), kind).id
    who = official(place, auth_time=world.clock.now())
    request = OpenSession(tasks=(task,), credential=f"cred-official-{place}")
    session = world.sessions.open(who, request, request.model_dump(mode="json"), world.ids.new())
    world.official.prepare(session.id, 1)
    session = world.signing.session(session.id)
    world.desk.accept(who, session.id, signatures_for(session))
    world.official.embed(session.id, 1)
    return world.store.load(dossier.id)


def sealed(world: World, dossier: Dossier, kind: DocumentKind) -> Dossier:
    """The dossier after the seal worker had its newest document of a kind."""
    world.sealing.seal(dossier.id, document_of(dossier, kind).id)
    return world.store.load(dossier.id)


def issued(world: World, dossier: Dossier, kind: DocumentKind, place: str = "thuan-hoa") -> Dossier:
    """The dossier with its newest document of a kind, which an official signs, issued."""
    return sealed(world, signed(world, dossier, kind, place), kind)


def handed_over(world: World, dossier: Dossier, to: str, due: datetime | None = None) -> Dossier:
    return world.handing_over.hand_over(clerk(), dossier.id, HandOver(to=to, due_at=due), world.guard(clerk()))


def with_notice(world: World, kind: DocumentKind) -> Dossier:
    """A dossier whose newest document is a notice of a kind."""
    if kind is DocumentKind.REFUSAL:
        return refused(world, world.submitted())
    dossier = world.received()
    world.clock.forward(hours=3)
    if kind is DocumentKind.SUPPLEMENT_REQUEST:
        return asked(world, dossier)
    if kind is DocumentKind.EXTENSION:
        return extension_drafted(world, dossier)
    if kind is DocumentKind.STOP_NOTICE:
        return stop_drafted(world, dossier)
    handed_over(world, dossier, "Công chức tư pháp - hộ tịch", world.clock.now() + timedelta(hours=1))
    world.clock.forward(hours=2)
    handed_over(world, dossier, "Công an phường (xác minh cư trú)")
    return world.handing_over.print_slip(clerk(), dossier.id, world.guard(clerk()))


def render_request(world: World, kind: DocumentKind, files: dict[str, bytes]) -> RenderRequest:
    """What the renderer is asked for a notice of a kind, with real print files."""
    dossier = with_notice(world, kind)
    world.making.make(dossier.id, document_of(dossier, kind).id)
    return replace(world.renderer.requests[-1], files=files)
