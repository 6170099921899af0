"""Who files for herself is the one whom the answers name; who files for others answers for them."""

import unicodedata
from typing import Any

import pytest
from chauban.access.identity import Caller
from chauban.dossiers.applicant import Applying, applicant_faults
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


def test_a_citizen_whose_login_tells_no_name_does_not_file(world: World) -> None:
    with pytest.raises(InvalidRequest) as error:
        filed(world, citizen(AN), None)
    assert [(one.pointer, one.code) for one in error.value.errors] == [("#/requester/name", "login-without-name")]
    assert world.tables.dossiers == {}


@pytest.mark.parametrize("role", ["owner", "representative"])
def test_her_own_number_has_her_own_name_wherever_it_stands(world: World, role: str) -> None:
    named = {"scheme": "personal_number", "identifier": AN, "name": "Một Tên Khác"}
    with pytest.raises(InvalidRequest) as error:
        filed(world, citizen(AN), AN_HERSELF, **{role: named})
    assert [(one.pointer, one.code) for one in error.value.errors] == [(f"#/{role}/name", "own-name-differs")]
    assert filed(world, citizen(AN), AN_HERSELF, **{role: {**named, "name": "NGUYỄN THỊ AN"}}).status == "submitted"


FILER = RequesterPlace(name="#/filer/name", identifier="#/filer/number")
OWNER = RequesterPlace(name="#/person/name", identifier="#/person/number", or_owner=True)
AGENT = FILER.model_copy(update={"or_representative": True})
CUC = Party(scheme=Scheme.PERSONAL_NUMBER, identifier="046192000303", name="Lê Thị Cúc")


def faults(
    answered: dict[str, Any],
    requester: Party,
    owner: Party | None = None,
    representative: Party | None = None,
    *,
    places: tuple[RequesterPlace, ...] = (FILER, OWNER),
    earlier: dict[str, Any] | None = None,
) -> list[tuple[str, str]]:
    form = real_form()
    form = form.model_copy(update={"head": form.head.model_copy(update={"requester": places})})
    people = Applying(requester, owner, representative)
    found = applicant_faults(form, answered, people, earlier)
    assert all(fault.detail["vi"] != fault.detail["en"] for fault in found)
    return [(fault.pointer.removeprefix("#/answers/"), fault.code) for fault in found]


def one(party: Party) -> dict[str, str]:
    return {"name": party.name, "number": party.identifier}


def at(place: str, code: str = "requester-differs") -> list[tuple[str, str]]:
    return [(f"{place}/name", code), (f"{place}/number", code)]


def test_who_files_for_another_is_the_filer_whom_the_answers_name() -> None:
    given = {"filer": one(BINH_HIMSELF), "person": one(AN_HERSELF)}
    assert faults(given, BINH_HIMSELF) == []
    assert faults(given, BINH_HIMSELF, AN_HERSELF) == []
    # Somebody else's name does not stand for hers, although she is the person.
    assert faults(given, AN_HERSELF) == at("filer")
    # The person is the owner, where one is named beside the requester.
    assert faults(given, BINH_HIMSELF, CUC) == at("person", "owner-differs")
    assert faults({"person": one(AN_HERSELF)}, AN_HERSELF) == []
    assert faults({}, AN_HERSELF) == []


def test_an_owner_does_not_hide_who_files() -> None:
    given = {"person": one(AN_HERSELF)}
    assert faults(given, BINH_HIMSELF, AN_HERSELF) == at("person")
    assert faults(given, BINH_HIMSELF) == at("person")
    assert faults(given, BINH_HIMSELF, AN_HERSELF, places=(OWNER,)) == at("person")


def test_an_owner_who_has_a_representative_may_file_herself() -> None:
    given, places = {"filer": one(BINH_HIMSELF), "person": one(AN_HERSELF)}, (AGENT, OWNER)
    assert faults(given, AN_HERSELF, places=places) == []
    assert faults(given, BINH_HIMSELF, places=places) == []
    assert faults(given, CUC, places=places) == at("filer")
    assert faults(given, AN_HERSELF, None, BINH_HIMSELF, places=places) == []
    assert faults(given, AN_HERSELF, None, CUC, places=places) == at("filer", "representative-differs")


def test_a_supplement_does_not_take_the_requester_out_of_the_answers() -> None:
    places = (AGENT, OWNER)
    before = {"filer": one(BINH_HIMSELF), "person": one(AN_HERSELF)}
    after = {"filer": one(CUC), "person": one(AN_HERSELF)}
    assert faults(before, BINH_HIMSELF, AN_HERSELF, places=places, earlier=before) == []
    assert faults(after, BINH_HIMSELF, AN_HERSELF, places=places, earlier=before) == at("filer")
    # What a portal filed names neither, and may stay; putting yet another there may not.
    assert faults(before, CUC, places=places, earlier=before) == []
    other = {"filer": one(BINH_HIMSELF), "person": {"name": "Một Người Khác"}}
    assert faults(other, CUC, places=places, earlier=before) == [("person/name", "requester-differs")]


def test_the_advice_is_one_that_the_form_can_be_filled_in_by() -> None:
    alone, with_filer = (
        applicant_faults(
            form.model_copy(update={"head": form.head.model_copy(update={"requester": places})}),
            {"person": one(AN_HERSELF)},
            Applying(BINH_HIMSELF, None, None),
        )[0].detail
        for form, places in ((real_form(), (OWNER,)), (real_form(), (FILER, OWNER)))
    )
    assert ("một cửa" in alone["vi"], "desk" in alone["en"]) == (True, True)
    assert ("nộp thay" in with_filer["vi"], "name yourself as" in with_filer["en"]) == (True, True)


def test_a_number_is_not_compared_with_that_of_a_passport() -> None:
    abroad = Party(scheme=Scheme.PASSPORT, identifier="C1234567", name="Nguyễn Thị An")
    assert faults({"person": one(AN_HERSELF)}, abroad) == []
