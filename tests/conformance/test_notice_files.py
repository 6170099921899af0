"""Every notice is PDF/A-3a and PDF/UA-1, before and after it is signed and sealed, with long words too."""

import copy
from dataclasses import replace

import pytest
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.documents.requests import RenderRequest
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.facts import Actor
from chauban.dossiers.number_books import NumberEntry, VoidedNumber
from chauban.registers.desk import RequestRegister
from chauban.registers.number_books import Book, PrintNumberBook

from tests.conformance.judge import Judge
from tests.unit.documents.conftest import published_files
from tests.unit.fakes.catalogue import THUAN_HOA
from tests.unit.fakes.notices import NOTICES, render_request
from tests.unit.fakes.people import clerk, records
from tests.unit.fakes.world import World as Service
from tests.unit.signing.world import NUMBER, World

pytestmark = pytest.mark.java

BY_OFFICIAL = {DocumentKind.EXTENSION, DocumentKind.STOP_NOTICE}
LONG = "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất ẲẴỬỮỴ " * 3


def asked(kind: DocumentKind) -> RenderRequest:
    return render_request(Service(), kind, dict(published_files()))


def stretched(request: RenderRequest) -> RenderRequest:
    """The same notice with texts as long as the API takes them, and many rows."""
    context = copy.deepcopy(dict(request.context))
    notice = context["notice"]
    for name in ("reason", "legal_basis", "advice", "note"):
        if notice.get(name):
            notice[name] = (LONG * 4)[:1000]
    for rows in ("items", "rows"):
        if rows in notice:
            notice[rows] = [
                {**row, **{k: LONG for k in ("what", "reason", "taker", "giver") if k in row}}
                for row in notice[rows] * 10
            ]
    context["requester"]["name"] = ("NGUYỄN " * 40)[:200].strip()
    return replace(request, context=context)


@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_conforms_after_each_revision_and_passes_offline(
    judge: Judge, world: World, kind: DocumentKind
) -> None:
    revisions = [WeasyPrintRenderer().render(asked(kind)).pdf]
    if kind in BY_OFFICIAL:
        revisions.append(world.by_official(revisions[-1], world.owner("official-rsa", "rsa")))
    seal = world.owner("seal-ec", "ec", "seal")
    filled = NUMBER if kind is not DocumentKind.CONTROL_SLIP else None
    revisions.append(world.by_organisation(revisions[-1], seal, filled))
    for revision in revisions:
        assert judge.broken_rules(revision) == {}
    opinions = judge.signatures(revisions[-1], world.authority.root_file)
    assert [opinion["field"] for opinion in opinions] == (["official", "seal"] if kind in BY_OFFICIAL else ["seal"])
    assert all(opinion["indication"] == "TOTAL_PASSED" and opinion["unexplained"] == [] for opinion in opinions)


@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_with_long_words_conforms(judge: Judge, kind: DocumentKind) -> None:
    rendered = WeasyPrintRenderer().render(stretched(asked(kind)))
    assert judge.broken_rules(rendered.pdf) == {}


@pytest.mark.parametrize("kind", NOTICES)
def test_the_same_notice_gives_the_same_bytes(kind: DocumentKind) -> None:
    assert WeasyPrintRenderer().render(asked(kind)).sha256 == WeasyPrintRenderer().render(asked(kind)).sha256


def test_a_register_of_several_pages_conforms_before_and_after_its_seal(judge: Judge, world: World) -> None:
    service = Service()
    for _ in range(40):
        service.received()
    today = RequestRegister.model_validate({"from": "2026-11-01", "to": "2026-11-23"})
    register = service.register_desk.ask(clerk(), THUAN_HOA, today, {}, "k")
    service.register_printing.make(register.id)
    request = replace(service.renderer.requests[-1], files=dict(published_files()))
    rendered = WeasyPrintRenderer().render(request)
    assert rendered.pages > 1
    sealed = world.by_organisation(rendered.pdf, world.owner("seal-rsa", "rsa", "seal"))
    for revision in (rendered.pdf, sealed):
        assert judge.broken_rules(revision) == {}


def test_a_printed_number_book_conforms_before_and_after_its_seal(judge: Judge, world: World) -> None:
    request = replace(number_book(), files=dict(published_files()))
    rendered = WeasyPrintRenderer().render(request)
    assert rendered.pages > 1
    sealed = world.by_organisation(rendered.pdf, world.owner("seal-rsa", "rsa", "seal"))
    for revision in (rendered.pdf, sealed):
        assert judge.broken_rules(revision) == {}


def number_book() -> RenderRequest:
    """A book of many numbers, a void one with a long reason among them."""
    service = Service()
    first = service.issued()
    for _ in range(40):
        service.tables.entries |= _next_of(service)
    book = Book(THUAN_HOA, "xac-nhan-tinh-trang-hon-nhan", 2026)
    register = service.number_books.print(records(), book, PrintNumberBook(), {}, "k")
    service.register_printing.make(register.id)
    assert first.filing.code in service.renderer.requests[-1].data.decode()
    return service.renderer.requests[-1]


def _next_of(service: Service) -> dict[tuple[str, str, int, int], NumberEntry]:
    place, last = list(service.tables.entries.items())[-1]
    service.tables.numbers[place[:3]] += 1
    number = last.issued.model_copy(update={"number": last.issued.number + 1})
    actor = Actor(kind="person", id="records-thuan-hoa", appointment="records-thuan-hoa-1")
    reason = VoidedNumber(reason=(LONG * 4)[:1000], at=last.taken_at, by=actor)
    void = reason if number.number % 9 == 0 else None
    return {(*place[:3], number.number): last.model_copy(update={"issued": number, "void": void})}
