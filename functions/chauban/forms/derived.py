"""Values of a decision that follow from others: computed once, before it is stored, and printed and embedded from there.

`derived:` of a result in form.yaml: `{rule: product, to: decision.amount, with: {factors: [decision.rate, answers.months]}}`. The
field is `readOnly` in the decision's schema: who sends the decision leaves it out.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from math import prod
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chauban.forms.checks.parts import value_at

LARGEST_FACTOR = 10**12
_DIGITS = 60


class _Part(BaseModel):
    # `with` is a word of Python, so its field is `fields`.
    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class Factors(_Part):
    """Dotted paths of the numbers."""

    factors: tuple[str, ...] = Field(min_length=2, max_length=4)


class Product(_Part):
    """A whole number: the product of the factors, half a unit rounded up, as sums in đồng are."""

    rule: Literal["product"]
    to: str = Field(pattern=r"^decision\.[A-Za-z0-9_]+$")
    fields: Factors = Field(alias="with")

    @property
    def name(self) -> str:
        """The field of the decision that it fills."""
        return self.to.removeprefix("decision.")

    def paths(self) -> tuple[str, ...]:
        """The dotted paths of all fields it needs."""
        return self.fields.factors

    def value(self, known: Mapping[str, Any]) -> int | None:
        """The value; None where a factor is absent or no number, which is the schema's matter."""
        factors = [value_at(known, path) for path in self.fields.factors]
        if not all(_usable(factor) for factor in factors):
            return None
        with localcontext(prec=_DIGITS):
            exact = prod((Decimal(str(factor)) for factor in factors), start=Decimal(1))
            return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


Derivation = Product


def with_derived(
    derivations: Iterable[Derivation], answers: dict[str, Any], decision: dict[str, Any]
) -> dict[str, Any]:
    """The decision with its derived values, never one that was sent: what cannot be computed is not there.

    In the order of the derivations, so that a later one may build on an earlier one.
    """
    ordered = list(derivations)
    computed = {derivation.name for derivation in ordered}
    kept = {name: value for name, value in decision.items() if name not in computed}
    for derivation in ordered:
        value = derivation.value({"answers": answers, "decision": kept})
        if value is not None:
            kept[derivation.name] = value
    return kept


def _usable(factor: object) -> bool:
    number = isinstance(factor, int | float) and not isinstance(factor, bool)
    return number and abs(factor) <= LARGEST_FACTOR  # type: ignore[arg-type]
