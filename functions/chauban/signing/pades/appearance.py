"""A signature's picture: an RGBA image drawn into the field's own box, as large as fits, undistorted, centred.

The appearance is written directly rather than with pyHanko's stamps: the box of the empty appearance made at rendering
is kept to the point, for validators take any other box for a change that the certification does not allow.
"""

from io import BytesIO

from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from chauban.errors import SigningError

MAXIMUM_PIXELS = 4_000_000


def image_appearance(writer: BasePdfFileWriter, widget: generic.DictionaryObject, png: bytes) -> generic.IndirectObject:
    """Add a form XObject showing `png` in the widget's box; raises `SigningError` for an unusable image."""
    image = _load(png)
    left, bottom, width, height = appearance_box(widget)
    scale = min(width / image.width, height / image.height)
    shown_width, shown_height = image.width * scale, image.height * scale
    x, y = left + (width - shown_width) / 2, bottom + (height - shown_height) / 2
    content = f"q {shown_width:.4f} 0 0 {shown_height:.4f} {x:.4f} {y:.4f} cm /Image Do Q".encode("ascii")
    images = generic.DictionaryObject({pdf_name("/Image"): _image_object(writer, image)})
    return form_object(writer, widget, content, generic.DictionaryObject({pdf_name("/XObject"): images}))


def form_object(
    writer: BasePdfFileWriter, widget: generic.DictionaryObject, content: bytes, resources: generic.DictionaryObject
) -> generic.IndirectObject:
    """Add a form XObject with the widget's box, ready to be its normal appearance (ISO 32000-1, 12.5.5)."""
    box = _existing_box(widget) or _rectangle_box(widget)
    stream = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(_number(value) for value in box),
            pdf_name("/Resources"): resources,
        },
        stream_data=content,
    )
    if matrix := _turned(widget):
        stream[pdf_name("/Matrix")] = matrix
    return writer.add_object(stream)


def show(writer: BasePdfFileWriter, widget: generic.DictionaryObject, appearance: generic.IndirectObject) -> None:
    """Make `appearance` the widget's normal appearance."""
    widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): appearance})
    writer.update_container(widget)


def appearance_box(widget: generic.DictionaryObject) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of the appearance's own coordinates, in points."""
    x1, y1, x2, y2 = _existing_box(widget) or _rectangle_box(widget)
    # A box may name any two opposite corners (ISO 32000-1, 7.9.5).
    return min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1)


def _turned(widget: generic.DictionaryObject) -> generic.ArrayObject | None:
    """How the field's empty appearance is turned, for a page that is shown turned."""
    try:
        matrix: generic.ArrayObject = widget["/AP"]["/N"]["/Matrix"]
    except (KeyError, TypeError):
        return None
    return matrix


def _existing_box(widget: generic.DictionaryObject) -> tuple[float, float, float, float] | None:
    try:
        x1, y1, x2, y2 = (float(value) for value in widget["/AP"]["/N"]["/BBox"])
    except (KeyError, TypeError, ValueError):
        return None
    return x1, y1, x2, y2


def _rectangle_box(widget: generic.DictionaryObject) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = (float(value) for value in widget["/Rect"])
    # The corners in this order are what pyHanko writes, too.
    return 0.0, abs(y2 - y1), abs(x2 - x1), 0.0


def _load(png: bytes) -> Image.Image:
    try:
        # Checksums first: other libraries in a process may have told Pillow to put up with truncated pictures.
        Image.open(BytesIO(png), formats=["PNG"]).verify()
        image = Image.open(BytesIO(png), formats=["PNG"])
        if image.width * image.height > MAXIMUM_PIXELS:
            raise SigningError(reason="appearance-too-large")
        return image.convert("RGBA")
    except (OSError, ValueError, SyntaxError) as error:
        raise SigningError(reason="appearance-unreadable") from error


def _image_object(writer: BasePdfFileWriter, image: Image.Image) -> generic.IndirectObject:
    mask = _bitmap(image.getchannel("A"), "/DeviceGray")
    picture = _bitmap(image.convert("RGB"), "/DeviceRGB")
    picture[pdf_name("/SMask")] = writer.add_object(mask)
    return writer.add_object(picture)


def _bitmap(image: Image.Image, colour_space: str) -> generic.StreamObject:
    stream = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Image"),
            pdf_name("/Width"): generic.NumberObject(image.width),
            pdf_name("/Height"): generic.NumberObject(image.height),
            pdf_name("/ColorSpace"): pdf_name(colour_space),
            pdf_name("/BitsPerComponent"): generic.NumberObject(8),
        },
        stream_data=image.tobytes(),
    )
    stream.compress()
    return stream


def _number(value: float) -> generic.PdfObject:
    return generic.NumberObject(int(value)) if value == int(value) else generic.FloatObject(value)
