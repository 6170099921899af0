"""Boxes and matrices in the coordinates of a page (ISO 32000-1, 8.3): points from its lower left corner."""

# Left, bottom, right, top.
Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def combined(inner: Matrix, outer: Matrix) -> Matrix:
    """`inner` first, then `outer`."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point comes to lie."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def around(points: list[tuple[float, float]]) -> Box:
    """The smallest box that holds all points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def moved_box(matrix: Matrix, box: Box) -> Box:
    """The smallest box around a box that was moved, turned, stretched."""
    left, bottom, right, top = box
    return around([moved(matrix, x, y) for x in (left, right) for y in (bottom, top)])


def placed(letters: Matrix, ink: Box, x: float, y: float) -> Box:
    """The ink of a letter on the page; `x` and `y` are how far it stands from the first one."""
    a, b, c, d, e, f = letters
    e, f = e + x, f + y
    left, bottom, right, top = ink
    if b or c or a < 0 or d < 0:
        return moved_box((a, b, c, d, e, f), ink)
    return a * left + e, d * bottom + f, a * right + e, d * top + f


def is_upright(matrix: Matrix) -> bool:
    """Whether boxes stay boxes."""
    a, b, c, d, _, _ = matrix
    return (b == c == 0) or (a == d == 0)


def stretched(matrix: Matrix) -> tuple[float, float]:
    """The least and the most by which lengths grow, in whatever direction; both 0 for a mirror image."""
    a, b, c, d, _, _ = matrix
    turned = a * d - b * c
    if turned <= 0:
        return 0.0, 0.0
    squares = a * a + b * b + c * c + d * d
    spread = max(0.0, squares * squares - 4 * turned * turned) ** 0.5
    most = ((squares + spread) / 2) ** 0.5
    return turned / most, most


def common(one: Box, other: Box) -> Box | None:
    """What two boxes share; None where they only touch, or not even that."""
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if left < right and bottom < top else None


def area(box: Box) -> float:
    """In square points."""
    return (box[2] - box[0]) * (box[3] - box[1])


def is_within(inner: Box, outer: Box, by: float = 0.0) -> bool:
    """Whether `inner` lies in `outer`, a margin of `by` points outside allowed."""
    return (
        inner[0] >= outer[0] - by
        and inner[1] >= outer[1] - by
        and inner[2] <= outer[2] + by
        and inner[3] <= outer[3] + by
    )
