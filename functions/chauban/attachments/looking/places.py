"""Where a page is free for the signature of a copy: at the top, at the right, as the page is shown, whatever draws on it."""

from collections.abc import Iterator

from PIL import Image, ImageStat

# Of the field, in points; how far from the page's edges it may begin; and the air around its words.
WIDTH, HEIGHT = 180, 36
NEAREST, LOWEST, STEP = 8, 92, 2
RIGHT_MARGINS = (45, 57, 34, 24, 14, 8)
AIR = 2
PIXELS_A_POINT = 2
# Paper is light and even; a scan of it is not quite even.
LIGHTEST = 170
MOST_UNEVEN = {False: 3.0, True: 9.0}
DEEPEST = {False: 12, True: 60}

Box = tuple[int, int, int, int]


def free_place(shown: Image.Image, width: float, height: float, *, scanned: bool = False) -> Box | None:
    """The first free place (left, top, right, bottom in points from the upper left of the page as shown), the highest first; None
    where nothing is free. `shown` is the page in shades of grey with `PIXELS_A_POINT`; what was scanned is never quite white."""
    for left, top in _places(width, height):
        corner, opposite = (left - AIR, top - AIR), (left + WIDTH + AIR, top + HEIGHT + AIR)
        x1, y1, x2, y2 = (PIXELS_A_POINT * each for each in (*corner, *opposite))
        piece = shown.crop((x1, y1, x2, y2))
        if _is_empty(piece, scanned):
            return left, top, left + WIDTH, top + HEIGHT
    return None


def _places(width: float, height: float) -> Iterator[tuple[int, int]]:
    for top in (15, *range(NEAREST, LOWEST - HEIGHT, STEP)):
        for margin in RIGHT_MARGINS:
            left = int(width) - margin - WIDTH
            if left >= width / 3 and top + HEIGHT < height / 3:
                yield left, top


def _is_empty(piece: Image.Image, scanned: bool) -> bool:
    found = ImageStat.Stat(piece)
    (darkest, _), (mean,), (spread,) = found.extrema[0], found.mean, found.stddev
    return mean >= LIGHTEST and spread <= MOST_UNEVEN[scanned] and mean - darkest <= DEEPEST[scanned]


def on_page(place: Box, page: tuple[float, float, float, float], turned: int) -> Box:
    """A place of the page as shown in the page's own coordinates: `page` is the box that is shown, `turned` clockwise."""
    left, top, right, bottom = place
    x1, y1, x2, y2 = page
    corners = {
        0: (x1 + left, y2 - bottom, x1 + right, y2 - top),
        90: (x1 + top, y1 + left, x1 + bottom, y1 + right),
        180: (x2 - right, y1 + top, x2 - left, y1 + bottom),
        270: (x2 - bottom, y2 - right, x2 - top, y2 - left),
    }[turned]
    a, b = round(corners[0]), round(corners[1])
    wide, high = (WIDTH, HEIGHT) if turned in (0, 180) else (HEIGHT, WIDTH)
    return a, b, a + wide, b + high
