"""What is seen of a file to be copied: where page 1 is free, which words it has, whether a scan is as the decree asks for."""

from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
from chauban.adapters.file_examiner import FileExaminer
from chauban.attachments import reasons
from chauban.attachments.looking.pdf import pdf_fault
from chauban.attachments.looking.places import HEIGHT, PIXELS_A_POINT, WIDTH, free_place, on_page
from chauban.attachments.looking.scans import see_scan
from chauban.attachments.looking.signed_files import see_signed_file
from chauban.attachments.ports import Seen
from chauban.dossiers.attachments import SourceKind
from PIL import Image, ImageDraw

from tests.unit.attachments.scanned import picture, scan
from tests.unit.signing.foreign import PASSAGE, changed, page, signed
from tests.unit.signing.world import World, running_world

TYPES = {"PDF": "application/pdf", "JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff"}


def seen_box(pdf: bytes, place: tuple[int, int, int, int]) -> tuple[float, float, float, float]:
    """Where a box of page 1 is shown: left, top, right, bottom from the upper left, by a renderer that knows boxes and turns."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        left, bottom, right, top = place
        box = f"\nq 1 0 0 rg {left} {bottom} {right - left} {top - bottom} re f Q".encode()
        opened.pages[0].contents_add(opened.make_stream(box), prepend=True)
        written = BytesIO()
        opened.save(written)
    shown = pypdfium2.PdfDocument(written.getvalue())[0].render(scale=2).to_pil().convert("RGB")
    red = Image.new("L", shown.size)
    red.putdata([255 if pixel == (255, 0, 0) else 0 for pixel in shown.get_flattened_data()])
    found = red.getbbox()
    assert found
    return tuple(each / 2 for each in found)  # type: ignore[return-value]


PAGES = {
    "A4": lambda: page(),
    "text near the edge": lambda: page(top="4mm"),
    "A5": lambda: page(size="A5"),
    "landscape": lambda: page(size="A4 landscape"),
    "US letter": lambda: page(size="Letter"),
    "cropped": lambda: changed(page(), CropBox=[20, 30, 560, 820]),
    "moved": lambda: changed(page(), MediaBox=[-100, -50, 495, 792]),
    **{f"turned by {angle}": lambda angle=angle: changed(page(), Rotate=angle) for angle in (90, 180, 270)},
}


@pytest.mark.parametrize("kind", PAGES)
def test_the_place_is_free_and_at_the_top_right_of_the_page_as_it_is_shown(kind: str) -> None:
    pdf = PAGES[kind]()
    seen = see_signed_file(pdf)
    assert seen.fault is None
    assert seen.place
    left, top, right, bottom = seen_box(pdf, seen.place)
    shown = pypdfium2.PdfDocument(pdf)[0]
    width, height = shown.get_size()
    assert (right - left, bottom - top) == pytest.approx((WIDTH, HEIGHT), abs=1)
    assert left >= width / 3
    assert 0 <= top <= bottom <= height / 3
    assert right <= width
    grey = shown.render(scale=2, grayscale=True).to_pil()
    assert grey.crop((round(left * 2), round(top * 2), round(right * 2), round(bottom * 2))).getextrema() == (255, 255)


def test_a_page_that_is_full_at_the_top_right_has_no_place() -> None:
    pdf = page()
    with pikepdf.open(BytesIO(pdf)) as opened:
        lines = b"".join(f"0.4 g 250 {y} 330 4 re f ".encode() for y in range(700, 842, 14))
        opened.pages[0].contents_add(opened.make_stream(b"q " + lines + b" Q"), prepend=True)
        written = BytesIO()
        opened.save(written)
    assert see_signed_file(written.getvalue()) == Seen(None, None, 0, see_signed_file(pdf).words, ())


def test_what_annotations_show_is_not_free() -> None:
    pdf = page()
    free = see_signed_file(pdf).place
    assert free
    with pikepdf.open(BytesIO(pdf)) as opened:
        stamp = opened.make_stream(b"0 0 1 rg 0 0 180 36 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        stamp.BBox = [0, 0, 180, 36]
        mark = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=list(free), F=4, AP=pikepdf.Dictionary(N=stamp)
        )
        opened.pages[0].Annots = opened.make_indirect(pikepdf.Array([mark]))
        written = BytesIO()
        opened.save(written)
    assert see_signed_file(written.getvalue()).place != free


def test_the_words_of_the_pages_are_read() -> None:
    assert PASSAGE in see_signed_file(page()).words


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_place_is_as_large_whichever_way_the_page_is_turned(turned: int) -> None:
    left, bottom, right, top = on_page((300, 15, 480, 51), (0.4, 0.3, 595.7, 842.1), turned)
    sides = (right - left, top - bottom)
    assert sides == ((WIDTH, HEIGHT) if turned in (0, 180) else (HEIGHT, WIDTH))


def test_dark_and_uneven_paper_is_not_free() -> None:
    size = (595 * PIXELS_A_POINT, 842 * PIXELS_A_POINT)
    assert free_place(Image.new("L", size, 120), 595, 842) is None
    ruled = Image.new("L", size, 255)
    for y in range(0, size[1], 24):
        ImageDraw.Draw(ruled).line((0, y, size[0], y), fill=90, width=2)
    assert free_place(ruled, 595, 842) is None
    assert free_place(ruled, 595, 842, scanned=True) is None
    noisy = Image.effect_noise(size, 8).point(lambda value: 245 + (value - 128) // 2)
    assert free_place(noisy, 595, 842, scanned=True)


@pytest.mark.parametrize("made", TYPES)
def test_a_good_scan_is_taken_as_it_is(made: str) -> None:
    content = scan(made, 200, 2 if made in ("PDF", "TIFF") else 1)
    seen = see_scan(content, TYPES[made])
    assert (seen.fault, seen.place is not None) == (None, True)
    for found in seen.pages:
        assert (round(found.width), round(found.height), found.resolution) == (595, 842, 200)
        if made in ("JPEG", "PDF"):
            assert found.content in content


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "too coarse": ({"dpi": 150}, reasons.RESOLUTION),
    "grey": ({"mode": "L"}, reasons.NOT_COLOUR),
    "black and white": ({"mode": "1"}, reasons.NOT_COLOUR),
    "larger than A3": ({"size": (17.0, 24.0)}, reasons.PAPER_SIZE),
    "smaller than A6": ({"size": (2.0, 5.0)}, reasons.PAPER_SIZE),
}


@pytest.mark.parametrize("made", TYPES)
@pytest.mark.parametrize("fault", BAD)
def test_a_scan_that_is_not_as_the_decree_asks_is_refused(made: str, fault: str) -> None:
    look, expected = BAD[fault]
    if made == "JPEG" and look.get("mode") == "1":
        pytest.skip("a JPEG has shades")
    assert see_scan(scan(made, **{"dpi": 200, **look}), TYPES[made]).fault == expected


def test_a_scan_says_how_many_dots_it_has() -> None:
    written = BytesIO()
    picture(200).save(written, "JPEG")
    assert see_scan(written.getvalue(), "image/jpeg").fault == reasons.RESOLUTION


def test_a_scan_that_is_written_on_at_the_top_right_has_no_place() -> None:
    full = picture(200).copy()
    for y in range(0, 400, 24):
        ImageDraw.Draw(full).line((600, y, full.width, y), fill=(20, 20, 60), width=6)
    written = BytesIO()
    full.save(written, "JPEG", dpi=(200, 200))
    assert see_scan(written.getvalue(), "image/jpeg").fault == reasons.NO_PLACE


def test_a_printed_page_is_no_scan_and_neither_is_a_picture_with_words_over_it() -> None:
    assert see_scan(page(), "application/pdf").fault == reasons.NOT_A_SCAN
    with pikepdf.open(BytesIO(scan("PDF"))) as opened:
        opened.pages[0].contents_add(opened.make_stream(b"q 1 0 0 rg 100 100 50 50 re f Q"))
        written = BytesIO()
        opened.save(written)
    assert see_scan(written.getvalue(), "application/pdf").fault == reasons.NOT_A_SCAN


def test_a_page_that_shows_something_else_than_its_picture_is_no_scan() -> None:
    with pikepdf.open(BytesIO(scan("PDF"))) as opened:
        (picture,) = opened.pages[0].Resources.XObject.values()
        hidden = opened.make_stream(b"\x00" * 4, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
        hidden.Width = hidden.Height = 2
        hidden.ColorSpace, hidden.BitsPerComponent = pikepdf.Name.DeviceGray, 8
        picture.SMask = hidden
        picture.Decode = [1, 0, 1, 0, 1, 0]
        written = BytesIO()
        opened.save(written)
    assert see_scan(written.getvalue(), "application/pdf").fault == reasons.NOT_A_SCAN


def test_a_scan_that_somebody_commented_is_no_scan() -> None:
    with pikepdf.open(BytesIO(scan("PDF"))) as opened:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[100, 100, 200, 200], F=4, C=[1, 0, 0]
        )
        opened.pages[0].Annots = opened.make_indirect(pikepdf.Array([note]))
        written = BytesIO()
        opened.save(written)
    assert see_scan(written.getvalue(), "application/pdf").fault == reasons.NOT_A_SCAN


def test_words_that_a_scanner_laid_under_the_picture_do_no_harm() -> None:
    with pikepdf.open(BytesIO(scan("PDF"))) as opened:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        opened.pages[0].Resources.Font = pikepdf.Dictionary(F1=font)
        words = opened.make_stream(b"BT 3 Tr /F1 12 Tf 100 700 Td (GIAY CHUNG NHAN) Tj ET ")
        opened.pages[0].contents_add(words, prepend=True)
        written = BytesIO()
        opened.save(written)
    seen = see_scan(written.getvalue(), "application/pdf")
    assert (seen.fault, len(seen.pages)) == (None, 1)


def test_a_scan_that_is_turned_is_taken_as_it_is_shown() -> None:
    seen = see_scan(changed(scan("PDF"), Rotate=90), "application/pdf")
    assert seen.fault is None
    (found,) = seen.pages
    assert (round(found.width), round(found.height), found.type, found.resolution) == (842, 595, "image/png", 200)
    with Image.open(BytesIO(found.content)) as shown:
        assert shown.width > shown.height


def test_a_jpeg_that_a_camera_turned_is_taken_as_its_program_shows_it_or_written_anew() -> None:
    written, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    picture(200).save(written, "JPEG", dpi=(200, 200), exif=exif)
    (found,) = see_scan(written.getvalue(), "image/jpeg").pages
    assert found.type == "image/png"


def test_what_stands_behind_a_picture_does_not_come_along() -> None:
    (found,) = see_scan(scan("JPEG") + b"more", "image/jpeg").pages
    assert found.type == "image/png"


def test_a_signed_scan_is_not_taken_for_paper(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_world(tmp_path_factory.mktemp("trust")) as world:
        file = signed(world, changed(scan("PDF")), _owner(world))
    seen = FileExaminer().look(file, "application/pdf", SourceKind.PAPER_SCAN)
    assert seen.fault == reasons.SIGNED_SCAN


def _owner(world: World) -> Any:
    return world.owner("scanning-agency", "rsa", "seal")


def test_the_process_tells_what_it_saw() -> None:
    examiner = FileExaminer()
    assert examiner.look(page(), "application/pdf", SourceKind.SIGNED_FILE) == see_signed_file(page())
    content = scan("PDF", 200)
    assert examiner.look(content, "application/pdf", SourceKind.PAPER_SCAN) == see_scan(content, "application/pdf")
    assert examiner.look(b"a text", "application/pdf", SourceKind.SIGNED_FILE).fault == reasons.TYPE
    assert (
        FileExaminer(memory=1_000_000).look(content, "application/pdf", SourceKind.PAPER_SCAN).fault == reasons.COMPLEX
    )


@pytest.mark.parametrize("member", ["EF", "S"])
def test_what_is_named_through_a_reference_is_found_as_well(member: str) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        if member == "EF":
            program = pdf.make_stream(b"MZ a program")
            inside = pdf.make_indirect(pikepdf.Dictionary(F=program))
            pdf.Root.AF = pikepdf.Array(
                [pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="tệp.exe", UF="tệp.exe", EF=inside)]
            )
        else:
            kind = pdf.make_indirect(pikepdf.Name("/Launch"))
            pdf.Root.OpenAction = pikepdf.Dictionary(S=kind, F="a program")
        written = BytesIO()
        pdf.save(written)
    assert pdf_fault(written.getvalue()) == (reasons.EMBEDDED if member == "EF" else reasons.ACTIVE)
