"""Pictures for the demo: an official's signature in blue ink and an agency's round red seal, on nothing.

Drawn from their text alone, so that the same name always gives the same picture.
"""

from __future__ import annotations

import hashlib
import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from infra.local.folder import REPOSITORY

BLUE = (24, 48, 148)
RED = (206, 26, 34)
DPI = 300
SEAL_MM = 36
FONTS = REPOSITORY / "forms" / "_shared" / "fonts"
_FINE = 3
Point = tuple[float, float]


def _png(picture: Image.Image, dpi: int = DPI) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True, dpi=(dpi, dpi))
    return buffer.getvalue()


def _curve(points: list[Point], steps: int = 28) -> list[Point]:
    """A Catmull-Rom spline through the points: the way a hand goes from one to the next."""
    ends = [points[0], *points, points[-1]]
    path: list[Point] = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            path.append(
                tuple(  # type: ignore[arg-type]  # two coordinates in, two out
                    0.5
                    * (
                        2 * start[axis]
                        + (end[axis] - before[axis]) * t
                        + (2 * before[axis] - 5 * start[axis] + 4 * end[axis] - after[axis]) * t**2
                        + (3 * start[axis] - before[axis] - 3 * end[axis] + after[axis]) * t**3
                    )
                    for axis in (0, 1)
                )
            )
    return path


def _stroke(draw: ImageDraw.ImageDraw, points: list[Point], width: float) -> None:
    """A pen stroke: thin at both ends, thin where the hand is fast."""
    path = _curve(points)
    for index, (here, there) in enumerate(zip(path, path[1:], strict=False)):
        speed = math.dist(here, there)
        taper = min(1.0, 4.5 * index / len(path) + 0.25, 4.5 * (len(path) - index) / len(path) + 0.15)
        radius = width * taper * (0.62 + 0.38 / (1 + speed / 9)) / 2
        for part in range(max(1, int(speed))):
            t = part / max(1, int(speed))
            x, y = here[0] + (there[0] - here[0]) * t, here[1] + (there[1] - here[1]) * t
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)


def signature(name: str) -> bytes:
    """A signature as a PNG with transparent ground, about 60 x 28 mm: the hand is the name's own."""
    chance = random.Random(hashlib.sha256(name.encode()).digest())  # noqa: S311  a picture, not a secret
    width, height = 720 * _FINE, 336 * _FINE
    ink = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(ink)
    pen = 7.5 * _FINE

    def at(x: float, y: float, wobble: float = 0.012) -> Point:
        return ((x + chance.uniform(-wobble, wobble)) * width, (y + chance.uniform(-wobble, wobble)) * height)

    initial = [at(0.20, 0.30), at(0.10, 0.52), at(0.13, 0.80), at(0.22, 0.60), at(0.25, 0.16), at(0.20, 0.22)]
    _stroke(draw, [*initial, at(0.21, 0.62), at(0.27, 0.70)], pen * 1.15)
    body, x = [at(0.25, 0.66)], 0.27
    for _letter in range(max(5, min(8, len(name) // 2))):
        rise = chance.choice((0.30, 0.42, 0.44, 0.40))
        body += [at(x + 0.016, rise), at(x + 0.034, 0.58), at(x + 0.024, 0.66), at(x + 0.052, 0.60)]
        x += 0.066
    _stroke(draw, [*body, at(min(x + 0.10, 0.88), 0.36), at(0.95, 0.26)], pen)
    _stroke(
        draw,
        [at(0.90, 0.50), at(0.62, 0.80), at(0.30, 0.88), at(0.08, 0.84), at(0.36, 0.74), at(0.80, 0.72)],
        pen * 0.8,
    )
    _stroke(draw, [at(0.42, 0.24), at(0.47, 0.20)], pen)
    ink = ink.rotate(4, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(_FINE * 0.6))
    mask = ink.resize((width // _FINE, height // _FINE), Image.Resampling.LANCZOS)
    picture = Image.new("RGBA", mask.size, (*BLUE, 0))
    picture.putalpha(mask)
    return _png(picture.crop(picture.getbbox()))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A bold serif of the forms' own; without one (an unfinished checkout) Pillow's built-in."""
    for pattern in ("*Serif*Bold.ttf", "*Bold.ttf", "*.ttf"):
        for path in sorted(FONTS.rglob(pattern)):
            if "Italic" not in path.name or pattern == "*.ttf":
                return ImageFont.truetype(str(path), size)
    return ImageFont.load_default(size)


def _arc_text(mask: Image.Image, text: str, radius: float, size: int, spread: float, *, top: bool) -> None:
    """Letters on a circle around the middle: over the top reading clockwise, or along the bottom reading upright."""
    font, middle = _font(size), mask.width / 2
    widths = [font.getlength(letter) + size * 0.10 for letter in text]
    angle_per_pixel = min(spread / sum(widths), 1 / radius)
    angle = -sum(widths) * angle_per_pixel / 2
    for letter, width in zip(text, widths, strict=True):
        turn = angle + width * angle_per_pixel / 2
        angle += width * angle_per_pixel
        tile = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(tile).text((size, size), letter, font=font, fill=255, anchor="mm")
        direction = turn if top else math.pi - turn
        tile = tile.rotate(-math.degrees(turn) if top else math.degrees(turn), Image.Resampling.BICUBIC)
        x, y = middle + radius * math.sin(direction), middle - radius * math.cos(direction)
        mask.paste(255, (int(x - size), int(y - size)), tile)


def _star(draw: ImageDraw.ImageDraw, middle: float, radius: float) -> None:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.pi * corner / 5
        points.append((middle + reach * math.sin(angle), middle - reach * math.cos(angle)))
    draw.polygon(points, fill=255)


def _worn(mask: Image.Image, text: str) -> Image.Image:
    """As a stamp prints: a little uneven, nowhere broken."""
    chance = random.Random(hashlib.sha256(text.encode()).digest())  # noqa: S311  a picture, not a secret
    grain = Image.new("L", (48, 48))
    grain.putdata([chance.randint(196, 255) for _ in range(48 * 48)])
    grain = grain.resize(mask.size, Image.Resampling.BICUBIC)
    return Image.composite(grain, Image.new("L", mask.size, 0), mask)


def seal(above: str, below: str) -> bytes:
    """A round seal of 36 mm as a PNG with transparent ground: two rings, the agency's level above, its name below."""
    size = round(SEAL_MM / 25.4 * DPI)
    full = size * _FINE
    mask = Image.new("L", (full, full), 0)
    draw, middle = ImageDraw.Draw(mask), full / 2

    def ring(reach: float, thickness: float) -> None:
        box = (middle - reach, middle - reach, middle + reach, middle + reach)
        draw.ellipse(box, outline=255, width=round(thickness))

    ring(middle - 2 * _FINE, full * 0.022)
    ring(middle * 0.915, full * 0.006)
    ring(middle * 0.56, full * 0.008)
    letters = round(full * 0.098)
    _arc_text(mask, above, middle * 0.735, letters, math.radians(205), top=True)
    _arc_text(mask, below, middle * 0.735, letters, math.radians(158), top=False)
    for side in (-1, 1):
        x, y, reach = middle + side * middle * 0.725, middle + middle * 0.12, full * 0.014
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    _star(draw, middle, middle * 0.40)
    mask = _worn(mask.filter(ImageFilter.GaussianBlur(_FINE * 0.5)), above + below)
    mask = mask.resize((size, size), Image.Resampling.LANCZOS)
    picture = Image.new("RGBA", mask.size, (*RED, 0))
    picture.putalpha(mask)
    return _png(picture)
