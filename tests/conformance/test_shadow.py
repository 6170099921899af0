"""Shadow attacks on every form's result: hide, replace, hide-and-replace (Mainka, Mladenov, Rohlmann: "Shadow Attacks", NDSS 2021).

An attacker prepares a file before it is signed and turns it into another one afterwards: after the official's signature, or after
the seal. Each is built from a result of ours, signed and sealed as if there were no linter; then a reader's own eyes say that the
page changed, and the linter must have refused what was prepared, and must refuse what came of it.
"""

import os
import shutil

import pytest
from chauban.dossiers.documents import DocumentKind
from chauban.signing.linting import Mode, lint

from tests.conformance.conftest import require
from tests.conformance.shadows import SHADOWS, fill_number
from tests.unit.documents.material import SLUGS, document, first_sample
from tests.unit.documents.pages import picture
from tests.unit.linting.files import changed
from tests.unit.signing.world import NUMBER, World

# What says that a signed file was changed, whatever was in it before.
LATER = {"unexplained-change", "cross-reference-mismatch"}


def attacked(place: int) -> list[str]:
    """The forms whose results an attack is tried on: two others for each attack in every run, all seven in `make long`."""
    if os.environ.get("CHAUBAN_LONG"):
        return list(SLUGS)
    return [SLUGS[(place + step) % len(SLUGS)] for step in (0, 3)]


ATTACKS = [(slug, name) for place, name in enumerate(SHADOWS) for slug in attacked(place)]


def codes(pdf: bytes, mode: Mode = Mode.NEXT) -> set[str]:
    return {finding.code for finding in lint(pdf, mode)}


def test_every_form_is_attacked() -> None:
    assert {slug for slug, _ in ATTACKS} == set(SLUGS)
    assert len(set(ATTACKS)) == len(ATTACKS) >= 2 * len(SHADOWS)


@pytest.mark.parametrize(("slug", "name"), ATTACKS)
def test_a_shadow_is_refused_before_each_signature_and_after_the_last(world: World, slug: str, name: str) -> None:
    require([program for program in ("pdftoppm",) if shutil.which(program) is None])
    shadow = SHADOWS[name]
    prepared, number = shadow.prepared(document(first_sample(slug), DocumentKind.RESULT).pdf)
    signed = world.by_official(prepared, world.owner("official-rsa"))
    values = NUMBER if shadow.numbered else None
    sealed = world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), values)
    assert shadow.code in codes(prepared, Mode.FIRST)
    for file in (signed, sealed):
        turned = shadow.turn(file, number)
        assert turned.startswith(file), "nothing that was signed has been touched"
        assert picture(turned).tobytes() != picture(file).tobytes(), "the attack works"
        assert shadow.code in codes(file)
        assert LATER & (codes(turned) - codes(file)), "what came after the signature is found, not only what was there"


@pytest.mark.parametrize("slug", attacked(1))
def test_a_sealed_number_cannot_be_replaced(world: World, slug: str) -> None:
    """Without any preparation: form filling, which the certification allows."""
    require([program for program in ("pdftoppm",) if shutil.which(program) is None])
    result = document(first_sample(slug), DocumentKind.RESULT).pdf
    signed = world.by_official(result, world.owner("official-rsa"))
    sealed = world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)
    turned = changed(sealed, fill_number)
    assert picture(turned).tobytes() != picture(sealed).tobytes(), "the attack works"
    assert "unexplained-change" in codes(turned)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_result_is_clean_before_and_after_each_signature(world: World, slug: str) -> None:
    result = document(first_sample(slug), DocumentKind.RESULT).pdf
    signed = world.by_official(result, world.owner("official-rsa"))
    sealed = world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)
    assert lint(result, Mode.FIRST) == []
    assert lint(signed, Mode.NEXT) == []
    assert lint(sealed, Mode.NEXT) == []
