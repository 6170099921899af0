"""The render worker's service: each document is made once, whatever happens on the way."""

import json

import pytest
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.requests import DraftDecision
from chauban.errors import NotConfigured, NotFound, RenderingError

from tests.unit.fakes.catalogue import THUAN_HOA
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.notices import NOTICES, answered, asked, with_notice
from tests.unit.fakes.people import AN, clerk, decision_data
from tests.unit.fakes.world import World, document_of, result_of

PORTS = ("store", "files", "renderer")


def test_an_application_is_issued_as_it_is_and_archived(world: World) -> None:
    dossier = world.submitted()
    application = document_of(dossier, DocumentKind.APPLICATION)
    world.making.make(dossier.id, application.id)
    made = world.store.load(dossier.id).document(application.id)
    assert made.status is DocumentStatus.ISSUED
    assert [(r.revision, r.level) for r in made.revisions] == [(1, "unsigned")]
    assert world.files.archived == [made.sha256]


def test_a_receipt_goes_on_to_the_seal_and_a_result_to_the_official(world: World) -> None:
    dossier = world.drafted()
    receipt, result = document_of(dossier, DocumentKind.RECEIPT), result_of(dossier)
    for document in (receipt, result):
        world.making.make(dossier.id, document.id)
    made = world.store.load(dossier.id)
    assert made.document(receipt.id).status is DocumentStatus.AWAITING_SEAL
    assert [m.body["document"] for m in world.messages("seal")] == [receipt.id]
    assert made.document(result.id).status is DocumentStatus.AWAITING_SIGNATURE
    task = world.signing.task(result.id)
    assert (task.agency, task.due_at, task.sha256) == (
        "ubnd-phuong-thuan-hoa",
        made.due_at,
        made.document(result.id).sha256,
    )
    assert world.files.archived == []


def test_the_same_order_twice_renders_once(world: World) -> None:
    dossier = world.drafted()
    for _ in range(2):
        world.making.make(dossier.id, result_of(dossier).id)
    assert len(world.renderer.requests) == 1
    assert len(world.tables.tasks) == 1


@pytest.mark.parametrize("kind", [DocumentKind.APPLICATION, DocumentKind.RECEIPT, DocumentKind.RESULT, *NOTICES])
def test_a_worker_killed_anywhere_leaves_one_document(kind: DocumentKind) -> None:
    for at in range(1, 20):
        world = World()
        dossier = with_notice(world, kind) if kind in NOTICES else world.drafted()
        document = document_of(dossier, kind).id
        steps = Steps(at, kill)
        slow = watched(world.making, steps, *PORTS)
        try:
            slow.make(dossier.id, document)
        except Killed:
            world.clock.forward(minutes=7)
            world.making.make(dossier.id, document)
        present = world.store.load(dossier.id)
        rendered = [f for f in present.facts if f.type is FactType.DOCUMENT_RENDERED]
        assert len(rendered) == 1, steps.taken
        # Made again later, the bytes are those of the first time: no second file is left behind.
        assert {key for _, key in world.files.stored} == {present.document(document).current.key}  # type: ignore[union-attr]
        by_official = kind in {DocumentKind.RESULT, DocumentKind.EXTENSION, DocumentKind.STOP_NOTICE}
        assert len(world.tables.tasks) == (1 if by_official else 0)
        assert len(world.messages("seal")) == (0 if by_official or kind is DocumentKind.APPLICATION else 1)
        if not steps.reached:
            assert steps.taken[-1] == "store.commit"
            return
    pytest.fail("the service never came to its end")


def test_two_workers_at_once_make_one_document(world: World) -> None:
    dossier = world.drafted()
    result = result_of(dossier).id
    steps = Steps(3, lambda: world.making.make(dossier.id, result))
    watched(world.making, steps, *PORTS).make(dossier.id, result)
    present = world.store.load(dossier.id)
    assert len([f for f in present.facts if f.type is FactType.DOCUMENT_RENDERED]) == 1


def test_templates_see_the_decision_and_the_official_only_in_the_result(world: World) -> None:
    dossier = world.drafted()
    for document in dossier.documents:
        world.making.make(dossier.id, document.id)
    contexts = {request.template.split("/")[-1]: request.context for request in world.renderer.requests}
    assert contexts["application.html"]["decision"] is None
    assert contexts["application.html"]["official"] is None
    assert contexts["receipt.html"]["official"] is None
    assert contexts["result.html"]["official"] == {
        "name": "Hoàng Minh Đức",
        "title": "CHỦ TỊCH",
        "authority_prefix": "TM. ỦY BAN NHÂN DÂN",
        "capacity": None,
    }
    assert contexts["receipt.html"]["receiver"]["name"] == "Lê Thị Mai"


def test_the_look_up_link_can_be_guessed_from_nothing(world: World) -> None:
    dossier = world.drafted()
    world.making.make(dossier.id, result_of(dossier).id)
    url = world.renderer.requests[0].context["dossier"]["lookup_url"]  # type: ignore[index]
    assert url == f"https://tra-cuu.example/{dossier.id}"
    assert AN not in url


def test_embedded_data_names_its_schemas_and_holds_no_number_yet(world: World) -> None:
    dossier = world.drafted()
    world.making.make(dossier.id, result_of(dossier).id)
    data = json.loads(world.renderer.requests[0].data)
    assert data["schema"] == "urn:chauban:form:xac-nhan-tinh-trang-hon-nhan:1.0"
    assert data["decision_schema"] == "urn:chauban:form:xac-nhan-tinh-trang-hon-nhan:1.0:decision"
    assert data["answers"]["subject"]["full_name"] == "Nguyễn Thị An"
    assert "number" not in data["document"]
    assert data["agency"] == {"id": THUAN_HOA, "name": world.catalogue.agencies[THUAN_HOA].name}


def test_an_application_embeds_no_decision(world: World) -> None:
    dossier = world.drafted()
    world.making.make(dossier.id, document_of(dossier, DocumentKind.APPLICATION).id)
    assert "decision" not in json.loads(world.renderer.requests[0].data)


def test_a_document_made_late_says_what_was_so_when_it_became_due(world: World) -> None:
    dossier = asked(world, world.received())
    answers = {**dossier.answers, "purpose": "đăng ký kết hôn tại nước ngoài"}
    dossier = answered(world, dossier, answers=answers, components=[])
    request = DraftDecision(data=decision_data())
    dossier = world.handling.draft(clerk(), dossier.id, request, world.guard(clerk()))
    printed = {}
    for document in dossier.documents:
        world.making.make(dossier.id, document.id)
        last = world.renderer.requests[-1]
        assert isinstance(last.context, dict)
        printed[document.kind, document.ordinal] = (last.context["answers"], last.context["dossier"]["received_at"])
        if document.kind is not DocumentKind.SUPPLEMENT_REQUEST:
            assert json.loads(last.data)["answers"] == last.context["answers"]
    filed, received_at = dossier.filing.answers, dossier.facts[1].at.isoformat()
    assert printed == {
        (DocumentKind.APPLICATION, 1): (filed, None),
        (DocumentKind.RECEIPT, 1): (filed, received_at),
        (DocumentKind.SUPPLEMENT_REQUEST, 1): (filed, received_at),
        (DocumentKind.APPLICATION, 2): (answers, received_at),
        (DocumentKind.RESULT, 1): (answers, received_at),
    }


def test_an_unknown_document_or_agency_is_not_rendered(world: World) -> None:
    dossier = world.submitted()
    with pytest.raises(NotFound):
        world.making.make(dossier.id, "NOSUCHDOCUMENT")
    del world.catalogue.agencies["ubnd-phuong-thuan-hoa"]
    with pytest.raises(NotConfigured):
        world.making.make(dossier.id, dossier.documents[0].id)


def test_a_template_that_fails_leaves_the_document_to_be_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_request: object) -> None:
        raise RenderingError(reason="overflow")

    dossier = world.drafted()
    with monkeypatch.context() as patch:
        patch.setattr(world.renderer, "render", broken)
        with pytest.raises(RenderingError):
            world.making.make(dossier.id, result_of(dossier).id)
    assert world.files.stored == {}
    world.making.make(dossier.id, result_of(dossier).id)
    assert world.store.load(dossier.id).status == "signing"
