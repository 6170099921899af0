"""From token claims to a caller: what the gateway lets pass and the service does not."""

from datetime import timedelta
from typing import Any

import pytest
from chauban.access.identity import Caller, caller_from, party_from
from chauban.dossiers.parties import Party, Scheme
from chauban.errors import NotAuthenticated

from tests.unit.fakes.people import AN, KEYS
from tests.unit.fakes.time_and_ids import MORNING

ISSUER = "https://login.example"
LATER = str(int((MORNING + timedelta(minutes=10)).timestamp()))


def claims(**changes: Any) -> dict[str, Any]:
    """Claims as the gateway hands them over: all texts, lists in brackets; None takes one out."""
    whole = {
        "iss": ISSUER,
        "sub": "official-thuan-hoa",
        "aud": "[https://api.example]",
        "exp": LATER,
        "client_id": "web",
        "scope": "signing",
        "acr": "loa3",
        "auth_time": str(int(MORNING.timestamp())),
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def caller(**changes: Any) -> Caller:
    return caller_from(claims(**changes), ISSUER, KEYS, MORNING)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exp": None}, id="without-exp"),
        pytest.param({"exp": ""}, id="empty-exp"),
        pytest.param({"exp": "tomorrow"}, id="exp-is-no-number"),
        pytest.param({"exp": "nan"}, id="exp-not-a-number"),
        pytest.param({"exp": "1e400"}, id="exp-without-end"),
        pytest.param({"exp": str(int(MORNING.timestamp()))}, id="expired-this-very-moment"),
        pytest.param({"exp": str(int(MORNING.timestamp()) - 3600)}, id="expired"),
        pytest.param({"client_id": None, "scope": None}, id="id-token"),
        pytest.param({"client_id": None}, id="without-client"),
        pytest.param({"scope": None}, id="without-scope"),
        pytest.param({"scope": ""}, id="empty-scope"),
        pytest.param({"sub": None}, id="without-subject"),
        pytest.param({"iss": "https://login.example.evil"}, id="other-issuer"),
        pytest.param({"iss": None}, id="without-issuer"),
    ],
)
def test_a_token_that_is_no_access_token_of_ours_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotAuthenticated):
        caller(**changes)


@pytest.mark.parametrize(
    ("claim", "scopes"),
    [
        ("signing", {"signing"}),
        ("[dossiers:read dossiers:handle]", {"dossiers:read", "dossiers:handle"}),
        ("dossiers:read  dossiers:handle", {"dossiers:read", "dossiers:handle"}),
        ("[]", set()),
    ],
)
def test_scopes_come_as_text_or_as_the_gateways_list(claim: str, scopes: set[str]) -> None:
    assert caller(scope=claim).scopes == scopes


def test_times_may_come_in_the_gateways_way_of_writing_numbers() -> None:
    assert caller(exp="1.7955E9", auth_time="1.764E9").auth_time is not None


def test_a_citizen_is_found_by_key_and_not_by_number() -> None:
    found = caller(sub="citizen-a", SoDinhDanh=AN, scope="dossiers:read")
    assert found.party_key == KEYS.key(Scheme.PERSONAL_NUMBER, AN)
    assert AN not in found.model_dump_json()
    assert found.actor().kind == "citizen"
    assert found.actor().id == found.party_key


@pytest.mark.parametrize(
    "number", ["191234567", 191234567, 46198000101, "04619800010x", "", None, ["046198000101"], {"x": 1}]
)
def test_what_is_no_personal_number_names_nobody(number: Any) -> None:
    given = {"SoDinhDanh": number, "HoVaTen": "Nguyễn Thị An"}
    assert caller(**given).party_key is None
    assert party_from(given) is None


@pytest.mark.parametrize("name", [None, "", "  ", 7, "A" * 301, ["Nguyễn Thị An"]])
def test_a_token_without_a_name_names_no_party(name: Any) -> None:
    assert party_from({"SoDinhDanh": AN, "HoVaTen": name}) is None
    assert party_from({"SoDinhDanh": AN, "HoVaTen": "Nguyễn Thị An"}) == Party(
        scheme=Scheme.PERSONAL_NUMBER, identifier=AN, name="Nguyễn Thị An"
    )


def test_a_client_that_speaks_for_itself_is_a_machine() -> None:
    portal = caller(sub="portal", client_id="portal", acr=None, auth_time=None)
    assert portal.is_machine
    assert (portal.actor().kind, portal.auth_time) == ("client", None)
    assert not caller().is_machine


def test_staff_are_recorded_with_their_appointment() -> None:
    actor = caller().actor("official-thuan-hoa-1")
    assert (actor.kind, actor.id, actor.client) == ("person", "official-thuan-hoa", "web")
    assert actor.appointment == "official-thuan-hoa-1"
