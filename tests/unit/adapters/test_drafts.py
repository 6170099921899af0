"""Drafts and the days of grace, on the fake stores and on the table: both must answer alike."""

from datetime import date, timedelta
from typing import Any

import pytest
from chauban.dossiers.drafts import Draft
from chauban.dossiers.model import FormRef
from chauban.dossiers.requests import PutDraft
from chauban.errors import FormNotCurrent, InvalidRequest, NotAllowed, NotFound, PreconditionFailed
from chauban.forms.definition import FormDefinition

from tests.unit.fakes.catalogue import SLUG, real_form
from tests.unit.fakes.people import AN, BINH, answers, citizen, clerk, portal
from tests.unit.fakes.world import World

DRAFT = "01KARX5T9V6T2J4Q8M3W7E1N5C"
FORM = FormRef(slug=SLUG, version="1.0")
OWN = {"requester": {"scheme": "personal_number", "identifier": AN, "name": "Nguyễn Thị An"}}


def request(**changes: Any) -> PutDraft:
    return PutDraft(**({"form": FORM, "procedure": "1.004873", "answers": answers()} | changes))


def kept(world: World, **changes: Any) -> Draft:
    return world.drafting.put(citizen(), DRAFT, request(**changes), None)[0]


def successor(start: date) -> FormDefinition:
    form = real_form()
    changes = {"version": "1.1", "valid_from": start, "title": {"vi": "Tờ khai mới", "en": "New"}}
    return form.model_copy(update={"head": form.head.model_copy(update=changes)})


def test_a_draft_is_kept_and_resumed(either: World) -> None:
    draft, new = either.drafting.put(citizen(), DRAFT, request(), None)
    assert new
    assert either.drafting.get(citizen(), DRAFT) == draft
    assert (draft.version, draft.answers) == (1, answers())
    assert AN not in draft.owner


def test_the_same_again_changes_nothing_and_another_needs_the_last_tag(either: World) -> None:
    kept(either)
    assert either.drafting.put(citizen(), DRAFT, request(), None)[1] is False
    for tag in (None, '"9"', 'W/"1"'):
        with pytest.raises(PreconditionFailed):
            either.drafting.put(citizen(), DRAFT, request(answers={}), tag)
    changed, new = either.drafting.put(citizen(), DRAFT, request(answers={}), '"1"')
    assert (changed.version, new) == (2, False)
    with pytest.raises(PreconditionFailed):
        either.drafting.put(citizen(), DRAFT, request(), '"1"')


@pytest.mark.parametrize("who", [citizen(BINH), portal()])
def test_another_finds_nothing_and_cannot_take_the_id(either: World, who: Any) -> None:
    draft = kept(either)
    for attempt in (
        lambda: either.drafting.get(who, DRAFT),
        lambda: either.drafting.put(who, DRAFT, request(), None),
        lambda: either.drafting.delete(who, DRAFT, '"1"'),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert either.drafting.get(citizen(), DRAFT) == draft


def test_who_may_not_file_may_not_keep_drafts(either: World) -> None:
    with pytest.raises(NotAllowed):
        either.drafting.put(clerk(), DRAFT, request(), None)


def test_a_draft_is_forgotten_when_asked_and_after_thirty_days(either: World) -> None:
    kept(either)
    with pytest.raises(PreconditionFailed):
        either.drafting.delete(citizen(), DRAFT, None)
    either.drafting.delete(citizen(), DRAFT, '"1"')
    with pytest.raises(NotFound):
        either.drafting.get(citizen(), DRAFT)
    kept(either)
    either.clock.moment += timedelta(days=30)
    with pytest.raises(NotFound):
        either.drafting.get(citizen(), DRAFT)
    assert kept(either).version == 1


def test_saving_makes_it_last_longer(either: World) -> None:
    kept(either)
    either.clock.moment += timedelta(days=29)
    either.drafting.put(citizen(), DRAFT, request(answers={}), '"1"')
    either.clock.moment += timedelta(days=29)
    assert either.drafting.get(citizen(), DRAFT).answers == {}


def test_a_draft_stays_with_its_form(either: World) -> None:
    kept(either)
    with pytest.raises(InvalidRequest):
        either.drafting.put(citizen(), DRAFT, request(procedure="1.000000"), '"1"')


def test_a_draft_that_is_too_large_is_refused(either: World) -> None:
    with pytest.raises(InvalidRequest):
        kept(either, answers={"x": "y" * 300_001})


def test_filing_empties_the_draft_in_the_same_transaction(either: World) -> None:
    kept(either)
    dossier = either.submitted(citizen(), draft=DRAFT, **OWN)
    assert dossier.filing.form == FORM
    with pytest.raises(NotFound):
        either.drafting.get(citizen(), DRAFT)
    with pytest.raises(InvalidRequest):
        either.submitted(citizen(), draft=DRAFT, **OWN)


def test_sent_again_with_its_key_it_is_the_same_dossier_though_the_draft_is_gone(either: World) -> None:
    kept(either)
    first = either.submitted(citizen(), key="k", draft=DRAFT, **OWN)
    assert either.submitted(citizen(), key="k", draft=DRAFT, **OWN) == first


def test_a_draft_is_taken_within_the_days_of_grace_and_not_after(either: World) -> None:
    kept(either)
    today = either.clock.moment.date()
    either.forms.versions.append(successor(today + timedelta(days=1)))
    either.clock.moment += timedelta(days=1)
    with pytest.raises(FormNotCurrent) as refusal:
        either.submitted(citizen(), **OWN)
    told = refusal.value.members("en")
    assert told["current"] == {"slug": SLUG, "version": "1.1"}
    assert "title" in [change["place"] for change in told["changes"]]  # type: ignore[index, attr-defined]
    either.clock.moment += timedelta(days=28)
    either.drafting.put(citizen(), DRAFT, request(answers={}), '"1"')
    either.clock.moment += timedelta(days=2)
    with pytest.raises(FormNotCurrent):
        either.submitted(citizen(), draft=DRAFT, **OWN)
    either.clock.moment -= timedelta(days=1)
    assert either.submitted(citizen(), draft=DRAFT, **OWN).filing.form.version == "1.0"


def test_a_withdrawn_version_takes_no_draft_and_no_filing(either: World) -> None:
    kept(either)
    either.forms.withdrawn.append(real_form())
    for draft in (None, DRAFT):
        with pytest.raises(FormNotCurrent) as refusal:
            either.submitted(citizen(), draft=draft, **OWN)
        assert refusal.value.members("vi") == {}


def test_when_the_newest_is_withdrawn_the_one_before_is_current_again(either: World) -> None:
    newer = successor(either.clock.moment.date())
    either.forms.versions.append(newer)
    with pytest.raises(FormNotCurrent):
        either.submitted(citizen(), **OWN)
    either.forms.withdrawn.append(newer)
    assert either.submitted(citizen(), **OWN).filing.form.version == "1.0"
