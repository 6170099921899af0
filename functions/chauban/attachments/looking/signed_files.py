"""A signed file of others, as its pages are shown: where page 1 is free, and which words its pages have."""

from typing import Any

import pypdfium2
from PIL import Image

from chauban.attachments import reasons
from chauban.attachments.looking.places import PIXELS_A_POINT, free_place, on_page
from chauban.attachments.ports import Seen

# In points: A3 is 842 by 1191. A larger page is none that offices print.
LARGEST_SIDE, SMALLEST_SIDE = 2400, 200
MOST_LETTERS = 2_000_000


def see_signed_file(content: bytes) -> Seen:
    """What there is to see; `place` is None where page 1 has no room for the words of a copy."""
    try:
        with pypdfium2.PdfDocument(content) as opened:
            opened.init_forms()
            page = opened[0]
            width, height = page.get_size()
            if not SMALLEST_SIDE <= min(width, height) <= max(width, height) <= LARGEST_SIDE:
                return Seen(reasons.PAPER_SIZE)
            turned = page.get_rotation()
            found = free_place(shown(page), width, height)
            box = _shown_box(page)
            words = _words(opened)
    except (pypdfium2.PdfiumError, ValueError, OSError):
        return Seen(reasons.UNREADABLE)
    return Seen(None, on_page(found, box, turned) if found else None, turned, words)


def shown(page: Any) -> Image.Image:
    """A page with its annotations and fields, in shades of grey."""
    picture = page.render(scale=PIXELS_A_POINT, grayscale=True, may_draw_forms=True)
    # Pixels of their own: those of a rendering go with its page.
    grey: Image.Image = picture.to_pil().convert("L").copy()
    return grey


def _shown_box(page: Any) -> tuple[float, float, float, float]:
    """The part of a page that is shown: what the crop box has of the media box (ISO 32000-1, 14.11.2)."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    return (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )


def _words(opened: Any) -> str:
    found: list[str] = []
    for page in opened:
        text = page.get_textpage()
        found.append(text.get_text_range())
        if sum(map(len, found)) > MOST_LETTERS:
            break
    return "\n".join(found)[:MOST_LETTERS]
