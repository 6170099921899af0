"""What the service computes of a decision: once, exactly, and not by those who send it."""

from datetime import date
from typing import Any

import pytest
from chauban.errors import InvalidRequest
from chauban.forms.definition import FormDefinition, FormHead
from chauban.forms.derived import with_derived
from chauban.forms.packaging import pack_definition, unpack_definition
from chauban.forms.result_refusals import result_refusals
from chauban.forms.validation import accepted_decision
from pydantic import ValidationError

from tests.unit.documents.material import Case, definition, given
from tests.unit.forms.parts import HEAD, form

TODAY = date(2026, 11, 23)
PRODUCT = {"rule": "product", "to": "decision.amount", "with": {"factors": ["decision.rate", "answers.months"]}}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "rate": {"type": "number", "maximum": 1_000_000_000},
        "amount": {"type": "integer", "maximum": 10**12, "readOnly": True},
    },
    "required": ["rate", "amount"],
}

COMPUTED = SCHEMA["properties"]["amount"]


def head(*derived: dict[str, Any]) -> FormHead:
    (result,) = HEAD["results"]
    return FormHead.model_validate({**HEAD, "results": [{**result, "derived": derived}]})


def deriving() -> FormDefinition:
    return form({}).model_copy(update={"head": head(PRODUCT), "decision_schemas": {"decision.schema.json": SCHEMA}})


def stored(decision: dict[str, Any], months: Any = 1.5) -> dict[str, Any]:
    one = deriving()
    return accepted_decision(one, one.head.results[0], {"months": months}, decision, TODAY)


def faults(decision: dict[str, Any], months: Any = 1.5) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as error:
        stored(decision, months)
    return [(fault.pointer, fault.code) for fault in error.value.errors]


@pytest.mark.parametrize(
    ("rate", "months", "amount"),
    [
        (500_000, 1.5, 750_000),
        (500_000, 1, 500_000),
        # In binary fractions this is 550000.0000000001, and 1.005 * 1000 is 1004.9999999999999.
        (500_000, 1.1, 550_000),
        (1000, 1.005, 1005),
        # Half a unit goes up, whether the next one is odd or even.
        (1, 0.5, 1),
        (1, 1.5, 2),
        (5, 0.5, 3),
        (0, 2, 0),
    ],
)
def test_a_product_is_exact_and_whole(rate: float, months: float, amount: int) -> None:
    found = stored({"rate": rate}, months)["amount"]
    assert (found, type(found)) == (amount, int)


def test_the_same_value_may_be_sent_and_another_is_refused() -> None:
    assert stored({"rate": 1000, "amount": 1500}) == {"rate": 1000, "amount": 1500}
    assert faults({"rate": 1000, "amount": 1501}) == [("#/data/amount", "derived")]


@pytest.mark.parametrize("rate", [None, "1000", True, [], float("nan"), float("inf"), 10**13])
def test_what_cannot_be_computed_is_told_where_it_is_lacking(rate: Any) -> None:
    decision = {} if rate is None else {"rate": rate}
    assert {pointer for pointer, _ in faults(decision)} == {"#/data/rate"}


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        ({"amount": 5}, [("#/data/rate", "required")]),
        ({"rate": "1000", "amount": 5}, [("#/data/rate", "type")]),
        ({}, [("#/data/rate", "required")]),
    ],
)
def test_a_value_that_was_sent_never_stands_for_one_that_cannot_be_computed(
    decision: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    assert faults(decision) == told


@pytest.mark.parametrize("required", [["rate", "amount"], []])
def test_what_cannot_be_computed_is_told_where_nothing_else_is_wrong(required: list[str]) -> None:
    """A number beyond all sums, where the form sets no limit of its own; and a factor that nobody has to give."""
    schema = {**SCHEMA, "properties": {**SCHEMA["properties"], "rate": {"type": "number"}}, "required": required}
    one = deriving().model_copy(update={"decision_schemas": {"decision.schema.json": schema}})
    for sent in ({"rate": 10**13, "amount": 5}, *([] if required else [{"amount": 5}])):
        with pytest.raises(InvalidRequest) as error:
            accepted_decision(one, one.head.results[0], {"months": 1}, sent, TODAY)
        assert [(fault.pointer, fault.code) for fault in error.value.errors] == [("#/data/amount", "not-computed")]
        assert all("amount" in fault.detail[language] for fault in error.value.errors for language in ("vi", "en"))
    if not required:
        assert accepted_decision(one, one.head.results[0], {"months": 1}, {}, TODAY) == {}


def test_a_computed_value_may_build_on_the_one_before_it_and_not_on_one_that_was_sent() -> None:
    first = PRODUCT
    second = {"rule": "product", "to": "decision.year", "with": {"factors": ["decision.amount", "answers.year"]}}
    known = {"months": 2, "year": 12}
    assert with_derived(head(first, second).results[0].derived, known, {"rate": 3, "amount": 100, "year": 1}) == {
        "rate": 3,
        "amount": 6,
        "year": 72,
    }
    assert with_derived(head(second, first).results[0].derived, known, {"rate": 3, "amount": 100}) == {
        "rate": 3,
        "amount": 6,
    }


def test_a_value_that_is_too_large_is_told_although_nobody_sent_it() -> None:
    assert faults({"rate": 1_000_000_000}, 10**6) == [("#/data/amount", "maximum")]


def test_derivations_are_published_as_they_were_written() -> None:
    assert unpack_definition(pack_definition(deriving())) == deriving()


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "sum"},
        {"to": "answers.amount"},
        {"to": "decision.a.b"},
        {"with": {"factors": ["decision.rate"]}},
        {"with": {}},
    ],
)
def test_a_malformed_derivation_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        head({**PRODUCT, **change})


@pytest.mark.parametrize(
    ("derived", "amount", "codes"),
    [
        ([PRODUCT], COMPUTED, []),
        ([PRODUCT], {"type": "integer"}, ["derived-writable"]),
        ([], COMPUTED, ["derived-writable"]),
        ([PRODUCT], {"type": "string", "readOnly": True}, ["derived-unresolved"]),
        (
            [{**PRODUCT, "with": {"factors": ["decision.rate", "answers.name"]}}],
            COMPUTED,
            ["derived-unresolved"],
        ),
        (
            [{**PRODUCT, "with": {"factors": ["decision.rate", "nowhere"]}}],
            COMPUTED,
            ["derived-unresolved"],
        ),
    ],
)
def test_a_derivation_needs_numbers_and_a_field_that_says_it_is_computed(
    derived: Any, amount: Any, codes: list[str]
) -> None:
    answers = {
        "type": "object",
        "properties": {"months": {"type": "number"}, "name": {"type": "string"}},
        "required": ["months"],
    }
    decision = {**SCHEMA, "properties": {**SCHEMA["properties"], "amount": amount}}
    found = result_refusals(answers, decision, head(*derived).results[0], 0)
    assert [fault.code for fault in found] == codes


@pytest.mark.parametrize(
    ("of_answers", "of_decision", "factors", "told"),
    [
        (["work"], ["rate", "amount"], ["decision.rate", "answers.work.months"], {}),
        (["work"], ["amount"], ["decision.rate", "answers.work.months"], {"derived-optional": "decision.rate"}),
        ([], ["rate", "amount"], ["decision.rate", "answers.work.months"], {"derived-optional": "answers.work.months"}),
        (
            ["work"],
            ["rate", "amount"],
            ["decision.rate", "answers.work.days"],
            {"derived-optional": "answers.work.days"},
        ),
        (["work"], ["rate", "amount"], ["decision.rate", "decision.amount"], {"derived-later": "decision.amount"}),
    ],
    ids=["all there", "of the decision", "its whole", "its part", "itself"],
)
def test_a_derivation_needs_factors_that_are_always_there(
    of_answers: list[str], of_decision: list[str], factors: list[str], told: dict[str, str]
) -> None:
    numbers = {"months": {"type": "number"}, "days": {"type": "number"}}
    work = {"type": "object", "properties": numbers, "required": ["months"]}
    answers = {"type": "object", "properties": {"work": work}, "required": of_answers}
    derived = head({**PRODUCT, "with": {"factors": factors}}).results[0]
    found = result_refusals(answers, {**SCHEMA, "required": of_decision}, derived, 0)
    assert [fault.code for fault in found] == list(told)
    assert all(
        name in fault.text["en"] and name in fault.text["vi"] for fault, name in zip(found, told.values(), strict=True)
    )


@pytest.mark.parametrize(
    ("sample", "amount"), [("child", 750_000), ("disability-filed-by-son", 1_250_000), ("other-category", 505_000)]
)
def test_the_allowance_is_computed_and_not_typed(sample: str, amount: int) -> None:
    data, one = given(Case("tro-cap-xa-hoi-hang-thang", "samples", sample)), definition("tro-cap-xa-hoi-hang-thang")
    assert "monthly_amount" not in data["decision"]
    kept = accepted_decision(one, one.head.results[0], data["answers"], data["decision"], TODAY)
    assert kept == {**data["decision"], "monthly_amount": amount}
