"""Whether everything that a page shows can be seen: on the page, large enough, in front of something else in colour, uncovered."""

from collections.abc import Iterator, Sequence

from chauban.signing.linting.findings import Finding
from chauban.signing.linting.geometry import Box, area, common, is_within
from chauban.signing.linting.marks import Kind, Mark, contrast

SMALLEST, FAINTEST, LEAST_CONTRAST = 3.0, 0.5, 1.2
# So much of a letter or a picture may lie under a line, in parts of its area.
MOST_COVERED = 0.25
MARGIN = 0.5
# What is as good as not drawn, and what lets nothing through.
CLEAR, SOLID = 0.02, 0.98
WHITE = (1.0, 1.0, 1.0)


def hidden(marks: Sequence[Mark], page: Box, place: str) -> Iterator[Finding]:
    """A finding for everything drawn on a page that is not to be seen; which letters, it does not say."""
    others = [(order, mark) for order, mark in enumerate(marks) if mark.kind is not Kind.LETTERS]
    for order, mark in enumerate(marks):
        if mark.kind not in (Kind.LETTERS, Kind.PICTURE, Kind.SHAPE):
            continue
        if not _is_on(mark, page):
            yield Finding("off-page", place)
        if mark.kind is Kind.LETTERS:
            if mark.opacity < FAINTEST or mark.size < SMALLEST:
                yield Finding("invisible-text", place)
            behind = [other for earlier, other in others if earlier < order and _meet(other.box, mark.box)]
            if code := _against(mark, behind):
                yield Finding(code, place)
        over = (other for later, other in others if later > order and _meet(other.box, mark.box))
        if any(other.opacity > CLEAR and _covers(other, mark) for other in over):
            yield Finding("covered-content", place)


def _is_on(mark: Mark, page: Box) -> bool:
    seen = common(page, mark.clip)
    return seen is not None and (
        is_within(mark.box, seen, MARGIN) or all(is_within(p, seen, MARGIN) for p in mark.parts)
    )


def _against(letters: Mark, behind: Sequence[Mark]) -> str | None:
    """What is wrong with letters before their background, if anything is."""
    for other in reversed(behind):
        if other.opacity <= CLEAR or not any(_meet(part, each) for part in other.parts for each in letters.parts):
            continue
        if other.kind is Kind.LINE:
            if _covers(other, letters):
                return "undecidable-content"
            continue
        if other.kind is not Kind.SURFACE or other.opacity < SOLID:
            return "undecidable-content"
        if contrast(letters.colour, other.colour) < LEAST_CONTRAST:
            return "invisible-text"
        if is_within(letters.box, other.box, MARGIN):
            return None
    return "invisible-text" if contrast(letters.colour, WHITE) < LEAST_CONTRAST else None


def _covers(other: Mark, mark: Mark) -> bool:
    for part in mark.parts:
        room = MOST_COVERED * area(part)
        for piece in other.parts:
            if _meet(piece, part) and (shared := common(piece, part)) and area(shared) > room:
                return True
    return False


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
