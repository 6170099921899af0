"""Scans of papers, as offices make them."""

from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from tests.unit.signing.foreign import FONT_FILE

LINES = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "GIẤY CHỨNG NHẬN", "Số: 12/GCN-UBND")


@lru_cache
def picture(
    dpi: int = 200, mode: str = "RGB", top: float = 0.8, size: tuple[float, float] = (8.27, 11.69)
) -> Image.Image:
    """A page of paper, not quite white, with text from `top` inches on; `size` in inches."""
    page = Image.new("RGB", (round(size[0] * dpi), round(size[1] * dpi)), (246, 244, 238))
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(FONT_FILE), dpi // 6)
    for place, line in enumerate(LINES):
        pen.text((0.45 * page.width, (top + place * 0.3) * dpi), line, fill=(20, 20, 60), font=font)
    pen.ellipse(
        (dpi, page.height - 3 * dpi, 2.4 * dpi, page.height - 1.6 * dpi), outline=(200, 20, 30), width=dpi // 30
    )
    return page.convert(mode)


def scan(kind: str = "JPEG", dpi: int = 200, pages: int = 1, **look: Any) -> bytes:
    """A file of one or more pages ("JPEG", "PNG", "TIFF", "PDF")."""
    written = BytesIO()
    first, more = picture(dpi, **look), [picture(dpi, **look)] * (pages - 1)
    if kind in ("PDF", "TIFF"):
        options: dict[str, Any] = (
            {"resolution": dpi} if kind == "PDF" else {"dpi": (dpi, dpi), "compression": "tiff_lzw"}
        )
        first.save(written, kind, save_all=True, append_images=more, **options)
    else:
        first.save(written, kind, dpi=(dpi, dpi))
    return written.getvalue()
