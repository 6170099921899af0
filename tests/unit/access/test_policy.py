"""The policy as a table: who may do what with a dossier of one ward, received at its own desk or at another's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from chauban.access.catalogue import Role
from chauban.access.identity import Caller
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.model import Dossier
from chauban.errors import ChaubanError, NotAllowed, NotFound, StrongLoginRequired
from chauban.signing.sessions.model import SigningTask

from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA
from tests.unit.fakes.people import AN, BINH, citizen, clerk, official, portal, staff
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World

ALLOWED, HIDDEN, REFUSED, AGAIN = None, NotFound, NotAllowed, StrongLoginRequired
PEOPLE: dict[str, Caller] = {
    "party": citizen(AN),
    "party without scopes": citizen(AN, "signing"),
    "other citizen": citizen(BINH),
    "portal": portal(),
    "other portal": portal("other"),
    "portal with the name of a clerk": portal("clerk-thuan-hoa", "dossiers:read", "dossiers:handle"),
    "clerk": clerk(),
    "clerk without the scope": staff("clerk-thuan-hoa", "dossiers:read"),
    "clerk of the other ward": clerk("phu-xuan"),
    "official": official(),
    "official of the other ward": official("phu-xuan"),
    "records officer": staff("records-thuan-hoa", "dossiers:read", "records"),
    "auditor": staff("auditor", "dossiers:read"),
    "administrator": staff("administrator", "dossiers:read", "dossiers:handle", "signing"),
    "somebody": staff("somebody", "dossiers:read", "dossiers:handle", "signing"),
}
#                                    view     receive  draft    link     task     sign
TABLE = {
    "party":                          (ALLOWED, REFUSED, REFUSED, ALLOWED, HIDDEN, HIDDEN),
    "party without scopes":           (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "other citizen":                  (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "portal":                         (ALLOWED, REFUSED, REFUSED, ALLOWED, HIDDEN, HIDDEN),
    "other portal":                   (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "portal with the name of a clerk": (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "clerk":                          (ALLOWED, ALLOWED, ALLOWED, ALLOWED, ALLOWED, REFUSED),
    "clerk without the scope":        (ALLOWED, REFUSED, REFUSED, ALLOWED, ALLOWED, REFUSED),
    "clerk of the other ward":        (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "official":                       (ALLOWED, REFUSED, REFUSED, ALLOWED, ALLOWED, ALLOWED),
    "official of the other ward":     (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "records officer":                (ALLOWED, REFUSED, REFUSED, ALLOWED, ALLOWED, REFUSED),
    "auditor":                        (ALLOWED, REFUSED, REFUSED, ALLOWED, HIDDEN, HIDDEN),
    "administrator":                  (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "somebody":                       (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
}  # fmt: skip
DESK = {
    "clerk of the other ward": (ALLOWED, ALLOWED, REFUSED, ALLOWED, HIDDEN, HIDDEN),
    "official of the other ward": (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "clerk": (ALLOWED, ALLOWED, ALLOWED, ALLOWED, ALLOWED, REFUSED),
}
ACTIONS = ("view", "receive", "draft", "link", "task", "sign")


@pytest.fixture
def wards(world: World) -> World:
    """Two more people: an auditor and an administrator of the first ward."""
    pattern = world.catalogue.appointments["clerk-thuan-hoa-1"]
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        world.catalogue.put_appointment(
            pattern.model_copy(update={"id": f"{role}-1", "person": role.value, "role": role})
        )
    return world


def task_in(agency: str, official: str | None = None) -> SigningTask:
    """A task of an agency, in the name of its official."""
    return SigningTask(
        id="T",
        dossier="D",
        code="H57.40.01-261123-0001",
        document="T",
        kind=DocumentKind.RESULT,
        title="Giấy xác nhận tình trạng hôn nhân",
        agency=agency,
        official=official or f"official-{agency.removeprefix('ubnd-phuong-')}-1",
        sha256="0" * 64,
        since=MORNING,
        due_at=None,
    )


def outcome(act: Callable[[], None]) -> type[ChaubanError] | None:
    try:
        act()
    except ChaubanError as refusal:
        return type(refusal)
    return None


def outcomes(world: World, who: Caller, dossier: Dossier) -> tuple[type[ChaubanError] | None, ...]:
    rights, agency = world.rights, dossier.filing.agencies.competent
    return (
        outcome(lambda: rights.see_dossier(who, dossier)),
        outcome(lambda: rights.on_dossier(who, "receive", dossier)),
        outcome(lambda: rights.on_dossier(who, "draft-decision", dossier)),
        outcome(lambda: rights.on_dossier(who, "download-issued", dossier)),
        outcome(lambda: rights.see_task(who, agency, "T")),
        outcome(lambda: rights.sign_task(who, task_in(agency))),
    )


@pytest.mark.parametrize("name", TABLE)
def test_a_dossier_of_the_ward(wards: World, name: str) -> None:
    dossier = wards.submitted()
    assert dict(zip(ACTIONS, outcomes(wards, PEOPLE[name], dossier), strict=True)) == dict(
        zip(ACTIONS, TABLE[name], strict=True)
    )


@pytest.mark.parametrize("name", DESK)
def test_a_dossier_of_the_ward_handed_in_at_the_other_wards_desk(wards: World, name: str) -> None:
    dossier = wards.submitted(receiving_agency=PHU_XUAN)
    assert outcomes(wards, PEOPLE[name], dossier) == DESK[name]


@pytest.mark.parametrize(
    ("name", "own", "other"),
    [
        ("clerk", ALLOWED, HIDDEN),
        ("official", ALLOWED, HIDDEN),
        ("auditor", ALLOWED, HIDDEN),
        ("administrator", HIDDEN, HIDDEN),
        ("party", HIDDEN, HIDDEN),
        ("portal", HIDDEN, HIDDEN),
    ],
)
def test_an_agencys_work_list(wards: World, name: str, own: object, other: object) -> None:
    who = PEOPLE[name]
    assert outcome(lambda: wards.rights.list_agency(who, THUAN_HOA)) == own
    assert outcome(lambda: wards.rights.list_agency(who, PHU_XUAN)) == other


@pytest.mark.parametrize(
    ("who", "requester", "expected"),
    [
        (portal(), False, ALLOWED),
        (portal("portal", "dossiers:submit"), False, REFUSED),
        (portal("portal", "dossiers:submit-for"), False, REFUSED),
        (citizen(AN), True, ALLOWED),
        (citizen(AN), False, REFUSED),
        (citizen(AN, "dossiers:read"), True, REFUSED),
        (clerk(), False, REFUSED),
    ],
)
def test_filing(wards: World, who: Caller, requester: bool, expected: object) -> None:
    assert outcome(lambda: wards.rights.submit(who, is_requester=requester)) == expected


@pytest.mark.parametrize(
    ("seconds", "acr", "expected"),
    [
        (0, "loa3", ALLOWED),
        (3600, "loa3", ALLOWED),
        (3601, "loa3", AGAIN),
        (-60, "loa3", AGAIN),
        (0, "loa2", AGAIN),
        (0, None, AGAIN),
        (None, "loa3", AGAIN),
    ],
)
def test_signing_asks_for_a_strong_login_of_the_last_hour(
    wards: World, seconds: int | None, acr: str | None, expected: object
) -> None:
    when = None if seconds is None else MORNING - timedelta(seconds=seconds)
    who = official(auth_time=when, acr=acr)
    session = wards.ready(wards.awaiting_signature())
    assert outcome(lambda: wards.rights.sign_task(who, task_in(THUAN_HOA))) == expected
    assert outcome(lambda: wards.rights.use_session(who, session)) == expected
    assert outcome(lambda: wards.rights.see_session(who, session)) == ALLOWED


def test_a_document_in_another_officials_name_is_not_signed(wards: World) -> None:
    """Any official of the ward could sign it, and the page showed another name than the certificate."""
    assert outcome(lambda: wards.rights.sign_task(official(), task_in(THUAN_HOA))) == ALLOWED
    assert outcome(lambda: wards.rights.sign_task(official(), task_in(THUAN_HOA, "official-thuan-hoa-2"))) == REFUSED


def test_an_old_login_tells_nothing_of_another_agencys_task(wards: World) -> None:
    assert outcome(lambda: wards.rights.sign_task(official("phu-xuan", auth_time=None), task_in(THUAN_HOA))) == HIDDEN


@pytest.mark.parametrize("end", ["not yet", "over"])
def test_an_appointment_counts_only_while_it_is_valid(wards: World, end: str) -> None:
    held = wards.catalogue.appointments["clerk-thuan-hoa-1"]
    now = wards.clock.now()
    change = {"valid_to": now} if end == "over" else {"valid_from": now + timedelta(seconds=1)}
    wards.catalogue.put_appointment(held.model_copy(update=change))
    assert outcomes(wards, clerk(), wards.submitted()) == (HIDDEN,) * 6
    assert wards.rights.agencies(clerk()) == ()


def test_names_with_quotes_and_diacritics_do_not_change_the_question(wards: World) -> None:
    strange = staff('x"; permit (principal, action, resource); //', "dossiers:read")
    assert outcomes(wards, strange, wards.submitted())[0] is HIDDEN
    assert outcomes(wards, staff("Nguyễn Văn \u0000", "dossiers:read"), wards.submitted())[0] is HIDDEN


def test_an_action_that_the_policy_does_not_know_is_refused(wards: World) -> None:
    assert outcome(lambda: wards.rights.on_dossier(clerk(), "delete", wards.submitted())) is REFUSED
