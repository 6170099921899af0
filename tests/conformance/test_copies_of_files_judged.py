"""Copies of what others issued: PDF/A and PDF/UA are kept where the file had them, every signature passes without a network, and a
paper's SAO Y is PDF/A-3a and PDF/UA-1 with the very pictures of its scan."""

import hashlib
import json
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from chauban.adapters.file_examiner import FileExaminer
from chauban.attachments.ports import Seen
from chauban.copying.wording import copy_words
from chauban.documents.font_files import WRITTEN_WITH
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.dossiers.attachments import SourceKind
from chauban.dossiers.documents import DocumentKind
from chauban.signing.linting import Mode, lint
from chauban.signing.pades.foreign import PadesForeign
from chauban.signing.ports import NewField

from tests.conformance.judge import Judge
from tests.conformance.test_copies_judged import certified, passes, printed
from tests.conformance.test_lasting import raised
from tests.unit.attachments.scanned import scan
from tests.unit.documents.conftest import published_files
from tests.unit.fakes.copy_sources import brought, copied_from, ordered_from
from tests.unit.fakes.world import World as Service
from tests.unit.signing.conftest import RECEIPT, rendered
from tests.unit.signing.foreign import PASSAGE, changed, page, signed
from tests.unit.signing.world import World

pytestmark = pytest.mark.java

FONT = dict(published_files())[WRITTEN_WITH]
FLAVOURS = ("1b", "2b", "3a", "ua1")
ACCESSIBLE = RECEIPT.replace("field-seal", "field-official")


def looked_at(content: bytes, kind: SourceKind, media_type: str = "application/pdf") -> Seen:
    return FileExaminer().look(content, media_type, kind)


def sao_y(world: World, source: bytes) -> bytes:
    """A signed file of others with the signature of a copying agency, where its page is free."""
    seen = looked_at(source, SourceKind.SIGNED_FILE)
    assert seen.fault is None
    assert seen.place
    office = world.owner("copier-rsa", "rsa", "seal")
    prepared = world.prepared(
        source,
        office,
        field="copy",
        first=False,
        words=copy_words(DocumentKind.SAO_Y, "ỦY BAN NHÂN DÂN PHƯỜNG PHÚ XUÂN", world.now()),
        validation=world.material(source, office),
        new_field=NewField(seen.place, seen.turned, FONT),
    )
    return world.completed(prepared, office)


def approved(world: World, pdf: bytes) -> bytes:
    """An accessible file of ours, signed by others in the field that it has, without certifying it."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert "/StructTreeRoot" in opened.Root
    from chauban.signing.pades import signatures

    owner, kept = world.owner("another-agency", "rsa", "seal"), signatures.require_signable
    signatures.require_signable = lambda *_args, **_more: None
    try:
        prepared = world.prepared(pdf, owner, field="official", first=False, validation=world.material(pdf, owner))
    finally:
        signatures.require_signable = kept
    return world.completed(prepared, owner)


SOURCES = {
    "plain": lambda world: signed(world, page(), world.owner("another-agency", "rsa", "seal")),
    "PDF/A-2b": lambda world: signed(world, page("pdf/a-2b"), world.owner("another-agency", "rsa", "seal")),
    "PDF/A-3a and PDF/UA-1": lambda world: approved(world, rendered(ACCESSIBLE)),
    "shown turned": lambda world: signed(
        world, changed(page(), Rotate=270), world.owner("another-agency", "rsa", "seal")
    ),
    "by ECDSA, without material": lambda world: signed(
        world, page(), world.owner("another-agency-ec", "ec", "seal"), embedded=False
    ),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_a_sao_y_of_a_signed_file_keeps_what_the_file_was(judge: Judge, world: World, kind: str) -> None:
    source = SOURCES[kind](world)
    assert PadesForeign(world.trust(), world.now).judge(source).fault is None
    had = [flavour for flavour in FLAVOURS if not judge.broken_rules(source, [flavour])]
    assert bool({"3a", "ua1"} <= set(had)) is (kind == "PDF/A-3a and PDF/UA-1")
    copy = sao_y(world, source)
    assert copy.startswith(source)
    field = "official" if kind == "PDF/A-3a and PDF/UA-1" else "Signature1"
    assert passes(judge, world, copy, [field, "copy"])
    kept = raised(world, raised(world, copy))
    found = judge.preserved(kept, world.authority.root_file)
    assert [(each["indication"], each["level"], each["unexplained"]) for each in found["signatures"]] == [
        ("TOTAL_PASSED", "PAdES-BASELINE-LTA", [])
    ] * 2
    for revision in (copy, kept):
        assert judge.broken_rules(revision, had) == {}


@pytest.mark.parametrize("kind", [DocumentKind.SAO_LUC, DocumentKind.TRICH_SAO])
def test_a_document_about_a_signed_file_conforms_and_embeds_it(judge: Judge, world: World, kind: DocumentKind) -> None:
    source, service = SOURCES["plain"](world), Service()
    service.attaching.examiner.sees = looked_at(source, SourceKind.SIGNED_FILE)
    dossier = service.issued()
    brought_file = brought(service, dossier, content=source + b"\nSignature1 signed with")
    copied_from(service, dossier, brought_file.id, "sao_y")
    copy = ordered_from(
        service, dossier, brought_file.id, kind.value, *((PASSAGE,) if kind is DocumentKind.TRICH_SAO else ())
    )
    service.copy_printing.make(dossier.id, copy.id)
    request = service.renderer.requests[-1]
    embedded = sao_y(world, source) if kind is DocumentKind.SAO_LUC else source
    data = json.loads(request.data)
    data["copy"]["source"]["sha256"] = hashlib.sha256(embedded).hexdigest()
    whole = printed(service, data=json.dumps(data).encode(), attached=(replace(request.attached[0], content=embedded),))
    done = certified(world, whole, kind, first=True)
    for revision in (whole, done):
        assert judge.broken_rules(revision) == {}
    assert passes(judge, world, done, ["copy"])
    assert (lint(whole, Mode.FIRST), lint(done, Mode.NEXT)) == ([], [])


SCANS = {"PDF": "application/pdf", "JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff"}


@pytest.mark.parametrize("made", SCANS)
def test_a_sao_y_of_paper_conforms_and_has_the_pictures_of_the_scan(judge: Judge, world: World, made: str) -> None:
    pages = 2 if made in ("PDF", "TIFF") else 1
    content, service = scan(made, 300, pages), Service()
    seen = service.attaching.examiner.sees = looked_at(content, SourceKind.PAPER_SCAN, SCANS[made])
    assert seen.fault is None
    dossier = service.issued()
    source = brought(service, dossier, "paper_scan", content, type=SCANS[made])
    copy = ordered_from(service, dossier, source.id, "sao_y")
    service.copy_printing.make(dossier.id, copy.id)
    request = service.renderer.requests[-1]
    pictures = {name: picture for name, picture in request.files.items() if "/scan-" in name}
    assert len(pictures) == pages
    whole = WeasyPrintRenderer().render(replace(request, files={**dict(published_files()), **pictures})).pdf
    done = certified(world, whole, DocumentKind.SAO_Y, first=True)
    kept = raised(world, done)
    for revision in (whole, done, kept):
        assert judge.broken_rules(revision) == {}
    assert passes(judge, world, done, ["copy"])
    assert (lint(whole, Mode.FIRST), lint(done, Mode.NEXT), lint(kept, Mode.NEXT)) == ([], [], [])
    with pikepdf.open(BytesIO(done)) as opened:
        assert len(opened.pages) == pages
        for shown, found in zip(opened.pages, seen.pages, strict=True):
            width, height = (float(shown.MediaBox[place]) for place in (2, 3))
            assert (width, height) == pytest.approx((found.width, found.height), abs=0.5)
            if made in ("PDF", "JPEG"):
                # Not compressed anew; a page's resources name the pictures of all pages.
                assert found.content in [each.read_raw_bytes() for each in shown.Resources.XObject.values()]
        (name,) = [each for each in opened.attachments if each != "data.json"]
        assert opened.attachments[name].get_file().read_bytes() == content


def test_a_document_about_a_paper_without_a_number_conforms(judge: Judge, world: World) -> None:
    content, service = scan("JPEG"), Service()
    service.attaching.examiner.sees = looked_at(content, SourceKind.PAPER_SCAN, "image/jpeg")
    dossier = service.issued()
    source = brought(service, dossier, "paper_scan", content, type="image/jpeg", number=None, day=None)
    copy = ordered_from(service, dossier, source.id, "trich_sao", PASSAGE)
    service.copy_printing.make(dossier.id, copy.id)
    whole = printed(service)
    done = certified(world, whole, DocumentKind.TRICH_SAO, first=True)
    assert judge.broken_rules(done) == {}
    assert passes(judge, world, done, ["copy"])
    assert (lint(whole, Mode.FIRST), lint(done, Mode.NEXT)) == ([], [])
