"""What notices say in print: from when the clock stands still, and who speaks."""

from dataclasses import replace

from chauban.documents.rendering import WeasyPrintRenderer
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import RefuseDossier

from tests.unit.documents.conftest import published_files
from tests.unit.documents.pages import flowing
from tests.unit.fakes.catalogue import PHU_XUAN
from tests.unit.fakes.notices import REASONS, asked, waiting, with_policy
from tests.unit.fakes.people import clerk
from tests.unit.fakes.world import World


def printed(world: World, dossier: Dossier, kind: DocumentKind) -> str:
    """The words of the dossier's newest document of a kind."""
    waiting(world, dossier, kind)
    request = replace(world.renderer.requests[-1], files=dict(published_files()))
    return flowing(WeasyPrintRenderer().render(request).pdf)


def test_a_request_says_from_when_the_clock_stands_still(world: World) -> None:
    now = printed(world, asked(world, world.received()), DocumentKind.SUPPLEMENT_REQUEST)
    assert "tạm dừng từ 09 giờ 00 phút, ngày 23/11/2026 và được tính tiếp" in now
    with_policy(world, supplement_request={"signed_by": "official"})
    later = printed(world, asked(world, world.received()), DocumentKind.SUPPLEMENT_REQUEST)
    assert "tạm dừng từ khi phiếu này được phát hành và được tính tiếp" in later
    assert "Hoàng Minh Đức" in later


def test_the_desk_speaks_for_itself(world: World) -> None:
    dossier, desk = world.submitted(receiving_agency=PHU_XUAN), clerk("phu-xuan")
    refused = world.notices.refuse(desk, dossier.id, RefuseDossier(**REASONS), world.guard(desk))
    words = printed(world, refused, DocumentKind.REFUSAL)
    assert "PHƯỜNG PHÚ XUÂN" in words
    assert "thông báo không tiếp nhận" in words
    assert "THUẬN HÓA" not in words.upper()
