"""Photographs and scans: of the announced type by their first bytes, whole, and of a size that can be shown."""

import struct
import warnings
import zlib
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from chauban.attachments import reasons

MAX_PIXELS = 100_000_000
_BEGINNINGS = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
}
_FORMATS = {"image/jpeg": ("JPEG", "MPO"), "image/png": ("PNG",), "image/tiff": ("TIFF",)}


def image_fault(content: bytes, media_type: str) -> str | None:
    """A word for what is wrong with a JPEG, PNG or TIFF; None where nothing is. The picture is decoded to its end."""
    if not content.startswith(_BEGINNINGS.get(media_type, (b"?",))):
        return reasons.TYPE
    try:
        return _picture_fault(content, _FORMATS[media_type])
    except Image.DecompressionBombError:
        return reasons.PIXELS
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        return reasons.UNREADABLE
    except (zlib.error, struct.error, IndexError, KeyError, TypeError, OverflowError):
        return reasons.UNREADABLE


def _picture_fault(content: bytes, formats: tuple[str, ...]) -> str | None:
    with warnings.catch_warnings():
        # The size is judged here, before anything is decoded.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(BytesIO(content), formats=formats) as image:
            if image.width * image.height > MAX_PIXELS:
                return reasons.PIXELS
            image.load()
    return None
