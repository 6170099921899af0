"""Every amendment and every kind of copy: PDF/A-3a and PDF/UA-1 after each revision, and all signatures pass without a network."""

import hashlib
import json
from dataclasses import replace

import pytest
from chauban.copying.wording import copy_words
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.dossiers.documents import DocumentKind
from chauban.signing.linting import Mode, lint

from tests.conformance.judge import Judge
from tests.conformance.test_lasting import raised
from tests.unit.documents.conftest import published_files
from tests.unit.fakes.amendments import KINDS, amendment_drafted, newest
from tests.unit.fakes.copies import copied, ordered
from tests.unit.fakes.world import World as Service
from tests.unit.signing.world import NUMBER, World

pytestmark = pytest.mark.java

FIELDS = ["official", "seal"]


def printed(service: Service, **more: object) -> bytes:
    """The newest document that the service asked the renderer for, with real print files."""
    request = replace(service.renderer.requests[-1], files=dict(published_files()), **more)  # type: ignore[arg-type]
    return WeasyPrintRenderer().render(request).pdf


def issued(world: World, act: str) -> list[bytes]:
    """The revisions of a replacing result, a letter or a decision."""
    service = Service()
    dossier = amendment_drafted(service, service.issued(), act)
    service.making.make(dossier.id, newest(dossier, act))
    revisions = [printed(service)]
    revisions.append(world.by_official(revisions[-1], world.owner("official-rsa", "rsa")))
    revisions.append(world.by_organisation(revisions[-1], world.owner("seal-ec", "ec", "seal"), NUMBER))
    return revisions


def certified(world: World, pdf: bytes, kind: DocumentKind, *, first: bool = False) -> bytes:
    """With the signature of another organisation in the field `copy`."""
    office = world.owner("copier-rsa", "rsa", "seal")
    words = copy_words(kind, "ỦY BAN NHÂN DÂN PHƯỜNG PHÚ XUÂN", world.now())
    material = world.material(pdf, office)
    prepared = world.prepared(pdf, office, field="copy", first=first, words=words, validation=material)
    return world.completed(prepared, office)


def with_source(kind: DocumentKind, source: bytes) -> bytes:
    """A rendered SAO LỤC or TRÍCH SAO that embeds a source."""
    service = Service()
    dossier = service.issued()
    copied(service, dossier, "sao_y")
    # The files of the service's fakes are no PDF; the passages are looked for elsewhere.
    copy = ordered(service, dossier, "sao_luc")
    service.copy_printing.make(dossier.id, copy.id)
    request = service.renderer.requests[-1]
    data = json.loads(request.data)
    data["copy"]["source"]["sha256"] = hashlib.sha256(source).hexdigest()
    context = dict(request.context)
    context["copy"] = {**context["copy"], "excerpt": ["Giấy này có giá trị sử dụng trong thời hạn 6 tháng."] * 2}  # type: ignore[dict-item]
    template = "_shared/copies/" + ("sao_luc.html" if kind is DocumentKind.SAO_LUC else "trich_sao.html")
    attached = (replace(request.attached[0], content=source),)
    return printed(service, data=json.dumps(data).encode(), context=context, template=template, attached=attached)


def passes(judge: Judge, world: World, pdf: bytes, fields: list[str]) -> bool:
    opinions = judge.signatures(pdf, world.authority.root_file)
    assert [opinion["field"] for opinion in opinions] == fields
    assert [opinion["unexplained"] for opinion in opinions] == [[]] * len(fields)
    return all(opinion["indication"] == "TOTAL_PASSED" for opinion in opinions)


@pytest.mark.parametrize("act", KINDS)
def test_an_amendment_and_its_sao_y_conform_after_each_revision(judge: Judge, world: World, act: str) -> None:
    revisions = issued(world, act)
    revisions.append(certified(world, revisions[-1], DocumentKind.SAO_Y))
    for revision in revisions:
        assert judge.broken_rules(revision) == {}
    assert passes(judge, world, revisions[2], FIELDS)
    assert passes(judge, world, revisions[3], [*FIELDS, "copy"])
    assert revisions[3].startswith(revisions[2])
    assert [lint(revision, Mode.NEXT) for revision in revisions[1:]] == [[], [], []]


@pytest.mark.parametrize("act", KINDS)
@pytest.mark.parametrize("kind", [DocumentKind.SAO_LUC, DocumentKind.TRICH_SAO])
def test_a_copy_with_its_source_embedded_conforms(judge: Judge, world: World, kind: DocumentKind, act: str) -> None:
    original = issued(world, act)[-1]
    source = certified(world, original, DocumentKind.SAO_Y) if kind is DocumentKind.SAO_LUC else original
    page = with_source(kind, source)
    copy = certified(world, page, kind, first=True)
    for revision in (page, copy):
        assert judge.broken_rules(revision) == {}
    assert passes(judge, world, copy, ["copy"])
    assert (lint(page, Mode.FIRST), lint(copy, Mode.NEXT)) == ([], [])


def test_copies_last_as_their_originals_do(judge: Judge, world: World) -> None:
    kept = raised(world, issued(world, "replacement")[-1])
    sao_y = raised(world, certified(world, kept, DocumentKind.SAO_Y))
    sao_luc = raised(
        world, certified(world, with_source(DocumentKind.SAO_LUC, sao_y), DocumentKind.SAO_LUC, first=True)
    )
    # A SAO Y has the timestamp of its original, and its own behind its signature; once more when it is renewed.
    for pdf, fields, stamps in (
        (sao_y, [*FIELDS, "copy"], 2),
        (raised(world, sao_y), [*FIELDS, "copy"], 3),
        (raised(world, sao_luc), ["copy"], 2),
    ):
        assert judge.broken_rules(pdf) == {}
        found = judge.preserved(pdf, world.authority.root_file)
        said = [(each["field"], each["indication"], each["level"], each["unexplained"]) for each in found["signatures"]]
        assert said == [(field, "TOTAL_PASSED", "PAdES-BASELINE-LTA", []) for field in fields]
        assert [each["indication"] for each in found["timestamps"]] == ["PASSED"] * stamps
        assert lint(pdf, Mode.NEXT) == []
    assert sao_y.startswith(kept)
