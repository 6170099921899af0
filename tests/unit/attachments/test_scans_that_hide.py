"""Scans whose pages look otherwise than the pictures that would be certified."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from chauban.attachments import reasons
from chauban.attachments.looking.scans import see_scan
from PIL import Image, ImageDraw

from tests.unit.attachments.scanned import scan

HIDDEN = (750, 215, 1600, 255)
"""The second line of the page, in its pixels."""


def looked_at(opened: pikepdf.Pdf) -> str | None:
    written = BytesIO()
    opened.save(written)
    return see_scan(written.getvalue(), "application/pdf").fault


def image_of(opened: pikepdf.Pdf) -> Any:
    (image,) = opened.pages[0].get_images().values()
    return image


def test_a_scan_that_hides_nothing_is_taken() -> None:
    with pikepdf.open(BytesIO(scan("PDF"))) as opened:
        assert image_of(opened).Filter in ("/DCTDecode", pikepdf.Array([pikepdf.Name.DCTDecode]))
        assert looked_at(opened) is None


def test_a_mask_over_one_line_is_seen() -> None:
    with pikepdf.open(BytesIO(scan("PDF"))) as opened:
        image = image_of(opened)
        mask = Image.new("L", (int(image.Width), int(image.Height)), 255)
        ImageDraw.Draw(mask).rectangle(HIDDEN, fill=0)
        made = opened.make_stream(mask.tobytes())
        made.Type, made.Subtype, made.ColorSpace = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DeviceGray
        made.Width, made.Height, made.BitsPerComponent = image.Width, image.Height, 8
        image.SMask = made
        assert looked_at(opened) == reasons.NOT_A_SCAN


@pytest.mark.parametrize(
    ("name", "value"), [("/Mask", [0, 1, 0, 1, 0, 1]), ("/Decode", [0, 1, 0, 1, 0, 1])], ids=["Mask", "Decode"]
)
def test_whatever_may_change_how_a_picture_is_shown_is_refused(name: str, value: list[int]) -> None:
    with pikepdf.open(BytesIO(scan("PDF"))) as opened:
        image_of(opened)[name] = pikepdf.Array(value)
        assert looked_at(opened) == reasons.NOT_A_SCAN


def test_a_clipping_that_leaves_out_one_line_is_seen() -> None:
    with pikepdf.open(BytesIO(scan("PDF"))) as opened:
        page = opened.pages[0]
        width, height = (float(each) for each in page.MediaBox[2:])
        left, top, right, bottom = (each * 72 / 200 for each in HIDDEN)
        hole = f"{left} {height - bottom} {right - left} {bottom - top} re"
        page.contents_add(opened.make_stream(f"0 0 {width} {height} re {hole} W* n\n".encode()), prepend=True)
        assert looked_at(opened) == reasons.NOT_A_SCAN
