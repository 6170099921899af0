"""Two officials and a seal in one real file: each revision verifies, nothing later breaks it, and no number comes too early."""

from io import BytesIO

import pytest
from chauban.errors import SigningError
from chauban.signing.pades.inspection import require_valid
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm

from tests.unit.signing.acts import done
from tests.unit.signing.conftest import RESULT, rendered
from tests.unit.signing.world import NUMBER, InterceptedFetch, KeyOwner, World, seal_image

SECOND = '<div style="position:relative;height:110pt"><blockquote id="field-official-2"></blockquote></div>'


@pytest.fixture(scope="module")
def for_two() -> bytes:
    """An unsigned result with fields for two officials."""
    return rendered(RESULT.replace('<div style="position:relative', f'{SECOND}<div style="position:relative'))


def down(_: bytes) -> bytes:
    raise AssertionError("the network was asked")


def test_both_sign_then_number_and_seal_follow_and_all_verify_offline(
    world: World, for_two: bytes, official: KeyOwner, seal: KeyOwner
) -> None:
    second = world.owner("second-official", "p384")
    first = done(world, for_two, official)
    both = done(world, first, second, "official2")
    sealed = done(world, both, seal, "seal")
    offline = world.engine(InterceptedFetch({"http": down}))
    for pdf, fields in (
        (first, ["official"]),
        (both, ["official", "official2"]),
        (sealed, ["official", "official2", "seal"]),
    ):
        assert offline.verify(pdf, fields) == "PAdES-BASELINE-LT"
    assert sealed.startswith(both)
    assert both.startswith(first)


def test_the_file_is_certified_once_and_the_second_approves(world: World, for_two: bytes, official: KeyOwner) -> None:
    both = done(world, done(world, for_two, official), world.owner("second-official", "p384"), "official2")
    first, second = PdfFileReader(BytesIO(both)).embedded_signatures
    assert (first.docmdp_level, second.docmdp_level) == (MDPPerm.FILL_FORMS, None)
    require_valid(both, world.anchors, ["official", "official2"])


def test_no_number_is_written_while_an_official_has_yet_to_sign(
    world: World, for_two: bytes, official: KeyOwner, seal: KeyOwner
) -> None:
    first = done(world, for_two, official)
    with pytest.raises(SigningError, match="number-before-signature"):
        world.prepared(first, seal, field="seal", appearance=seal_image(), first=False, fill=NUMBER)
