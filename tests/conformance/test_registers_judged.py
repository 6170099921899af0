"""Sealed registers and printed number books, raised: what EU DSS and veraPDF say of them, without a network."""

import pytest

from tests.conformance.judge import Judge
from tests.conformance.test_copies_judged import printed
from tests.conformance.test_lasting import raised
from tests.unit.fakes.world import World as Service
from tests.unit.registers.test_number_books import ask as ask_for_book
from tests.unit.registers.test_registers import ask
from tests.unit.signing.world import World

pytestmark = pytest.mark.java


@pytest.mark.parametrize("asking", [ask, ask_for_book], ids=["register", "number-book"])
def test_a_raised_register_conforms_and_its_seal_passes_at_lta(judge: Judge, world: World, asking: object) -> None:
    service = Service()
    service.issued()
    service.register_printing.make(asking(service).id)  # type: ignore[operator]
    sealed = world.by_organisation(printed(service), world.owner("seal-of-registers", "ec", "seal"))
    kept = raised(world, sealed)
    (opinion,) = judge.preserved(kept, world.authority.root_file)["signatures"]
    assert (opinion["field"], opinion["indication"]) == ("seal", "TOTAL_PASSED")
    assert opinion["level"] == "PAdES-BASELINE-LTA"
    assert [judge.broken_rules(file) for file in (sealed, kept)] == [{}, {}]
