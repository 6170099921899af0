"""Dossiers whose result is being amended, as the services make them."""

from typing import Any

from chauban.dossiers.amendment_requests import CorrectResult, ReplaceResult, RevokeResult
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.model import Dossier

from tests.unit.fakes.notices import issued
from tests.unit.fakes.people import clerk, decision_data
from tests.unit.fakes.world import World, document_of

WHY: dict[str, Any] = {
    "reason": "Giấy đã cấp ghi sai mục đích sử dụng so với đề nghị trong tờ khai.",
    "legal_basis": [
        "khoản 4 Điều 18 Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư"
    ],
}
ERRORS = [{"place": "Dòng thứ ba, phần xác nhận", "printed": "Thừa Thiên Huê", "correct": "Thừa Thiên Huế"}]
KINDS = {
    "replacement": DocumentKind.RESULT,
    "correction": DocumentKind.CORRECTION,
    "revocation": DocumentKind.REVOCATION,
}


def body_of(act: str) -> dict[str, Any]:
    """A good body of one of the three requests."""
    more = {"replacement": {"data": decision_data()}, "correction": {"errors": ERRORS}, "revocation": {}}
    return {**WHY, **more[act]}


def amendment_drafted(world: World, dossier: Dossier, act: str, document: str | None = None) -> Dossier:
    """The dossier with a document drafted that amends its first result, or the one named."""
    original = document or first_result(dossier)
    who, guard, body = clerk(), world.guard(clerk()), body_of(act)
    if act == "replacement":
        return world.amending.replace(who, original, ReplaceResult.model_validate(body), guard)[0]
    if act == "correction":
        return world.amending.correct(who, original, CorrectResult.model_validate(body), guard)[0]
    return world.amending.revoke(who, original, RevokeResult.model_validate(body), guard)[0]


def amended(world: World, dossier: Dossier, act: str, document: str | None = None) -> Dossier:
    """The same with the amending document signed, sealed and issued."""
    return issued(world, amendment_drafted(world, dossier, act, document), KINDS[act])


def first_result(dossier: Dossier) -> str:
    """The id of the dossier's first result."""
    return next(one.id for one in dossier.documents if one.kind is DocumentKind.RESULT)


def newest(dossier: Dossier, act: str) -> str:
    """The id of the newest document of the act's kind."""
    return document_of(dossier, KINDS[act]).id
