"""Who files for herself is the one whom the answers name; who files for others answers for them."""

import unicodedata
from typing import Any

import pytest
from chauban.access.identity import Caller
from chauban.dossiers.applicant import applicant_faults
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import Supplement
from chauban.dossiers.parties import Party, Scheme
from chauban.dossiers.requests import SubmitDossier
from chauban.errors import InvalidRequest
from chauban.forms.requester_rules import RequesterPlace

from tests.unit.fakes.catalogue import real_form
from tests.unit.fakes.notices import asked, request_of
from tests.unit.fakes.people import AN, BINH, answers, answers_of, citizen, clerk, portal, submission_body
from tests.unit.fakes.world import World

NAME, NUMBER = "#/answers/requester/full_name", "#/answers/requester/personal_number"
AN_HERSELF = Party(scheme=Scheme.PERSONAL_NUMBER, identifier=AN, name="Nguyễn Thị An")
BINH_HIMSELF = Party(scheme=Scheme.PERSONAL_NUMBER, identifier=BINH, name="Trần Văn Bình")


def filed(world: World, caller: Caller, login: Party | None = None, **changes: Any) -> Dossier:
    body = submission_body(**changes)
    return world.submission.submit(caller, SubmitDossier.model_validate(body), body, world.ids.new(), login)


def places(error: pytest.ExceptionInfo[InvalidRequest]) -> list[str]:
    assert {fault.code for fault in error.value.errors} == {"requester-differs"}
    assert all(fault.detail["vi"] != fault.detail["en"] for fault in error.value.errors)
    return [fault.pointer for fault in error.value.errors]


@pytest.mark.parametrize("name", ["Nguyễn Thị An", "NGUYỄN THỊ  AN", unicodedata.normalize("NFD", "nguyễn thị an")])
def test_a_citizen_files_in_her_own_name_however_it_is_typed(world: World, name: str) -> None:
    assert filed(world, citizen(AN), AN_HERSELF, answers=answers_of(name, AN)).status == "submitted"


@pytest.mark.parametrize(
    ("given", "pointers"),
    [
        (answers_of("Nguyễn Thị Anh", AN), [NAME]),
        (answers_of("Nguyễn Thị An", "046198000102"), [NUMBER]),
        (answers_of("Trần Văn Bình", BINH), [NAME, NUMBER]),
    ],
    ids=["name", "number", "both"],
)
def test_a_citizen_does_not_file_in_anothers_name(world: World, given: dict[str, Any], pointers: list[str]) -> None:
    with pytest.raises(InvalidRequest) as error:
        filed(world, citizen(AN), AN_HERSELF, answers=given)
    assert places(error) == pointers
    assert world.tables.dossiers == {}


def test_a_citizen_does_not_give_her_number_another_name(world: World) -> None:
    requester = {"scheme": "personal_number", "identifier": AN, "name": "Trần Văn Bình"}
    with pytest.raises(InvalidRequest) as error:
        filed(world, citizen(AN), AN_HERSELF, requester=requester, answers=answers_of("Trần Văn Bình", AN))
    assert places(error) == ["#/requester/name"]


def test_who_identifies_by_a_paper_is_known_by_name(world: World) -> None:
    given = answers()
    del given["requester"]["personal_number"]
    given["requester"]["identity_paper"] = {
        "type": "citizen_card",
        "number": "046170000077",
        "issued_on": "2021-10-01",
        "issued_by": "Cục Cảnh sát",
    }
    assert filed(world, citizen(AN), AN_HERSELF, answers=given).status == "submitted"


def test_a_portal_files_for_whom_it_names(world: World) -> None:
    assert filed(world, portal(), answers=answers_of("Trần Văn Bình", BINH)).status == "submitted"


def test_a_supplement_does_not_put_another_in_the_requesters_place(world: World) -> None:
    waiting = asked(world, filed(world, citizen(AN), AN_HERSELF))
    request = Supplement.model_validate({"request": request_of(waiting), "answers": answers_of("Trần Văn Bình", BINH)})
    with pytest.raises(InvalidRequest) as error:
        world.supplements.add(citizen(AN), waiting.id, request, world.guard(citizen(AN)))
    assert places(error) == [NAME, NUMBER]
    # The desk sees the paper itself.
    taken = world.supplements.add(clerk(), waiting.id, request, world.guard(clerk()))
    assert taken.answers["requester"]["full_name"] == "Trần Văn Bình"


def test_what_a_portal_filed_may_stay_in_the_citizens_supplement(world: World) -> None:
    given = answers_of("Trần Văn Bình", BINH)
    waiting = asked(world, filed(world, portal(), answers=given))
    request = Supplement.model_validate({"request": request_of(waiting), "answers": {**given, "purpose": "vay vốn"}})
    after = world.supplements.add(citizen(AN), waiting.id, request, world.guard(citizen(AN)))
    assert after.answers["purpose"] == "vay vốn"


def faults(
    answered: dict[str, Any], requester: Party, owner: Party | None = None, *, or_owner: bool = True
) -> list[str]:
    form = real_form()
    named = (
        RequesterPlace(name="#/filer/name", identifier="#/filer/number"),
        RequesterPlace(name="#/person/name", identifier="#/person/number", or_owner=or_owner),
    )
    form = form.model_copy(update={"head": form.head.model_copy(update={"requester": named})})
    return [fault.pointer for fault in applicant_faults(form, answered, requester, owner or requester)]


def one(party: Party) -> dict[str, str]:
    return {"name": party.name, "number": party.identifier}


def test_of_several_places_the_first_that_is_answered_counts() -> None:
    assert faults({"filer": one(BINH_HIMSELF), "person": one(AN_HERSELF)}, BINH_HIMSELF) == []
    wrong = faults({"filer": one(BINH_HIMSELF), "person": one(AN_HERSELF)}, AN_HERSELF)
    assert wrong == ["#/answers/filer/name", "#/answers/filer/number"]
    assert faults({"person": one(AN_HERSELF)}, AN_HERSELF) == []
    assert faults({}, AN_HERSELF) == []


def test_where_the_form_allows_it_the_owner_may_stand_in_the_requesters_place() -> None:
    given = {"person": one(AN_HERSELF)}
    assert faults(given, BINH_HIMSELF, AN_HERSELF) == []
    assert faults(given, BINH_HIMSELF, AN_HERSELF, or_owner=False) == [
        "#/answers/person/name",
        "#/answers/person/number",
    ]
    assert faults(given, BINH_HIMSELF) == ["#/answers/person/name", "#/answers/person/number"]


def test_a_number_is_not_compared_with_that_of_a_passport() -> None:
    abroad = Party(scheme=Scheme.PASSPORT, identifier="C1234567", name="Nguyễn Thị An")
    assert faults({"person": one(AN_HERSELF)}, abroad) == []
