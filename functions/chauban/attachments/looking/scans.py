"""The scan of a paper original: pages that are pictures, in colour, of 200 dots per inch and more, as large as the paper was
(Decree 30/2020/ND-CP, Annex I, on copies in electronic form)."""

import ctypes
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageSequence
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from chauban.attachments import reasons
from chauban.attachments.looking.places import PIXELS_A_POINT, free_place, on_page
from chauban.attachments.ports import Seen, SeenPage

LEAST_RESOLUTION, MOST_PAGES = 200, 50
# In points: A3 and a little more; and how far a picture may be from the edge of its page, in parts of it.
LARGEST_SIDE, SMALLEST_SIDE, EDGE = 1200, 200, 0.02
MOST_PIXELS = 60_000_000
BITS_OF_COLOUR = 24
# How a page is compared with its picture: its scale, in how large blocks (points), and how far one may be apart, of 255 shades.
FINE, BLOCK, MOST_DIFFERENT = 2, 12, 12
_IMAGE, _TEXT = 3, 1
_UNSEEN = 3
_COLOURS = {"RGB", "P", "YCbCr", "RGBA"}
_FORMATS = {"image/jpeg": ("JPEG",), "image/png": ("PNG",), "image/tiff": ("TIFF",)}


class _Unfit(Exception):
    """Carries the word for why a scan is not taken."""


def see_scan(content: bytes, media_type: str) -> Seen:
    """The pages of a scan, with the place on the first one; `fault` where it is not what the decree asks for."""
    try:
        pages = _of_pdf(content) if media_type == "application/pdf" else _of_picture(content, media_type)
        place = _place(pages[0])
    except _Unfit as unfit:
        return Seen(str(unfit))
    except (PdfError, AttributeError, TypeError, IndexError, RecursionError):
        return Seen(reasons.UNREADABLE)
    except (pypdfium2.PdfiumError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError, KeyError):
        return Seen(reasons.UNREADABLE)
    return Seen(None if place else reasons.NO_PLACE, place, 0, "", tuple(pages))


def _place(page: SeenPage) -> tuple[int, int, int, int] | None:
    size = (round(page.width * PIXELS_A_POINT), round(page.height * PIXELS_A_POINT))
    shown = Image.open(BytesIO(page.content)).convert("L").resize(size)
    found = free_place(shown, page.width, page.height, scanned=True)
    return on_page(found, (0, 0, page.width, page.height), 0) if found else None


def _of_picture(content: bytes, media_type: str) -> list[SeenPage]:
    pages = []
    with Image.open(BytesIO(content), formats=_FORMATS[media_type]) as opened:
        for frame in ImageSequence.Iterator(opened):
            resolution = frame.info.get("dpi", (0, 0))
            across, along = (float(each) for each in resolution)
            if not across or not along:
                raise _Unfit(reasons.RESOLUTION)
            as_is = media_type == "image/jpeg" and frame.getexif().get(0x0112, 1) == 1
            size = (frame.width * 72 / across, frame.height * 72 / along)
            pages.append(_page(frame, content if as_is else None, size))
            _require_few(pages)
    return pages


def _of_pdf(content: bytes) -> list[SeenPage]:
    pages: list[SeenPage] = []
    with pypdfium2.PdfDocument(content) as opened:
        for page in opened:
            _require_few(pages)
            pages.append(_of_pdf_page(page))
    if not pages:
        raise _Unfit(reasons.UNREADABLE)
    if any(_is_altered(each) for each in _pictures(content)):
        raise _Unfit(reasons.NOT_A_SCAN)
    return pages


def _pictures(content: bytes) -> Iterator[Any]:
    """The dictionaries of the pictures that the pages of a PDF have."""
    reader = PdfFileReader(BytesIO(content), strict=False)
    for number in range(reader.root["/Pages"]["/Count"]):
        page, resources = reader.find_page_for_modification(number)
        held = page.get_object().get("/Resources") or (resources.get_object() if resources else {})
        for found in held.get("/XObject", {}).values():
            picture = found.get_object()
            if picture.get("/Subtype") == "/Image":
                yield picture


def _is_altered(picture: Any) -> bool:
    """Whether a JPEG is shown otherwise than its bytes say (ISO 32000-1, 8.9.5.2 and 8.9.6)."""
    return "/DCTDecode" in str(picture.get("/Filter")) and any(
        name in picture for name in ("/SMask", "/Mask", "/Decode")
    )


def _of_pdf_page(page: Any) -> SeenPage:
    picture = _only_picture(page)
    size = page.get_size()
    if _is_upright(page, picture) and picture.get_filters() == ["DCTDecode"]:
        raw = bytes(picture.get_data(decode_simple=False))
        with Image.open(BytesIO(raw), formats=["JPEG"]) as opened:
            if not _is_what_is_shown(page, opened):
                raise _Unfit(reasons.NOT_A_SCAN)
            return _page(opened, raw, size)
    if picture.get_metadata().bits_per_pixel < BITS_OF_COLOUR:
        raise _Unfit(reasons.NOT_COLOUR)
    # As large as the picture is, so that nothing of it is lost.
    scale = max(picture.get_px_size()) / max(size)
    if scale * scale * size[0] * size[1] > MOST_PIXELS:
        raise _Unfit(reasons.PIXELS)
    return _page(page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"), None, size)


def _only_picture(page: Any) -> Any:
    """The picture that fills the page; raises `_Unfit` where there is anything else to be seen."""
    seen = [each for each in page.get_objects(max_depth=1) if not _is_unseen_text(each)]
    if len(seen) != 1 or seen[0].type != _IMAGE or pypdfium2.raw.FPDFPage_GetAnnotCount(page.raw):
        raise _Unfit(reasons.NOT_A_SCAN)
    left, bottom, right, top = seen[0].get_bounds()
    box = page.get_mediabox()
    if right - left < (box[2] - box[0]) * (1 - EDGE) or top - bottom < (box[3] - box[1]) * (1 - EDGE):
        raise _Unfit(reasons.NOT_A_SCAN)
    return seen[0]


def _is_upright(page: Any, picture: Any) -> bool:
    matrix = picture.get_matrix()
    whole = page.get_cropbox() == page.get_mediabox() and page.get_rotation() == 0
    return bool(matrix.b == matrix.c == 0 and matrix.a > 0 and matrix.d > 0 and whole)


def _is_what_is_shown(page: Any, picture: Image.Image) -> bool:
    """Whether a page looks as its picture does, a line of it too: no mask, no clipping and no colours of its own change it."""
    shown = page.render(scale=FINE, may_draw_forms=False).to_pil().convert("RGB")
    blocks = tuple(max(1, side // (FINE * BLOCK)) for side in shown.size)
    there, certified = (each.resize(blocks, Image.Resampling.BOX) for each in (shown, picture.convert("RGB")))
    difference: Any = ImageChops.difference(there, certified).getextrema()
    return all(high <= MOST_DIFFERENT for _, high in difference)


def _is_unseen_text(found: Any) -> bool:
    """The words that a scanner's program lays under the picture, to be searched for."""
    if found.type != _TEXT:
        return False
    return (
        int(pypdfium2.raw.FPDFTextObj_GetTextRenderMode(ctypes.cast(found.raw, pypdfium2.raw.FPDF_PAGEOBJECT)))
        == _UNSEEN
    )


def _page(picture: Image.Image, content: bytes | None, size: tuple[float, float]) -> SeenPage:
    width, height = size
    resolution = round(min(picture.width * 72 / width, picture.height * 72 / height))
    if picture.width * picture.height > MOST_PIXELS:
        raise _Unfit(reasons.PIXELS)
    if picture.mode not in _COLOURS:
        raise _Unfit(reasons.NOT_COLOUR)
    if resolution < LEAST_RESOLUTION:
        raise _Unfit(reasons.RESOLUTION)
    if not SMALLEST_SIDE <= min(size) <= max(size) <= LARGEST_SIDE:
        raise _Unfit(reasons.PAPER_SIZE)
    picture.load()
    if content is not None and _is_one_picture(content):
        return SeenPage(content, "image/jpeg", width, height, resolution)
    written = BytesIO()
    picture.convert("RGB").save(written, "PNG")
    return SeenPage(written.getvalue(), "image/png", width, height, resolution)


def _is_one_picture(content: bytes) -> bool:
    """Whether a JPEG ends where it should: what is behind it would come along unseen."""
    return content.startswith(b"\xff\xd8") and content.endswith(b"\xff\xd9")


def _require_few(pages: list[SeenPage]) -> None:
    if len(pages) > MOST_PAGES:
        raise _Unfit(reasons.PAGES)
