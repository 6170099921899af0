"""Dossiers of a form whose result has annexes, as the services make them."""

from chauban.dossiers.annexes import annexes_of
from chauban.dossiers.documents import Document
from chauban.dossiers.model import Dossier
from chauban.forms.definition import AnnexTemplate

from tests.unit.fakes.catalogue import real_form
from tests.unit.fakes.world import World, result_of

FIRST = AnnexTemplate(template="first.html", title="Danh mục bản vẽ")
SECOND = AnnexTemplate(template="second.html", title="Danh sách thành viên")
NEVER = AnnexTemplate(template="never.html", title="Không có", given="decision.not_said")


def with_annexes(world: World, *annexes: AnnexTemplate) -> World:
    """The form's result gets these annexes, or two and one that is never asked for."""
    head = real_form().head
    (result,) = head.results
    annexed = result.model_copy(update={"annexes": annexes or (FIRST, NEVER, SECOND)})
    world.forms.versions[:] = [real_form().model_copy(update={"head": head.model_copy(update={"results": (annexed,)})})]
    return world


def annexes(dossier: Dossier) -> tuple[Document, ...]:
    """The annexes of the dossier's newest result."""
    return annexes_of(dossier, result_of(dossier))
