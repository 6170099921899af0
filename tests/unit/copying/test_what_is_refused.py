"""Every copy that may not be made, by kind and by what it would be made of, and the word that says why."""

from collections.abc import Callable

import pytest
from chauban.access.identity import Caller
from chauban.copying import ordering
from chauban.copying.requests import OrderCopy
from chauban.errors import ChaubanError
from chauban.signing import foreign_files
from chauban.signing.foreign_files import ForeignOpinion
from chauban.signing.linting.findings import Finding

from tests.unit.fakes.amendments import amended, amendment_drafted, first_result, newest
from tests.unit.fakes.copies import PURPOSE, copied
from tests.unit.fakes.copy_sources import brought, copied_from, ordered_from
from tests.unit.fakes.people import AN, citizen, clerk, official, portal, records
from tests.unit.fakes.world import World, document_of

KINDS = ("sao_y", "sao_luc", "trich_sao")
PASSAGE = "Tình trạng hôn nhân: Chưa đăng ký kết hôn với ai."
Made = tuple[str, str]


@pytest.fixture(autouse=True)
def _every_passage_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "says", lambda _pdf, passages: [True for _ in passages])
    monkeypatch.setattr(ordering, "stands_in", lambda _words, passages: [True for _ in passages])


def a_copy(kind: str) -> Callable[[World], Made]:
    def made(world: World) -> Made:
        dossier = world.issued()
        copied(world, dossier, "sao_y")
        return dossier.id, copied(world, dossier, kind, None, *((PASSAGE,) if kind == "trich_sao" else ())).id

    return made


def a_copy_of_a_file(world: World) -> Made:
    dossier = world.issued()
    return dossier.id, copied_from(world, dossier, brought(world, dossier).id, "sao_y").id


def amended_by(act: str) -> Callable[[World], Made]:
    def made(world: World) -> Made:
        dossier = world.issued()
        copied(world, dossier, "sao_y")
        return dossier.id, first_result(amended(world, dossier, act))

    return made


def a_copy_of_what_was(act: str) -> Callable[[World], Made]:
    def made(world: World) -> Made:
        dossier = world.issued()
        copy = copied(world, dossier, "sao_y")
        amended(world, dossier, act)
        return dossier.id, copy.id

    return made


def a_receipt(world: World) -> Made:
    from chauban.dossiers.documents import DocumentKind

    dossier = world.issued()
    receipt = document_of(dossier, DocumentKind.RECEIPT).id
    world.making.make(dossier.id, receipt)
    world.sealing.seal(dossier.id, receipt)
    return dossier.id, receipt


def a_draft(world: World) -> Made:
    drafted = amendment_drafted(world, world.issued(), "revocation")
    return drafted.id, newest(drafted, "revocation")


def a_result(world: World) -> Made:
    dossier = world.issued()
    return dossier.id, first_result(dossier)


# What it would be made of -> the word for SAO Y, SAO LỤC, TRÍCH SAO; None where the copy is made.
OF_DOCUMENTS: dict[str, tuple[Callable[[World], Made], tuple[str | None, str | None, str | None]]] = {
    "a SAO Y": (a_copy("sao_y"), ("copy-of-copy", None, "copy-of-copy")),
    "a SAO LỤC": (a_copy("sao_luc"), ("copy-of-copy",) * 3),
    "a TRÍCH SAO": (a_copy("trich_sao"), ("copy-of-copy",) * 3),
    "a SAO Y of a file of others": (a_copy_of_a_file, ("copy-of-copy", None, "copy-of-copy")),
    "a replaced result": (amended_by("replacement"), ("not-in-force",) * 3),
    "a revoked result": (amended_by("revocation"), ("not-in-force",) * 3),
    "a corrected result": (amended_by("correction"), (None, None, None)),
    "a SAO Y of a replaced result": (a_copy_of_what_was("replacement"), ("not-in-force",) * 3),
    "a SAO Y of a revoked result": (a_copy_of_what_was("revocation"), ("not-in-force",) * 3),
    "a receipt": (a_receipt, ("not-copyable",) * 3),
    "a draft": (a_draft, ("wrong-state",) * 3),
    "a result without a SAO Y": (a_result, (None, "sao-y-needed", None)),
}


def word(world: World, document: str, kind: str, who: Caller | None = None) -> str | None:
    """The code of the refusal."""
    who = who or records(auth_time=world.clock.now())
    excerpt = (PASSAGE,) if kind == "trich_sao" else ()
    request = OrderCopy.model_validate({"kind": kind, "purpose": PURPOSE, "excerpt": excerpt})
    try:
        world.copies.order(who, document, request, world.guard(who))
    except ChaubanError as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("source", OF_DOCUMENTS)
def test_a_copy_of(world: World, source: str) -> None:
    make, expected = OF_DOCUMENTS[source]
    _, document = make(world)
    assert tuple(word(world, document, kind) for kind in KINDS) == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (records("phu-xuan"), "not-found"),
        (citizen("046195000202"), "not-found"),
        (citizen(AN), "not-allowed"),
        (portal(), "not-allowed"),
        (clerk(), "not-allowed"),
        (official(), "not-allowed"),
        (records(acr="loa2"), "strong-login-required"),
    ],
    ids=["another office", "another citizen", "the citizen", "portal", "clerk", "official", "weak login"],
)
def test_a_copy_by(world: World, who: Caller, expected: str) -> None:
    dossier = world.issued()
    source = brought(world, dossier).id
    for kind in KINDS:
        assert word(world, first_result(dossier), kind, who) == expected
        with pytest.raises(ChaubanError) as refused:
            ordered_from(world, dossier, source, kind, who=who)
        assert refused.value.code == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of", ["a document", "a file of others"])
def test_of_a_source_that_was_tampered_with_no_copy_is_certified(world: World, kind: str, of: str) -> None:
    dossier, excerpt = world.issued(), (PASSAGE,) if kind == "trich_sao" else ()
    if of == "a document":
        copied(world, dossier, "sao_y")
        world.engine.unsafe = [Finding("altered-after-signing")]
        made = copied(world, dossier, kind, None, *excerpt)
        assert made.hindrance == "altered-after-signing"
    else:
        source = brought(world, dossier).id
        copied_from(world, dossier, source, "sao_y")
        world.foreign.finds = ForeignOpinion(foreign_files.ALTERED)
        made = copied_from(world, dossier, source, kind, *excerpt)
        assert made.hindrance == "source-altered"
    assert (made.status.value, made.revisions) == ("cancelled", ())
