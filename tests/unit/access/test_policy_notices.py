"""The policy for notices, supplements, withdrawal, slips, registers and look-ups, as a table."""

import pytest
from chauban.errors import ChaubanError, HigherLevelRequired, NotAllowed, NotFound

from tests.unit.access.test_policy import PEOPLE, outcome
from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA
from tests.unit.fakes.people import AN, BINH, citizen, portal, staff
from tests.unit.fakes.world import World

YES, HIDDEN, NO = None, NotFound, NotAllowed
ACTIONS = (
    "request-supplement",
    "refuse",
    "extend",
    "stop",
    "hand-over",
    "print-control-slip",
    "view-control-slip",
    "supplement",
    "withdraw",
    "consult-registry",
)
MORE = {
    "party that may not file": citizen(AN, "dossiers:read"),
    "portal that files for nobody": portal("portal", "dossiers:submit"),
    "records officer": staff("records-thuan-hoa", "dossiers:read", "records"),
}
#                                 ask     refuse  extend  stop    hand    print   view    suppl.  withdr. look up
TABLE = {
    "party":                       (NO,     NO,     NO,     NO,     NO,     NO,     NO,     YES,    YES,    YES),
    "party that may not file":     (NO,     NO,     NO,     NO,     NO,     NO,     NO,     NO,     NO,     NO),
    "party without scopes":        (HIDDEN,) * 10,
    "other citizen":               (HIDDEN,) * 10,
    "portal":                      (NO,     NO,     NO,     NO,     NO,     NO,     NO,     YES,    YES,    NO),
    "portal that files for nobody": (NO,    NO,     NO,     NO,     NO,     NO,     NO,     NO,     NO,     NO),
    "other portal":                (HIDDEN,) * 10,
    "portal with the name of a clerk": (HIDDEN,) * 10,
    "clerk":                       (YES,    YES,    YES,    YES,    YES,    YES,    YES,    YES,    NO,     YES),
    "clerk without the scope":     (NO,     NO,     NO,     NO,     NO,     NO,     YES,    NO,     NO,     NO),
    "clerk of the other ward":     (HIDDEN,) * 10,
    "official":                    (NO,     NO,     NO,     NO,     NO,     NO,     YES,    NO,     NO,     NO),
    "records officer":             (NO,     NO,     NO,     NO,     NO,     NO,     YES,    NO,     NO,     NO),
    "somebody":                    (HIDDEN,) * 10,
}  # fmt: skip
DESK = (YES, YES, NO, NO, NO, NO, NO, YES, NO, YES)


@pytest.mark.parametrize("name", TABLE)
def test_who_may_do_what_on_the_way(world: World, name: str) -> None:
    dossier, who = world.submitted(), {**PEOPLE, **MORE}[name]
    found = {action: outcome(lambda action=action: world.rights.on_dossier(who, action, dossier)) for action in ACTIONS}  # type: ignore[misc]
    assert found == dict(zip(ACTIONS, TABLE[name], strict=True))


def test_the_desk_where_a_dossier_was_handed_in(world: World) -> None:
    dossier, who = world.submitted(receiving_agency=PHU_XUAN), PEOPLE["clerk of the other ward"]
    for action, expected in zip(ACTIONS, DESK, strict=True):
        assert outcome(lambda action=action: world.rights.on_dossier(who, action, dossier)) is expected, action  # type: ignore[misc]


def test_an_owner_who_does_not_apply_supplements_and_does_not_withdraw(world: World) -> None:
    owner = {"scheme": "personal_number", "identifier": BINH, "name": "Trần Văn Bình"}
    dossier, who = world.submitted(owner=owner), citizen(BINH)
    assert outcome(lambda: world.rights.on_dossier(who, "supplement", dossier)) is YES
    assert outcome(lambda: world.rights.on_dossier(who, "withdraw", dossier)) is NO


@pytest.mark.parametrize(
    ("name", "make", "view"),
    [
        ("clerk", YES, YES),
        ("clerk without the scope", NO, YES),
        ("records officer", YES, YES),
        ("official", NO, YES),
        ("clerk of the other ward", HIDDEN, HIDDEN),
        ("party", HIDDEN, HIDDEN),
        ("portal", HIDDEN, HIDDEN),
        ("somebody", HIDDEN, HIDDEN),
    ],
)
def test_registers_of_an_agency(
    world: World, name: str, make: type[ChaubanError] | None, view: type[ChaubanError] | None
) -> None:
    who = {**PEOPLE, **MORE}[name]
    assert outcome(lambda: world.rights.on_agency(who, "make-register", THUAN_HOA)) is make
    assert outcome(lambda: world.rights.on_agency(who, "view-register", THUAN_HOA)) is view


@pytest.mark.parametrize(
    ("name", "is_self", "expected"),
    [
        ("party", True, YES),
        ("party", False, NO),
        ("party that may not file", True, NO),
        ("portal", False, NO),
        ("clerk", False, NO),
    ],
)
def test_a_register_of_people_is_asked_about_oneself(
    world: World, name: str, is_self: bool, expected: type[ChaubanError] | None
) -> None:
    who = {**PEOPLE, **MORE}[name]
    assert outcome(lambda: world.rights.consult_registry(who, is_self, level=2)) is expected


@pytest.mark.parametrize(
    ("acr", "expected"),
    [("loa3", YES), ("loa2", YES), ("LoA2", YES), ("urn:vneid:loa2", YES)]
    + [(acr, HigherLevelRequired) for acr in ("loa1", "loa0", "2", "loa22", "aloa2", "", None)],
)
def test_a_register_is_asked_after_a_login_of_level_two_or_above(
    world: World, acr: str | None, expected: type[ChaubanError] | None
) -> None:
    who = citizen(AN).model_copy(update={"acr": acr})
    assert outcome(lambda: world.rights.consult_registry(who, True, level=2)) is expected


def test_a_better_login_does_not_help_who_may_not_ask_at_all(world: World) -> None:
    who = citizen(AN, "dossiers:read").model_copy(update={"acr": "loa1"})
    assert outcome(lambda: world.rights.consult_registry(who, True, level=2)) is NO


INSIDE = {"clerk", "clerk without the scope", "official", "records officer"}


@pytest.mark.parametrize("name", TABLE)
def test_only_staff_sees_notices_that_are_drafted(world: World, name: str) -> None:
    dossier, who = world.submitted(), {**PEOPLE, **MORE}[name]
    assert world.rights.may(who, "view-drafts", dossier) == (name in INSIDE)


def test_a_clerk_of_the_desk_sees_notices_that_are_drafted(world: World) -> None:
    dossier = world.submitted(receiving_agency=PHU_XUAN)
    assert world.rights.may(PEOPLE["clerk of the other ward"], "view-drafts", dossier)
    assert not world.rights.may(PEOPLE["official of the other ward"], "view-drafts", dossier)
