"""Looking at a PDF from outside: its text, its words' places, its ink, its fields."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from io import BytesIO

import pikepdf
from chauban.documents.field_text import appearance_content
from PIL import Image, ImageChops

DOTS_PER_INCH = 144
PIXELS_PER_POINT = DOTS_PER_INCH / 72
MM = 72 / 25.4

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the page's upper left corner."""


@dataclass(frozen=True)
class Word:
    text: str
    page: int
    box: Box


def _run(pdf: bytes, *command: str) -> bytes:
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def text(pdf: bytes) -> str:
    return _run(pdf, "pdftotext", "-enc", "UTF-8", "-", "-").decode()


def flowing(pdf: bytes) -> str:
    """All text in the order in which it is written, in one line, without the numbers of the pages."""
    frame = ("-x", "0", "-y", "52", "-W", "595", "-H", "790")
    return " ".join(_run(pdf, "pdftotext", "-raw", "-enc", "UTF-8", *frame, "-", "-").decode().split())


def words(pdf: bytes) -> list[Word]:
    found, page = [], 0
    for line in _run(pdf, "pdftotext", "-bbox", "-", "-").decode().splitlines():
        page += "<page " in line
        if match := re.search(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*)</word>', line):
            left, top, right, bottom = map(float, match.groups()[:4])
            found.append(Word(unescape(match[5]), page, (left, top, right, bottom)))
    return found


def picture(pdf: bytes, page: int = 1) -> Image.Image:
    """The page as a reader shows it, fields included, at 144 dots per inch."""
    number = str(page)
    return Image.open(BytesIO(_run(pdf, "pdftoppm", "-r", str(DOTS_PER_INCH), "-f", number, "-l", number, "-png", "-")))


def ink(image: Image.Image, clean: Image.Image | None = None) -> Box | None:
    """Where a picture is not white, or where it differs from another one; None if nowhere."""
    reference = clean.convert("RGB") if clean else Image.new("RGB", image.size, "white")
    difference = (
        ImageChops.difference(image.convert("RGB"), reference).convert("L").point(lambda v: 255 if v > 60 else 0)
    )
    box = difference.getbbox()
    return None if box is None else tuple(value / PIXELS_PER_POINT for value in box)


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def fields(document: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    """The form's fields by name, usable while the document is open."""
    form = document.Root.get("/AcroForm")
    return {} if form is None else {str(field.T): field for field in form.Fields}


def place(pdf: bytes, name: str) -> Box:
    """Where a field's box is on its page."""
    document = opened(pdf)
    field = fields(document)[name]
    height = float(field.P.MediaBox[3])
    left, bottom, right, top = (float(value) for value in field.Rect)
    return left, height - top, right, height - bottom


def with_text(pdf: bytes, values: Mapping[str, str]) -> bytes:
    """The file with its text fields filled, by the function that fills them between the signatures."""
    document = opened(pdf)
    form = document.Root.AcroForm
    for field in form.Fields:
        if (value := values.get(str(field.T))) is not None:
            font, size = str(field.DA).split()[:2]
            resource = form.DR.Font[font]
            content = appearance_content(
                value, to_unicode=resource.ToUnicode.read_bytes(), font=font.removeprefix("/"), size=int(size)
            )
            field.AP.N.write(content)
            field.AP.N.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary({font: resource}))
    return _saved(document)


def with_paint(pdf: bytes, name: str, colour: str) -> bytes:
    """The file with one field's whole box painted, `colour` being three numbers from 0 to 1."""
    document = opened(pdf)
    for field in document.Root.AcroForm.Fields:
        if str(field.T) == name:
            left, bottom, right, top = (int(value) for value in field.Rect)
            field.AP.N.write(f"{colour} rg 0 0 {right - left} {top - bottom} re f".encode())
    return _saved(document)


def _saved(document: pikepdf.Pdf) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
