"""Which answers are kept: those to questions that were shown."""

import copy
from typing import Any

import pytest
from chauban.forms.visibility import without_hidden

from tests.unit.forms.parts import control, group, when

MARRIED = when("status", {"const": "married"})


@pytest.mark.parametrize(
    ("effect", "status", "kept"),
    [
        ("SHOW", "married", True),
        ("SHOW", "single", False),
        ("HIDE", "married", False),
        ("HIDE", "single", True),
        # These two are for the page alone.
        ("ENABLE", "single", True),
        ("DISABLE", "married", True),
    ],
)
def test_a_rule_shows_or_hides(effect: str, status: str, kept: bool) -> None:
    ui = group(control("status"), control("spouse", effect=effect, condition=MARRIED))
    assert ("spouse" in without_hidden(ui, {"status": status, "spouse": "Trần Văn Bình"})) is kept


@pytest.mark.parametrize(("effect", "kept"), [("SHOW", False), ("HIDE", True)])
def test_an_unanswered_question_satisfies_no_condition(effect: str, kept: bool) -> None:
    """Also where the condition's schema would accept anything."""
    ui = group(control("status"), control("spouse", effect=effect, condition=when("status", {})))
    assert ("spouse" in without_hidden(ui, {"spouse": "Trần Văn Bình"})) is kept


def test_a_hidden_group_hides_all_that_is_in_it() -> None:
    inner = group(control("spouse.name"), group(control("spouse.born"), control("children")))
    ui = group(control("status"), {**inner, "rule": {"effect": "SHOW", "condition": MARRIED}})
    answers = {"status": "single", "spouse": {"name": "Bình", "born": "1990-01-01", "note": "x"}, "children": 2}
    assert without_hidden(ui, answers) == {"status": "single", "spouse": {"note": "x"}}


def test_a_dropped_answer_hides_what_depended_on_it() -> None:
    """Three steps: single -> no spouse -> no foreigner -> no passport, in whatever order the controls stand."""
    ui = group(
        control("passport", effect="SHOW", condition=when("foreign", {"const": True})),
        control("foreign", effect="SHOW", condition=when("spouse", {"minLength": 1})),
        control("spouse", effect="SHOW", condition=MARRIED),
    )
    answers: dict[str, Any] = {"status": "single", "spouse": "John", "foreign": True, "passport": "C1"}
    assert without_hidden(ui, answers) == {"status": "single"}
    married = {**answers, "status": "married"}
    assert without_hidden(ui, married) == married


def test_a_part_and_its_whole_may_both_be_hidden() -> None:
    """It used to break on the part, whose whole was already gone."""
    hidden = {"effect": "SHOW", "condition": MARRIED}
    ui = group(control("spouse", **hidden), control("spouse.name", **hidden))
    assert without_hidden(ui, {"status": "single", "spouse": {"name": "Bình"}}) == {"status": "single"}


def test_what_was_given_is_left_alone() -> None:
    ui = group(control("a.b", effect="HIDE", condition=when("c", {"const": 1})))
    answers = {"a": {"b": 1}, "c": 1}
    before = copy.deepcopy(answers)
    assert without_hidden(ui, answers) == {"a": {}, "c": 1}
    assert answers == before


@pytest.mark.parametrize("answers", [{}, {"spouse": None}, {"spouse": "text"}, {"spouse": ["a"]}])
def test_answers_of_another_shape_are_left_to_the_schema(answers: dict[str, Any]) -> None:
    ui = group(control("spouse.name", effect="SHOW", condition=MARRIED))
    assert without_hidden(ui, answers) == answers


def rows(*elements: dict[str, Any], scope: str = "members", **rule: Any) -> dict[str, Any]:
    """A control for a list (or an object) with a layout of its own."""
    return {**control(scope, **rule), "options": {"detail": group(*elements)}}


def test_each_row_of_a_list_is_decided_by_itself() -> None:
    spouse = control("spouse", effect="SHOW", condition=MARRIED)
    answers = {"members": [{"status": "married", "spouse": "Bình"}, {"status": "single", "spouse": "Cường"}]}
    kept = without_hidden(group(rows(control("status"), spouse)), answers)
    assert kept == {"members": [{"status": "married", "spouse": "Bình"}, {"status": "single"}]}


def test_lists_in_rows_of_lists_are_reached() -> None:
    paper = control("paper", effect="HIDE", condition=when("kind", {"const": "none"}))
    ui = group(rows(rows(control("kind"), paper, scope="children")))
    answers = {"members": [{"children": [{"kind": "none", "paper": "x"}, {"paper": "y"}]}, {"children": []}]}
    kept = without_hidden(ui, answers)
    assert kept == {"members": [{"children": [{"kind": "none"}, {"paper": "y"}]}, {"children": []}]}


def test_a_rule_in_an_objects_own_layout_looks_at_that_object() -> None:
    ui = group(
        control("status"), rows(control("status"), control("name", effect="SHOW", condition=MARRIED), scope="other")
    )
    answers = {"status": "married", "other": {"status": "single", "name": "Bình"}}
    assert without_hidden(ui, answers) == {"status": "married", "other": {"status": "single"}}


def test_a_hidden_list_goes_with_all_its_rows() -> None:
    ui = group(control("status"), rows(control("name"), effect="SHOW", condition=MARRIED))
    assert without_hidden(ui, {"status": "single", "members": [{"name": "An"}]}) == {"status": "single"}


def test_what_was_hidden_by_a_dropped_answer_comes_back() -> None:
    """The second condition is decided on what remains, in whatever order the controls stand."""
    ui = group(
        control("note", effect="HIDE", condition=when("spouse", {"minLength": 1})),
        control("spouse", effect="SHOW", condition=MARRIED),
    )
    assert without_hidden(ui, {"status": "single", "spouse": "Bình", "note": "x"}) == {"status": "single", "note": "x"}


def test_a_question_asked_in_two_places_is_shown_if_either_is() -> None:
    ui = group(
        control("paper", effect="SHOW", condition=when("status", {"const": "widowed"})),
        control("paper", effect="SHOW", condition=MARRIED),
    )
    assert without_hidden(ui, {"status": "married", "paper": "x"}) == {"status": "married", "paper": "x"}
    assert without_hidden(ui, {"status": "single", "paper": "x"}) == {"status": "single"}


def test_rules_in_a_circle_do_not_go_on_for_ever() -> None:
    """Publishing refuses such forms."""
    ui = group(
        control("a", effect="HIDE", condition=when("b", {"const": 1})),
        control("b", effect="SHOW", condition=when("a", {"const": 1})),
    )
    with pytest.raises(ValueError, match="circle"):
        without_hidden(ui, {"a": 1, "b": 1})
