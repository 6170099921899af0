"""Filling a form from a register: on whose ground, with which record, and how little of the answer is kept."""

import pytest
from chauban.access.identity import Caller
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier, FormRef
from chauban.dossiers.notice_requests import WithdrawDossier
from chauban.dossiers.parties import Party, Scheme
from chauban.errors import (
    HigherLevelRequired,
    InvalidRequest,
    NotAllowed,
    NotFound,
    RegistryAnswerUnusable,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
    WrongState,
)
from chauban.forms.prefill_rules import Attribute, PrefillRules
from chauban.http.prefill_routes import prefill_view
from chauban.registry.inquiry import Ground, Outcome, Prefill
from chauban.registry.requests import RequestPrefill
from pydantic import ValidationError

from tests.unit.fakes.catalogue import PHU_XUAN, SLUG
from tests.unit.fakes.notices import answered, asked, refused
from tests.unit.fakes.people import AN, BINH, answers, citizen, clerk, official, portal
from tests.unit.fakes.world import World

FORM = FormRef(slug=SLUG, version="1.0")
RULES = {
    "registry": "population",
    "fields": [
        {"to": "#/requester/full_name", "from": "full_name", "locked": True},
        {"to": "#/requester/residence", "from": "residence"},
    ],
}
NAME = "NGUYỄN THỊ AN"


@pytest.fixture
def world() -> World:
    """The service with a form that fills in its requester."""
    made = World()
    (form,) = made.forms.versions
    head = form.head.model_copy(update={"prefill": PrefillRules.model_validate(RULES)})
    made.forms.versions[:] = [form.model_copy(update={"head": head})]
    return made


def herself(number: str = AN) -> Party:
    return Party(scheme=Scheme.PERSONAL_NUMBER, identifier=number, name="Nguyễn Thị An")


def own(world: World, caller: Caller | None = None, **body: object) -> Prefill:
    request = RequestPrefill.model_validate({"consent": True, **body})
    return world.prefilling.prefill(caller or citizen(AN), herself(), FORM, request)


def of_dossier(world: World, dossier: Dossier, caller: Caller | None = None, **body: object) -> Prefill:
    request = RequestPrefill.model_validate(
        {"dossier": dossier.id, "purpose": "Đối chiếu người yêu cầu với giấy tờ tại quầy", **body}
    )
    return world.prefilling.prefill(caller or clerk(), None, FORM, request)


def named(name: str) -> dict:
    given = answers()
    return {**given, **{who: {**given[who], "full_name": name} for who in ("requester", "subject")}}


def test_a_citizen_gets_what_the_form_names_and_no_more(world: World) -> None:
    filled = own(world)
    assert filled.values == {
        "#/requester/full_name": NAME,
        "#/requester/residence": "12 đường Lê Lợi, phường Thuận Hóa, thành phố Huế",
    }
    assert filled.locked == ("#/requester/full_name",)
    assert "1998-05-17" not in world.prefills.kept[0].model_dump_json()


def test_every_inquiry_carries_consent_purpose_officer_and_request_id(world: World) -> None:
    own(world)
    of_dossier(world, world.received())
    first, second = world.registry.asked
    assert (first.consent.ground, first.officer, first.procedure) == (Ground.CONSENT, "tu-phuc-vu", "1.004873")
    assert (second.consent.ground, second.officer) == (Ground.DOSSIER, "clerk-thuan-hoa-1")
    assert first.request_id != second.request_id
    assert first.purpose
    assert second.purpose.startswith("Đối chiếu")


def test_an_inquiry_is_on_record_before_the_register_is_asked_and_after(world: World) -> None:
    own(world)
    assert [record.outcome for record in world.prefills.records] == [Outcome.ASKED, Outcome.ANSWERED]
    text = "".join(record.model_dump_json() for record in world.prefills.records)
    for secret in (AN, NAME, "Nguyễn Thị An", "Lê Lợi"):
        assert secret not in text


@pytest.mark.parametrize("fault", [RegistryRefused(), RegistryUnavailable(), RegistryAnswerUnusable()])
def test_a_register_that_fails_is_told_recorded_and_may_be_asked_again(world: World, fault: RegistryError) -> None:
    world.registry.fault = fault
    with pytest.raises(type(fault)):
        own(world)
    assert (world.prefills.records[-1].outcome, world.prefills.records[-1].reason) == (Outcome.FAILED, fault.code)
    assert world.prefills.kept == []
    world.registry.fault = None
    own(world)
    assert len(world.registry.asked) == 2


def test_a_session_asks_once_and_each_use_is_recorded(world: World) -> None:
    first, second = own(world), own(world)
    assert first == second
    assert len(world.registry.asked) == 1
    assert [record.outcome for record in world.prefills.records][-1] is Outcome.REMEMBERED


def test_another_login_is_another_session_and_a_session_ends(world: World) -> None:
    own(world)
    later = citizen(AN).model_copy(update={"auth_time": world.clock.now().replace(hour=3)})
    own(world, later)
    assert len(world.registry.asked) == 2
    world.clock.forward(minutes=30)
    own(world)
    assert len(world.registry.asked) == 3


@pytest.mark.parametrize("consent", [False, None])
def test_without_consent_nobody_is_asked(world: World, consent: bool | None) -> None:
    with pytest.raises(InvalidRequest) as error:
        own(world, consent=consent)
    assert [(f.pointer, f.code) for f in error.value.errors] == [("#/consent", "consent-required")]
    assert (world.registry.asked, world.prefills.records) == ([], [])


def test_who_is_nobody_in_particular_has_nothing_filled_in(world: World) -> None:
    for who in (portal(), clerk(), official()):
        with pytest.raises(NotAllowed):
            world.prefilling.prefill(who, None, FORM, RequestPrefill(consent=True))


def test_a_citizen_cannot_have_another_looked_up_through_a_dossier(world: World) -> None:
    dossier = world.received()
    for who, refusal in ((citizen(AN), NotAllowed), (citizen(BINH), NotFound), (clerk("phu-xuan"), NotFound)):
        with pytest.raises(refusal):
            of_dossier(world, dossier, who)
    assert world.registry.asked == []


def test_a_clerk_states_a_purpose_and_the_dossier_keeps_the_fact(world: World) -> None:
    dossier = world.received()
    with pytest.raises(InvalidRequest) as error:
        of_dossier(world, dossier, purpose=None)
    assert [fault.pointer for fault in error.value.errors] == ["#/purpose"]
    of_dossier(world, dossier)
    fact = world.store.load(dossier.id).fact(FactType.REGISTRY_CONSULTED)
    assert fact is not None
    assert fact.data["outcome"] == "answered"
    assert fact.by.appointment == "clerk-thuan-hoa-1"
    assert NAME not in fact.model_dump_json()


def test_the_desk_that_received_may_ask_too(world: World) -> None:
    assert of_dossier(world, world.received(receiving_agency=PHU_XUAN), clerk("phu-xuan")).values


def test_a_form_without_rules_has_nothing_to_fill_in() -> None:
    bare = World()
    (form,) = bare.forms.versions
    bare.forms.versions[:] = [form.model_copy(update={"head": form.head.model_copy(update={"prefill": None})})]
    with pytest.raises(NotFound):
        own(bare)


def test_locked_fields_are_checked_when_the_dossier_is_filed(world: World) -> None:
    token = own(world).token
    with pytest.raises(InvalidRequest) as error:
        world.submitted(prefill=token, answers=named("Nguyễn Thị Anh"))
    assert [(f.pointer, f.code) for f in error.value.errors] == [("#/answers/requester/full_name", "prefilled-differs")]
    dossier = world.submitted(prefill=token, answers=named("Nguyễn  Thị An"))
    assert set(dossier.from_registry) == {"#/requester/full_name"}
    assert dossier.from_registry["#/requester/full_name"] == world.prefills.records[0].request_id


def test_an_unlocked_field_may_be_changed_and_is_then_declared(world: World) -> None:
    token, changed = own(world).token, named(NAME)
    changed["requester"]["residence"] = "Số 1 đường Hùng Vương, phường Thuận Hóa, thành phố Huế"
    assert set(world.submitted(prefill=token, answers=changed).from_registry) == {"#/requester/full_name"}
    changed["requester"]["residence"] = "12 đường Lê Lợi,  phường Thuận Hóa, thành phố Huế"
    taken = world.submitted(prefill=token, answers=changed).from_registry
    assert set(taken) == {"#/requester/full_name", "#/requester/residence"}


def test_who_leaves_the_token_out_has_only_declared(world: World) -> None:
    """A changed value is taken then, and nothing says that a register gave it."""
    own(world)
    for name in (NAME, "Nguyễn Thị Anh"):
        dossier = world.submitted(answers=named(name))
        assert dossier.from_registry == {}
        assert "from_registry" not in dossier.facts[0].data


def test_what_a_register_gave_stays_its_own_through_a_supplement_while_it_is_unchanged(world: World) -> None:
    filed = world.submitted(prefill=own(world).token, answers=named(NAME))
    waiting = asked(world, filed)
    same = answered(world, waiting, answers={**named(NAME), "purpose": "vay vốn"})
    assert same.answers["purpose"] == "vay vốn"
    assert same.from_registry == filed.from_registry != {}
    other = answered(world, asked(world, same), answers=named("Nguyễn Thị Anh"))
    assert other.from_registry == {}


def test_a_supplement_with_a_prefill_says_what_the_register_gave(world: World) -> None:
    waiting = asked(world, world.received())
    assert waiting.from_registry == {}
    token = of_dossier(world, waiting).token
    after = answered(world, world.store.load(waiting.id), answers=named(NAME), prefill=token)
    assert set(after.from_registry) == {"#/requester/full_name"}
    fact = after.fact(FactType.SUPPLEMENTED)
    assert fact is not None
    assert fact.data["from_registry"] == after.from_registry


def with_rules(world: World, *fields: dict) -> None:
    (form,) = world.forms.versions
    rules = PrefillRules.model_validate({"registry": "population", "fields": list(fields)})
    world.forms.versions[:] = [form.model_copy(update={"head": form.head.model_copy(update={"prefill": rules})})]


HERSELF = {
    "to": "#/subject/full_name",
    "from": "full_name",
    "locked": True,
    "when": {"at": "#/requester/relation", "is": "self"},
}


@pytest.mark.parametrize("relation", ["self", "parent"])
def test_a_field_is_locked_only_where_an_answer_says_that_it_is_about_the_same_person(
    world: World, relation: str
) -> None:
    with_rules(world, HERSELF)
    token, given = own(world).token, answers()
    given["requester"]["relation"] = relation
    given["subject"]["full_name"] = "Nguyễn Thị Anh"
    if relation == "self":
        with pytest.raises(InvalidRequest) as error:
            world.submitted(prefill=token, answers=given)
        assert [fault.pointer for fault in error.value.errors] == ["#/answers/subject/full_name"]
    else:
        assert world.submitted(prefill=token, answers=given).from_registry == {}


def test_a_field_about_another_person_is_never_the_registers_own_even_with_the_same_text(world: World) -> None:
    with_rules(world, HERSELF)
    token, given = own(world).token, answers()
    given["requester"]["relation"] = "parent"
    assert given["subject"]["full_name"].upper() == NAME
    assert world.submitted(prefill=token, answers=given).from_registry == {}
    given["requester"]["relation"] = "self"
    assert set(world.submitted(prefill=token, answers=given).from_registry) == {"#/subject/full_name"}


def test_the_registers_mark_ends_with_its_condition(world: World) -> None:
    """The same text in a supplement, which now says that it is another person's."""
    with_rules(world, *RULES["fields"], HERSELF)  # type: ignore[misc]
    filed = world.submitted(prefill=own(world).token, answers=answers())
    assert "#/subject/full_name" in filed.from_registry
    given = answers()
    given["requester"]["relation"] = "parent"
    after = answered(world, asked(world, filed), answers=given)
    assert set(after.from_registry) == set(filed.from_registry) - {"#/subject/full_name"}
    assert after.from_registry


def test_conditional_answers_are_told_apart(world: World) -> None:
    with_rules(world, *RULES["fields"], HERSELF)  # type: ignore[misc]
    view = prefill_view(own(world))
    assert view.answers == {"requester": {"full_name": NAME, "residence": world.registry.known[Attribute.RESIDENCE]}}
    assert view.locked == ["#/requester/full_name"]
    (one,) = view.conditional
    assert (one.at, one.equals) == ("#/requester/relation", "self")
    assert (one.answers, one.locked) == ({"subject": {"full_name": NAME}}, ["#/subject/full_name"])


def test_after_a_login_of_a_low_level_nobody_is_asked(world: World) -> None:
    for acr in ("loa1", None):
        with pytest.raises(HigherLevelRequired) as error:
            own(world, citizen(AN).model_copy(update={"acr": acr}))
        assert "2" in error.value.detail("vi")
        assert "2" in error.value.detail("en")
    assert (world.registry.asked, world.prefills.records) == ([], [])
    assert own(world, citizen(AN).model_copy(update={"acr": "loa2"})).values


def test_about_the_people_of_a_dossier_that_has_ended_nobody_is_asked(world: World) -> None:
    ended = {
        "processed": world.issued(),
        "refused": refused(world, world.submitted()),
        "withdrawn": withdrawn(world, world.submitted()),
    }
    for status, dossier in ended.items():
        assert dossier.status == status
        with pytest.raises(WrongState):
            of_dossier(world, dossier)
    assert world.registry.asked == []


def withdrawn(world: World, dossier: Dossier) -> Dossier:
    request = WithdrawDossier.model_validate({"reason": "Tôi không còn nhu cầu"})
    world.withdrawing.withdraw(citizen(AN), dossier.id, request, world.guard(citizen(AN)))
    return world.store.load(dossier.id)


def test_a_prefill_serves_its_person_its_form_and_its_time(world: World) -> None:
    token = own(world).token
    other = {"scheme": "personal_number", "identifier": BINH, "name": "Trần Văn Bình"}
    for attempt in ({"prefill": "nothing"}, {"prefill": token, "requester": other}):
        with pytest.raises(InvalidRequest) as error:
            world.submitted(answers=named(NAME), **attempt)
        assert [fault.pointer for fault in error.value.errors] == ["#/prefill"]
    world.clock.forward(minutes=31)
    with pytest.raises(InvalidRequest):
        world.submitted(prefill=token, answers=named(NAME))


def test_a_clerks_prefill_serves_its_dossier_alone(world: World) -> None:
    waiting = asked(world, world.received())
    token = of_dossier(world, waiting).token
    with pytest.raises(InvalidRequest):
        world.submitted(prefill=token, answers=named(NAME))
    waiting = world.store.load(waiting.id)
    with pytest.raises(InvalidRequest) as error:
        answered(world, waiting, answers=named("Người Khác"), prefill=token)
    assert error.value.errors[0].code == "prefilled-differs"
    assert answered(world, waiting, answers=named(NAME), prefill=token).status == "received"


@pytest.mark.parametrize(
    "bad", [{"consent": "có"}, {"purpose": "x"}, {"purpose": "y" * 301}, {"person": AN}, {"dossier": ""}]
)
def test_malformed_requests_are_refused(bad: dict) -> None:
    with pytest.raises(ValidationError):
        RequestPrefill.model_validate(bad)


@pytest.mark.parametrize(
    "bad",
    [
        {"registry": "land", "fields": RULES["fields"]},
        {"registry": "population", "fields": []},
        {"registry": "population", "fields": [{"to": "requester", "from": "full_name"}]},
        {"registry": "population", "fields": [{"to": "#/a", "from": "shoe_size"}]},
        {"registry": "population", "fields": [{"to": "#/a", "from": "sex"}, {"to": "#/a", "from": "full_name"}]},
    ],
)
def test_rules_that_make_no_sense_are_refused(bad: dict) -> None:
    with pytest.raises(ValidationError):
        PrefillRules.model_validate(bad)


def test_rules_survive_publishing() -> None:
    rules = PrefillRules.model_validate(RULES)
    assert PrefillRules.model_validate_json(rules.model_dump_json()) == rules
