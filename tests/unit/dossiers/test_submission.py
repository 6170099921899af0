"""Filing: once per key, only what the form and the catalogue allow, only by those who may."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.parties import Scheme
from chauban.dossiers.requests import SubmitDossier
from chauban.errors import (
    ConcurrentChange,
    FormNotCurrent,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    InvalidRequest,
    NotAllowed,
)
from pydantic import ValidationError

from tests.unit.fakes.catalogue import PHU_XUAN, SLUG, real_form
from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.people import AN, BINH, KEYS, answers, answers_of, citizen, portal, staff, submission_body
from tests.unit.fakes.world import World, document_of


def refused(error: pytest.ExceptionInfo[InvalidRequest]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in error.value.errors]


def test_a_dossier_has_its_code_and_its_application_is_ordered(world: World) -> None:
    dossier = world.submitted()
    assert dossier.filing.code == "H57.40.01-261123-0001"
    application = document_of(dossier, DocumentKind.APPLICATION)
    assert world.messages("render")[0].body["document"] == application.id
    assert world.events_of(dossier.id) == ["dossier.submitted.v1"]


def test_codes_count_up_per_agency_and_day(world: World) -> None:
    codes = [world.submitted().filing.code, world.submitted().filing.code, world.submitted(agency=PHU_XUAN).filing.code]
    world.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    codes.append(world.submitted().filing.code)
    assert codes == [
        "H57.40.01-261123-0001",
        "H57.40.01-261123-0002",
        "H57.40.02-261123-0001",
        "H57.40.01-261124-0001",
    ]


def test_the_same_key_with_the_same_body_is_the_same_dossier(world: World) -> None:
    first, again = world.submitted(key="k1"), world.submitted(key="k1")
    assert again == first
    assert len(world.tables.dossiers) == 1
    assert len(world.messages("render")) == 1


def test_the_order_of_members_in_the_body_does_not_matter(world: World) -> None:
    body = submission_body()
    turned = dict(reversed(body.items()))
    first = world.submission.submit(portal(), SubmitDossier.model_validate(body), body, "k1")
    assert world.submission.submit(portal(), SubmitDossier.model_validate(turned), turned, "k1") == first


def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    world.submitted(key="k1")
    with pytest.raises(IdempotencyKeyReused):
        world.submitted(key="k1", channel="counter")
    assert len(world.tables.dossiers) == 1


def test_a_key_belongs_to_its_client_and_its_person(world: World) -> None:
    own = {"requester": {"scheme": "personal_number", "identifier": AN, "name": "Nguyễn Thị An"}}
    other = {"requester": {"scheme": "personal_number", "identifier": BINH, "name": "Trần Văn Bình"}}
    made = [
        world.submitted(key="k1"),
        world.submitted(portal("portal-2"), key="k1"),
        world.submitted(citizen(AN), key="k1", **own),
        world.submitted(citizen(BINH), key="k1", **other, answers=answers_of("Trần Văn Bình", BINH)),
    ]
    assert len({dossier.id for dossier in made}) == 4


def test_a_key_is_forgotten_after_seven_days(world: World) -> None:
    first = world.submitted(key="k1")
    world.clock.forward(days=6, hours=23)
    assert world.submitted(key="k1").id == first.id
    world.clock.forward(hours=1)
    assert world.submitted(key="k1").id != first.id


@pytest.mark.parametrize("key", [None, "", "k" * 256])
def test_without_a_usable_key_nothing_is_filed(world: World, key: str | None) -> None:
    body = submission_body()
    with pytest.raises(IdempotencyKeyRequired):
        world.submission.submit(portal(), SubmitDossier.model_validate(body), body, key)
    assert world.tables.dossiers == {}


def test_the_loser_of_a_race_answers_with_the_winners_dossier(world: World) -> None:
    """Both looked for the key before either had written."""
    steps = Steps(1, lambda: world.submitted(key="k1"))
    slow = watched(world.submission, steps, "store")
    body = submission_body()
    answered = slow.submit(portal(), SubmitDossier.model_validate(body), body, "k1")
    assert list(world.tables.dossiers) == [answered.id]
    assert len(world.messages("bus")) == 1


def test_a_race_lost_to_another_body_is_refused(world: World) -> None:
    steps = Steps(1, lambda: world.submitted(key="k1", channel="post"))
    slow = watched(world.submission, steps, "store")
    body = submission_body()
    with pytest.raises(IdempotencyKeyReused):
        slow.submit(portal(), SubmitDossier.model_validate(body), body, "k1")


def test_a_conflict_that_is_no_race_for_the_key_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def conflict(_change: object) -> None:
        raise ConcurrentChange

    monkeypatch.setattr(world.store, "commit", conflict)
    with pytest.raises(ConcurrentChange):
        world.submitted()


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"form": {"slug": "khong-co", "version": "1.0"}}, "#/form", "unknown-form"),
        ({"form": {"slug": SLUG, "version": "9.9"}}, "#/form", "unknown-form"),
        ({"procedure": "1.000001"}, "#/procedure", "unknown-procedure"),
        ({"agency": "ubnd-phuong-khong-co"}, "#/agency", "unknown-agency"),
        # The city is an agency, but not of the level that decides here.
        ({"agency": "ubnd-thanh-pho-hue"}, "#/agency", "unknown-agency"),
        ({"receiving_agency": "khong-co"}, "#/receiving_agency", "unknown-agency"),
        ({"supporting_agency": "khong-co"}, "#/supporting_agency", "unknown-agency"),
    ],
)
def test_what_is_not_in_the_catalogue_is_refused(world: World, changes: dict, pointer: str, code: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        world.submitted(**changes)
    assert refused(error) == [(pointer, code)]
    assert world.tables.dossiers == {}
    assert world.tables.codes == {}


def test_an_agency_that_was_dissolved_takes_no_dossiers(world: World) -> None:
    agency = world.catalogue.agencies[PHU_XUAN]
    world.catalogue.put_agency(agency.model_copy(update={"valid_to": world.clock.now()}))
    with pytest.raises(InvalidRequest):
        world.submitted(agency=PHU_XUAN)


def test_a_form_that_is_no_longer_current_is_a_conflict_that_names_the_current_one(world: World) -> None:
    form = real_form()
    today = world.clock.now().date()
    old = form.model_copy(update={"head": form.head.model_copy(update={"valid_to": today - timedelta(days=1)})})
    new = form.model_copy(update={"head": form.head.model_copy(update={"version": "1.1", "valid_from": today})})
    world.forms.versions = [old, new]
    with pytest.raises(FormNotCurrent, match=r"1\.0.*1\.1"):
        world.submitted()
    assert world.submitted(form={"slug": SLUG, "version": "1.1"}).filing.form.version == "1.1"


def test_answers_to_questions_that_were_not_shown_are_dropped(world: World) -> None:
    given = answers()
    given["marital_status"]["spouse_name"] = "Trần Văn Bình"
    assert "spouse_name" not in world.submitted(answers=given).filing.answers["marital_status"]


def test_names_and_answers_are_kept_in_nfc(world: World) -> None:
    given = answers()
    given["requester"]["relation"] = "child"
    given["subject"]["full_name"] = unicodedata.normalize("NFD", "Công Tằng Tôn Nữ Phương Thùy")
    name = unicodedata.normalize("NFD", " Nguyễn Thị Ánh ")
    filing = world.submitted(
        answers=given, requester={"scheme": "passport", "identifier": "c 1234567", "name": name}
    ).filing
    assert filing.answers["subject"]["full_name"] == "Công Tằng Tôn Nữ Phương Thùy"
    assert filing.requester.name == "Nguyễn Thị Ánh"
    assert filing.requester.identifier == "C1234567"


def test_a_fault_in_the_answers_refuses_the_whole(world: World) -> None:
    given = answers()
    given["subject"]["birth_date"] = "1998-02-30"
    del given["purpose"]
    with pytest.raises(InvalidRequest) as error:
        world.submitted(answers=given)
    assert sorted(refused(error)) == [("#/answers/purpose", "required"), ("#/answers/subject/birth_date", "format")]


def test_a_portal_without_the_right_to_assert_a_requester_is_refused(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.submitted(portal("portal", "dossiers:submit"))


def test_a_citizen_files_for_herself_and_not_for_another(world: World) -> None:
    other = {"scheme": "personal_number", "identifier": BINH, "name": "Trần Văn Bình"}
    assert world.submitted(citizen(AN)).filing.party_keys == (KEYS.key(Scheme.PERSONAL_NUMBER, AN),)
    with pytest.raises(NotAllowed):
        world.submitted(citizen(AN), requester=other)


def test_a_citizen_requests_for_an_owner_and_both_find_the_dossier(world: World) -> None:
    owner = {"scheme": "personal_number", "identifier": BINH, "name": "Trần Văn Bình"}
    own = {"scheme": "personal_number", "identifier": AN, "name": "Nguyễn Thị An"}
    dossier = world.submitted(citizen(AN), requester=own, owner=owner)
    assert set(dossier.filing.party_keys) == {KEYS.key(Scheme.PERSONAL_NUMBER, n) for n in (AN, BINH)}


def test_naming_oneself_representative_does_not_make_another_the_requester(world: World) -> None:
    """Anybody could file in anybody's name that way."""
    other = {"scheme": "personal_number", "identifier": BINH, "name": "Trần Văn Bình"}
    own = {"scheme": "personal_number", "identifier": AN, "name": "Nguyễn Thị An"}
    with pytest.raises(NotAllowed):
        world.submitted(citizen(AN), requester=other, representative=own)


def test_how_surely_a_citizen_is_known_is_not_for_the_citizen_to_say(world: World) -> None:
    own = {"scheme": "personal_number", "identifier": AN, "name": "Nguyễn Thị An"}
    caller = citizen(AN)
    asserted = world.submitted(caller, requester=own, assurance="loa9").filing.asserted
    assert asserted.assurance == caller.acr


@pytest.mark.parametrize(
    ("scheme", "identifier"),
    [("personal_number", "1"), ("personal_number", "04619800010A"), ("passport", "C/1"), ("tax_code", "123")],
)
def test_an_identifier_that_is_none_is_refused(world: World, scheme: str, identifier: str) -> None:
    with pytest.raises(ValidationError):
        world.submitted(requester={"scheme": scheme, "identifier": identifier, "name": "Nguyễn Thị An"})


def test_an_official_without_a_submitting_scope_cannot_file(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.submitted(staff("official-thuan-hoa", "signing"))


def test_who_asserted_the_requester_is_kept(world: World) -> None:
    asserted = world.submitted(assurance="loa2").filing.asserted
    assert (asserted.client, asserted.assurance) == ("portal", "loa2")


def test_an_unknown_entry_of_the_body_is_refused(world: World) -> None:
    with pytest.raises(ValidationError, match="priority"):
        world.submitted(priority="high")


def test_no_message_holds_a_name_a_number_or_an_answer(world: World) -> None:
    dossier = world.issued()
    text = world.all_text()
    assert dossier.id in text
    for secret in (AN, "Nguyễn", "Lê Lợi", "0905", "đăng ký kết hôn", "Hoàng Minh Đức"):
        assert secret not in text


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        (("answers", "purpose"), "vay vốn\ud800", "forbidden-character"),
        (("answers", "purpose"), "vay \u202enốv", "forbidden-character"),
        (("answers", "purpose"), "vay vốn 好", "glyph"),
        (("requester", "name"), "Nguyễn Thị An\u200b", "forbidden-character"),
        # The receipt names the people.
        (("requester", "name"), "Nguyễn Thị 好", "glyph"),
        (("contact", "address"), "12 Lê Lợi\x07", "forbidden-character"),
    ],
)
def test_text_that_cannot_be_printed_is_refused_with_its_place(
    world: World, path: tuple[str, str], text: str, code: str
) -> None:
    body = submission_body()
    body.setdefault(path[0], {})[path[1]] = text
    with pytest.raises(InvalidRequest) as error:
        world.submission.submit(portal(), SubmitDossier.model_validate(body), body, "k1")
    assert refused(error) == [("#/" + "/".join(path), code)]
    assert world.tables.dossiers == {}


def test_a_day_that_is_still_to_come_in_vietnam_is_refused(world: World) -> None:
    """At 17:00 UTC the next day begins in Huế."""
    body = submission_body()
    body["answers"]["residence_period"]["to"] = "2026-11-24"
    world.clock.moment = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)
    with pytest.raises(InvalidRequest) as error:
        world.submission.submit(portal(), SubmitDossier.model_validate(body), body, "k1")
    assert refused(error) == [("#/answers/residence_period/to", "format")]
    world.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert world.submission.submit(portal(), SubmitDossier.model_validate(body), body, "k1").filing.answers
