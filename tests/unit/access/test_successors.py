"""When an agency has ended, its successor answers for what it issued: sees, amends and copies it, in its own name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from chauban.access.catalogue import Agency, Role
from chauban.access.identity import Caller
from chauban.access.loading import _require_successors
from chauban.access.succession import in_place_of
from chauban.copying.requests import OrderCopy
from chauban.dossiers.amendment_requests import CorrectResult, ReplaceResult, RevokeResult
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, Validity
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.errors import ChaubanError, CompetentAgencyOnly, NotAllowed, NotFound, StrongLoginRequired
from chauban.registers.number_books import Book

from tests.unit.fakes.amendments import KINDS, amended, body_of, first_result
from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA
from tests.unit.fakes.notices import issued
from tests.unit.fakes.people import AN, citizen, clerk, official, records, staff
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, document_of
from tests.unit.registers.test_registers_last import sealed

THIRD = "ubnd-thanh-pho-hue"
HIDDEN, REFUSED, ALLOWED = NotFound, NotAllowed, None
REQUESTS = {"replacement": ReplaceResult, "correction": CorrectResult, "revocation": RevokeResult}


def succeeded(world: World, days: int = 1) -> None:
    """Thuận Hóa ended after so many days, and Phú Xuân has come in its place; a third agency has staff, too."""
    world.clock.forward(days=days)
    old = world.catalogue.agencies[THUAN_HOA]
    world.catalogue.put_agency(old.model_copy(update={"valid_to": world.clock.now(), "successor": PHU_XUAN}))
    for person in ("clerk", "records", "official"):
        held = world.catalogue.appointments[f"{person}-phu-xuan-1"]
        other = {"id": f"{person}-hue-1", "person": f"{person}-hue", "agency": THIRD}
        world.catalogue.put_appointment(held.model_copy(update=other))


def office(world: World, place: str) -> Caller:
    return records(place, auth_time=world.clock.now())


def amend(world: World, dossier: Dossier, act: str, who: Caller, document: str | None = None) -> Document:
    request = REQUESTS[act].model_validate(body_of(act))
    service: Callable[..., tuple[Dossier, Document]] = {
        "replacement": world.amending.replace,
        "correction": world.amending.correct,
        "revocation": world.amending.revoke,
    }[act]
    return service(who, document or first_result(dossier), request, world.guard(who))[1]


def copy(world: World, dossier: Dossier, who: Caller, kind: str = "sao_y", document: str | None = None) -> Document:
    request = OrderCopy.model_validate({"kind": kind, "purpose": "Lưu hồ sơ", "excerpt": []})
    return world.copies.order(who, document or first_result(dossier), request, world.guard(who))[1]


def outcome(act: Callable[[], Any]) -> type[ChaubanError] | None:
    try:
        act()
    except ChaubanError as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize("act", KINDS)
def test_the_successor_amends_in_its_own_name_with_its_own_number_and_seal(world: World, act: str) -> None:
    dossier = world.issued()
    before = dossier.document(first_result(dossier))
    succeeded(world)
    drafted = amend(world, dossier, act, clerk("phu-xuan"))
    assert drafted.agency == PHU_XUAN
    after = issued(world, world.store.load(dossier.id), KINDS[act], "phu-xuan")
    new = after.document(drafted.id)
    assert new.status is DocumentStatus.ISSUED
    assert [one.credential for one in new.signatures] == ["cred-official-phu-xuan", "cred-seal-phu-xuan"]
    assert new.number
    assert world.store.last_number(PHU_XUAN, new.number.book, 2026) == new.number.number == 1
    original = after.document(before.id)
    assert (original.revisions, original.number) == (before.revisions, before.number)
    assert original.validity is not Validity.IN_FORCE
    request = world.renderer.requests[-1]
    assert request.context["agency"]["id"] == PHU_XUAN  # type: ignore[index]
    assert request.context["original"]["issuer"] == world.catalogue.agencies[THUAN_HOA].name  # type: ignore[index]
    told = {m.body["type"]: m.body["data"].get("agency") for m in world.messages("bus", dossier.id)}
    changes = {"replacement": "result.replaced.v1", "correction": "result.corrected.v1"}
    assert told[changes.get(act, "result.revoked.v1")] == PHU_XUAN
    if act == "replacement":
        assert told["result.issued.v1"] == PHU_XUAN


def test_what_the_successor_issued_it_amends_like_its_own(world: World) -> None:
    dossier = world.issued()
    succeeded(world)
    second = amend(world, dossier, "replacement", clerk("phu-xuan"))
    issued(world, world.store.load(dossier.id), DocumentKind.RESULT, "phu-xuan")
    letter = amend(world, dossier, "correction", clerk("phu-xuan"), second.id)
    assert letter.agency == PHU_XUAN
    back = ReturnDraft(reason="Soạn nhầm hồ sơ.")
    after = world.returning.take_back(clerk("phu-xuan"), dossier.id, letter.id, back, world.guard(clerk("phu-xuan")))
    assert after.document(letter.id).status is DocumentStatus.RETURNED


@pytest.mark.parametrize("kind", ["sao_y", "sao_luc"])
def test_the_successor_certifies_copies_with_its_own_seal(world: World, kind: str) -> None:
    dossier = world.issued()
    succeeded(world)
    for each in ("sao_y", kind):
        made = copy(world, dossier, office(world, "phu-xuan"), each)
        if made.status is DocumentStatus.RENDERING:
            world.copy_printing.make(dossier.id, made.id)
        world.certifying.certify(dossier.id, made.id)
    after = world.store.load(dossier.id)
    made = document_of(after, DocumentKind(kind))
    assert (made.status, made.agency) == (DocumentStatus.ISSUED, PHU_XUAN)
    assert made.signatures[-1].credential == "cred-seal-phu-xuan"
    fact = after.fact(FactType.COPY_ORDERED)
    assert fact
    assert fact.data["accountable"] == "records-phu-xuan-1"
    if kind == "sao_luc":
        said: Any = world.renderer.requests[-1].context["copy"]
        assert said["issuer"] == world.catalogue.agencies[THUAN_HOA].name


def acts(world: World, dossier: Dossier, who: Caller, register: str) -> dict[str, type[ChaubanError] | None]:
    """What somebody may do with what Thuận Hóa issued."""
    book = Book(THUAN_HOA, "xac-nhan-tinh-trang-hon-nhan", 2026)
    result = first_result(dossier)
    return {
        "see": outcome(lambda: world.reading.one_document(who, result)),
        "download": outcome(lambda: world.reading.document(who, dossier.id, result, None)),
        "list": outcome(lambda: world.reading.dossiers(who, THUAN_HOA, None, 10, None)),
        "register": outcome(lambda: world.register_desk.see(who, THUAN_HOA, register)),
        "book": outcome(lambda: world.number_books.listed(who, book, 10, None)),
        "amend": outcome(lambda: amend(world, dossier, "correction", who)),
        "copy": outcome(lambda: copy(world, dossier, who)),
    }


SEEN = dict.fromkeys(("see", "download", "list", "register"), ALLOWED)
TABLE: dict[str, dict[str, Any]] = {
    "clerk of the successor": {**SEEN, "book": ALLOWED, "amend": ALLOWED, "copy": REFUSED},
    "records office of the successor": {**SEEN, "book": ALLOWED, "amend": REFUSED, "copy": ALLOWED},
    "official of the successor": {**SEEN, "book": HIDDEN, "amend": REFUSED, "copy": REFUSED},
    "clerk of a third agency": dict.fromkeys((*SEEN, "book", "amend", "copy"), HIDDEN),
    "records office of a third agency": dict.fromkeys((*SEEN, "book", "amend", "copy"), HIDDEN),
    "official of a third agency": dict.fromkeys((*SEEN, "book", "amend", "copy"), HIDDEN),
    # Whose appointment in the old agency was not ended: sees it, and issues nothing more.
    "clerk of the old agency": {**SEEN, "book": ALLOWED, "amend": CompetentAgencyOnly, "copy": REFUSED},
    "records office of the old agency": {**SEEN, "book": ALLOWED, "amend": REFUSED, "copy": REFUSED},
    "clerk of the successor without the scope": {**SEEN, "book": ALLOWED, "amend": REFUSED, "copy": REFUSED},
}


def people(world: World) -> dict[str, Caller]:
    return {
        "clerk of the successor": clerk("phu-xuan"),
        "records office of the successor": office(world, "phu-xuan"),
        "official of the successor": official("phu-xuan"),
        "clerk of a third agency": clerk("hue"),
        "records office of a third agency": office(world, "hue"),
        "official of a third agency": official("hue"),
        "clerk of the old agency": clerk(),
        "records office of the old agency": office(world, "thuan-hoa"),
        "clerk of the successor without the scope": staff("clerk-phu-xuan", "dossiers:read"),
    }


@pytest.mark.parametrize("who", TABLE)
def test_who_may_do_what_after_the_succession(world: World, who: str) -> None:
    dossier, register = world.issued(), sealed(world).id
    succeeded(world)
    assert acts(world, dossier, people(world)[who], register) == TABLE[who]


@pytest.mark.parametrize("who", ["clerk of the successor", "records office of the successor"])
def test_until_the_day_it_is_another_agency_like_any(world: World, who: str) -> None:
    dossier, register = world.issued(), sealed(world).id
    succeeded(world)
    old = world.catalogue.agencies[THUAN_HOA]
    tomorrow = world.clock.now() + timedelta(seconds=1)
    world.catalogue.put_agency(old.model_copy(update={"valid_to": tomorrow}))
    assert set(acts(world, dossier, people(world)[who], register).values()) == {HIDDEN}
    assert outcome(lambda: amend(world, dossier, "revocation", clerk())) is ALLOWED
    world.clock.moment = tomorrow
    assert outcome(lambda: world.reading.one_document(people(world)[who], first_result(dossier))) is ALLOWED


def test_what_is_under_way_stays_with_the_agency_that_it_was_filed_with(world: World) -> None:
    """The successor looks up; receiving, deciding, registers and numbers in the old one's name are not its own."""
    dossier = world.submitted()
    succeeded(world)
    who = clerk("phu-xuan")
    assert outcome(lambda: world.rights.see_dossier(who, dossier)) is ALLOWED
    for action in ("receive", "draft-decision", "extend", "stop", "hand-over", "refuse", "supplement", "attach"):
        assert outcome(lambda act=action: world.rights.on_dossier(who, act, dossier)) is REFUSED, action
    assert outcome(lambda: world.rights.on_agency(who, "make-register", THUAN_HOA)) is REFUSED
    assert outcome(lambda: world.rights.print_number_book(office(world, "phu-xuan"), THUAN_HOA)) is REFUSED
    assert outcome(lambda: world.rights.void_number(office(world, "phu-xuan"), THUAN_HOA)) is REFUSED
    assert outcome(lambda: world.rights.see_sealing(office(world, "phu-xuan"), THUAN_HOA)) is HIDDEN


def test_the_desk_s_successor_sees_and_copies_and_does_not_amend(world: World) -> None:
    dossier = world.submitted(receiving_agency=PHU_XUAN)
    world.clock.forward(days=1)
    old = world.catalogue.agencies[PHU_XUAN]
    world.catalogue.put_agency(old.model_copy(update={"valid_to": world.clock.now(), "successor": THIRD}))
    for person in ("clerk", "records"):
        held = world.catalogue.appointments[f"{person}-phu-xuan-1"]
        other = {"id": f"{person}-hue-1", "person": f"{person}-hue", "agency": THIRD}
        world.catalogue.put_appointment(held.model_copy(update=other))
    assert outcome(lambda: world.rights.see_dossier(clerk("hue"), dossier)) is ALLOWED
    assert outcome(lambda: world.rights.on_dossier(clerk("hue"), "receive", dossier)) is REFUSED
    document = Document(
        id="X", kind=DocumentKind.RESULT, agency=THUAN_HOA, ordinal=1, cause="decision-1", title="Giấy xác nhận"
    )
    assert world.rights.order_copy(office(world, "hue"), dossier, document).agency == THIRD
    assert outcome(lambda: world.rights.amend(clerk("hue"), dossier, document)) is REFUSED
    assert outcome(lambda: world.rights.amend(clerk("phu-xuan"), dossier, document)) is CompetentAgencyOnly


def test_copies_take_a_recent_strong_login_of_the_successor_too(world: World) -> None:
    dossier = world.issued()
    succeeded(world)
    assert outcome(lambda: copy(world, dossier, records("phu-xuan"))) is StrongLoginRequired


def test_drafts_of_the_successor_are_seen_inside_and_by_nobody_else(world: World) -> None:
    dossier = world.issued()
    succeeded(world)
    drafted = amend(world, dossier, "revocation", clerk("phu-xuan")).id
    assert world.reading.one_document(clerk("phu-xuan"), drafted)[1].id == drafted
    for who in (citizen(AN), clerk("hue")):
        assert outcome(lambda one=who: world.reading.one_document(one, drafted)) is HIDDEN


def test_years_of_successions(world: World) -> None:
    """The successor of the successor stands there, as long as it does."""
    start = MORNING

    def agency(name: str, ends: int | None, successor: str | None) -> Agency:
        until = start + timedelta(days=ends) if ends is not None else None
        pattern = world.catalogue.agencies[THUAN_HOA]
        return pattern.model_copy(update={"id": name, "valid_to": until, "successor": successor})

    known = {
        "a": agency("a", 1, "b"),
        "b": agency("b", 2, "c"),
        "c": agency("c", None, None),
        "d": agency("d", 1, None),
    }
    at = lambda days, name="a": in_place_of(known.get, name, start + timedelta(days=days))  # noqa: E731
    assert [at(days) for days in (0, 1, 2, 9)] == ["a", "b", "c", "c"]
    assert (at(5, "d"), at(5, "nowhere")) == ("d", "nowhere")
    # A record that leads back to itself ends the search.
    known["b"] = agency("b", 2, "a")
    assert at(9) in known


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"valid_to": None}, "say when it ends"),
        ({"successor": "nowhere"}, "there is no agency nowhere"),
        ({"successor": THUAN_HOA}, "is not there on the day"),
    ],
)
def test_a_catalogue_whose_successors_make_no_sense_is_refused(
    world: World, changes: dict[str, Any], told: str
) -> None:
    old = world.catalogue.agencies[THUAN_HOA]
    update = {"valid_to": world.clock.now(), "successor": PHU_XUAN, **changes}
    agencies = {**world.catalogue.agencies, THUAN_HOA: old.model_copy(update=update)}
    with pytest.raises(ValueError, match=told):
        _require_successors(agencies)


def test_roles_of_a_successor_are_those_that_are_valid_now(world: World) -> None:
    dossier = world.issued()
    succeeded(world)
    held = world.catalogue.appointments["clerk-phu-xuan-1"]
    assert held.role is Role.CLERK
    world.catalogue.put_appointment(held.model_copy(update={"valid_to": world.clock.now()}))
    assert outcome(lambda: world.reading.one_document(clerk("phu-xuan"), first_result(dossier))) is HIDDEN


def test_what_was_amended_before_stays_as_it_is(world: World) -> None:
    dossier = amended(world, world.issued(), "correction")
    succeeded(world)
    assert [one.agency for one in dossier.documents if one.corrects] == [THUAN_HOA]
    assert amend(world, dossier, "correction", clerk("phu-xuan")).agency == PHU_XUAN
