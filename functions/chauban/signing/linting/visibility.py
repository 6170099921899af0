"""Whether everything that a page shows can be seen: on the page, large enough, in front of something else in colour, uncovered."""

from collections.abc import Iterable, Iterator, Sequence

from chauban.signing.linting.findings import Finding
from chauban.signing.linting.geometry import Box, area, common, is_within
from chauban.signing.linting.marks import Colour, Kind, Mark, blended, contrast

# The size of letters in points, and their contrast to what is behind them: what WCAG 2.2 asks of text of any size (1.4.3, AA).
SMALLEST, LEAST_CONTRAST = 6.0, 4.5
# So much of a letter, or of a picture, may lie under lines and surfaces, or under other letters, in parts of its area: an underline
# runs through a tail, and slanted letters lean over each other.
MOST_COVERED, MOST_COVERED_BY_LETTERS = 0.1, 0.3
MOST_BEHIND, MOST_ON_LETTERS = 0.25, 0.6
MARGIN = 0.5
WHITE = (1.0, 1.0, 1.0)
MOST_COLOURS = 8


def hidden(marks: Sequence[Mark], page: Box, place: str) -> Iterator[Finding]:
    """A finding for everything drawn on a page that is not to be seen; which letters, it does not say."""
    boxes = [mark.box for mark in marks]
    for order, mark in enumerate(marks):
        if mark.kind not in (Kind.LETTERS, Kind.PICTURE, Kind.SHAPE):
            continue
        if not _is_on(mark, page):
            yield Finding("off-page", place)
        left, bottom, right, top = mark.box
        near = [at for at, (x, y, w, z) in enumerate(boxes) if x < right and left < w and y < top and bottom < z]
        if mark.kind is Kind.LETTERS:
            if mark.size < SMALLEST:
                yield Finding("invisible-text", place)
            if code := _against(mark, [marks[at] for at in near if at < order]):
                yield Finding(code, place)
        if _is_covered(mark, [marks[at] for at in near if at > order and marks[at].opacity > 0]):
            yield Finding("covered-content", place)


def _is_on(mark: Mark, page: Box) -> bool:
    seen = common(page, mark.clip)
    return seen is not None and (
        is_within(mark.box, seen, MARGIN) or all(is_within(p, seen, MARGIN) for p in mark.parts)
    )


def _against(letters: Mark, behind: Iterable[Mark]) -> str | None:
    """What is wrong with letters before their background, if anything is."""
    colours: set[Colour] = {WHITE}
    lines: list[Mark] = []
    under: list[Mark] = []
    for other in behind:
        if other.kind in (Kind.LINE, Kind.LETTERS):
            (lines if other.kind is Kind.LINE else under).append(other)
            continue
        if other.opacity == 0 or not _touches(other, letters):
            continue
        if other.kind is not Kind.SURFACE:
            return "undecidable-content"
        seen = {blended(other.colour, other.opacity, colour) for colour in colours}
        colours = seen if is_within(letters.box, other.box, MARGIN) else colours | seen
        if len(colours) > MOST_COLOURS:
            return "undecidable-content"
    if _most_covered(letters, lines) > MOST_BEHIND:
        return "undecidable-content"
    if _most_covered(letters, under) > MOST_ON_LETTERS:
        return "covered-content"
    seen_as = ((blended(letters.colour, letters.opacity, colour), colour) for colour in colours)
    return "invisible-text" if any(contrast(*each) < LEAST_CONTRAST for each in seen_as) else None


def _is_covered(mark: Mark, over: Sequence[Mark]) -> bool:
    letters = [other for other in over if other.kind is Kind.LETTERS]
    others = [other for other in over if other.kind is not Kind.LETTERS]
    if mark.kind is not Kind.LETTERS:
        return _most_covered(mark, others) > MOST_BEHIND or _most_covered(mark, letters) > MOST_COVERED
    return (
        _most_covered(mark, others) > MOST_COVERED
        or _most_covered(mark, letters) > MOST_COVERED_BY_LETTERS
        or _most_on_each_other(mark.parts) > MOST_COVERED_BY_LETTERS
    )


def _most_covered(mark: Mark, others: Iterable[Mark]) -> float:
    """How much of one part of a mark, at most, lies where the others are, all of them together, in parts of its area."""
    covered: dict[Box, float] = {}
    for other in others:
        room = common(other.box, mark.box)
        if room is None:
            continue
        parts = [part for part in mark.parts if _meet(part, room)]
        for piece in other.parts if parts else ():
            if not _meet(piece, room):
                continue
            for part in parts:
                if shared := common(piece, part):
                    covered[part] = covered.get(part, 0.0) + area(shared)
    return max((room / area(part) for part, room in covered.items()), default=0.0)


def _most_on_each_other(parts: Sequence[Box]) -> float:
    """How much of one letter of a text, at most, lies under later letters of the same text."""
    most = 0.0
    order = sorted(range(len(parts)), key=lambda place: parts[place][0])
    for rank, place in enumerate(order):
        one = parts[place]
        for other_place in order[rank + 1 :]:
            other = parts[other_place]
            if other[0] >= one[2]:
                break
            if shared := common(one, other):
                most = max(most, area(shared) / area(parts[min(place, other_place)]))
                if most > MOST_COVERED_BY_LETTERS:
                    return most
    return most


def _touches(other: Mark, letters: Mark) -> bool:
    return any(_meet(part, each) for part in other.parts for each in letters.parts)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
