"""What a citizen's own tools show: Poppler's signature check with the root imported, and the printed page."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.unit.signing.world import NUMBER, World

PIXELS_PER_POINT = 2
Box = tuple[int, int, int, int]


@pytest.fixture(scope="module")
def sealed(world: World, result: bytes) -> bytes:
    signed = world.by_official(result, world.owner("official-rsa"))
    return world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)


def test_pdfsig_reports_two_valid_trusted_signatures_and_the_last_covers_all(
    world: World, sealed: bytes, tmp_path: Path, programs: Callable[..., None]
) -> None:
    programs("pdfsig", "certutil")
    (tmp_path / "result.pdf").write_bytes(sealed)
    database = f"sql:{tmp_path / 'nss'}"
    (tmp_path / "nss").mkdir()
    run("certutil", "-N", "-d", database, "--empty-password")
    run("certutil", "-A", "-d", database, "-n", "root", "-t", "CT,C,C", "-i", str(world.authority.root_file))
    report = run("pdfsig", "-nssdir", database, str(tmp_path / "result.pdf"))
    assert report.count("Signature is Valid.") == 2
    assert report.count("Certificate is Trusted.") == 2
    assert "  - Total document signed" in report[report.rindex("Signature Field Name: seal") :]


def test_number_and_date_can_be_read_where_they_belong(
    sealed: bytes, tmp_path: Path, programs: Callable[..., None]
) -> None:
    programs("pdftotext")
    (tmp_path / "result.pdf").write_bytes(sealed)
    text = run("pdftotext", "-layout", str(tmp_path / "result.pdf"), "-")
    assert re.search(rf"Số:\s*{NUMBER['number']}", text)
    assert re.search(rf"Thuận Hóa,\s*{NUMBER['date']}", text)


def test_the_red_seal_covers_a_third_of_the_blue_signature_on_its_left(
    sealed: bytes, tmp_path: Path, programs: Callable[..., None]
) -> None:
    programs("pdftoppm")
    (tmp_path / "result.pdf").write_bytes(sealed)
    run(
        "pdftoppm",
        "-r",
        str(72 * PIXELS_PER_POINT),
        "-png",
        "-singlefile",
        str(tmp_path / "result.pdf"),
        str(tmp_path / "page"),
    )
    page = Image.open(tmp_path / "page.png").convert("RGB")
    red = _box_of(page, lambda r, g, b: r > 150 and g < 90 and b < 90)
    blue = _box_of(page, lambda r, g, b: b > 120 and r < 90 and g < 110)
    # The pictures of the test leave 2 to 4 percent of their own width blank on either side.
    covered = (red[2] - blue[0]) / (blue[2] - blue[0])
    assert 0.25 < covered < 0.40
    assert red[0] < blue[0]
    assert red[1] < blue[3]
    assert blue[1] < red[3]
    width, height = red[2] - red[0], red[3] - red[1]
    assert width == pytest.approx(height, abs=3), "a seal is round"


def _box_of(page: Image.Image, wanted: Callable[[int, int, int], bool]) -> Box:
    mask = Image.new("1", page.size)
    mask.putdata([wanted(*pixel) for pixel in page.get_flattened_data()])
    box = mask.getbbox()
    assert box is not None
    return box


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
