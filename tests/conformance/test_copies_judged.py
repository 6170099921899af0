"""Every amendment and every kind of copy: PDF/A-3a and PDF/UA-1 after each revision, and all signatures pass without a network."""

import hashlib
import json
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from chauban.copying.wording import FORMS, copy_words
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import DocumentKind, DocumentStatus, Revision
from chauban.dossiers.model import Dossier
from chauban.signing.linting import Mode, lint
from chauban.signing.linting.words import says

from tests.conformance.judge import Judge
from tests.conformance.test_lasting import raised
from tests.unit.documents.conftest import published_files
from tests.unit.fakes.amendments import KINDS, WHY, amended, amendment_drafted, newest
from tests.unit.fakes.copies import ordered
from tests.unit.fakes.world import World as Service
from tests.unit.signing.world import NUMBER, World

pytestmark = pytest.mark.java

FIELDS = ["official", "seal"]
LETTER = (WHY["reason"], WHY["legal_basis"][0])
PASSAGES = {
    "replacement": (
        "Giấy này có giá trị sử dụng trong thời hạn 6 tháng",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ),
    "correction": LETTER,
    "revocation": LETTER,
}


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


def kept(service: Service, dossier: Dossier, document: str, pdf: bytes) -> None:
    """The document is issued, and this is its file."""
    file, now = service.files.archive(pdf), service.clock.now()
    first = Revision(revision=1, file=file, level="PAdES-BASELINE-LT", made_at=now)

    def decide(before: Dossier) -> Change:
        update = {"status": DocumentStatus.ISSUED, "current": file, "revisions": (first,)}
        return Change(before, before.with_document(before.document(document).model_copy(update=update)))

    changing(service.store, dossier.id, decide)


def with_source(kind: DocumentKind, act: str, original: bytes, sao_y: bytes | None = None) -> bytes:
    """A SAO LỤC of the SAO Y, or TRÍCH SAO of the original, of what amends a result: ordered and printed by the service."""
    service = Service()
    dossier = amended(service, service.issued(), act)
    document = newest(dossier, act)
    kept(service, dossier, document, original)
    if sao_y:
        kept(service, dossier, ordered(service, dossier, "sao_y", document).id, sao_y)
    passages = PASSAGES[act] if kind is DocumentKind.TRICH_SAO else ()
    copy = ordered(service, dossier, kind.value, document, *passages)
    service.copy_printing.make(dossier.id, copy.id)
    return printed(service)


def names(page: bytes, kind: DocumentKind, act: str, original: bytes, source: bytes) -> None:
    """What the page prints, what its data say and what is embedded are one."""
    with pikepdf.open(BytesIO(page)) as pdf:
        embedded = {name: pdf.attachments[name].get_file().read_bytes() for name in ("data.json", "ban-goc.pdf")}
    data = json.loads(embedded["data.json"])
    said, hashes = data["copy"], [hashlib.sha256(each).hexdigest() for each in (original, source)]
    assert embedded["ban-goc.pdf"] == source
    assert (data["document"]["kind"], said["form"]) == (kind.value, FORMS[kind])
    assert [said[each]["sha256"] for each in ("original", "source")] == hashes
    assert [said[each]["revision"] for each in ("original", "source")] == [1, 1]
    passages = PASSAGES[act] if kind is DocumentKind.TRICH_SAO else ()
    assert said["excerpt"] == list(passages)
    printed_too = [*hashes, f"BẢN {FORMS[kind]}", said["original"]["number"], *passages, "phiên bản 1 của tệp"]
    assert says(page, printed_too) == [True] * len(printed_too)


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
    sao_y = certified(world, original, DocumentKind.SAO_Y) if kind is DocumentKind.SAO_LUC else None
    page = with_source(kind, act, original, sao_y)
    names(page, kind, act, original, sao_y or original)
    copy = certified(world, page, kind, first=True)
    for revision in (page, copy):
        assert judge.broken_rules(revision) == {}
    assert passes(judge, world, copy, ["copy"])
    assert (lint(page, Mode.FIRST), lint(copy, Mode.NEXT)) == ([], [])


def test_copies_last_as_their_originals_do(judge: Judge, world: World) -> None:
    original = raised(world, issued(world, "replacement")[-1])
    sao_y = raised(world, certified(world, original, DocumentKind.SAO_Y))
    page = with_source(DocumentKind.SAO_LUC, "replacement", original, sao_y)
    sao_luc = raised(world, certified(world, page, DocumentKind.SAO_LUC, first=True))
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
    assert sao_y.startswith(original)
