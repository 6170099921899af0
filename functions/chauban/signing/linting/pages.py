"""The pages of a file that nobody has signed: what they show can be seen, and no field lies over it."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from chauban.signing.linting.canvas import Canvas, Graphics
from chauban.signing.linting.drawing import Drawing
from chauban.signing.linting.field_rules import field_name
from chauban.signing.linting.findings import Finding, Unfit
from chauban.signing.linting.geometry import IDENTITY, Box, area, common, is_within
from chauban.signing.linting.letters import Font
from chauban.signing.linting.marks import Kind, Mark, contrast
from chauban.signing.linting.policy import COPY, LintPolicy
from chauban.signing.linting.state import State
from chauban.signing.linting.values import Entries, Reference, Stream, entries_of
from chauban.signing.linting.visibility import LEAST_CONTRAST, hidden

# A field lies on whole points, and text beside it ends where it ends.
ROUNDING = 1.0
# A3, a point more; on a larger page letters are small whatever their size is.
LONGEST = 1192.0
BLACK = (0.0, 0.0, 0.0)


def page_findings(state: State, policy: LintPolicy, roles: Mapping[int, str]) -> list[Finding]:
    """What is wrong with the pages; `roles` are those of the objects, found sound before."""
    findings: list[Finding] = []
    fonts: dict[int, Font] = {}
    used: set[int] = set()
    followed = True
    kids = entries_of(state.resolve(state.root.get("Pages"))).get("Kids", [])
    for number, page in enumerate((entries_of(state.resolve(kid)) for kid in kids), start=1):
        place = f"page {number}"
        canvas = Canvas(state, fonts)
        try:
            box = _page_box(page)
            content = state.resolve(page.get("Contents"))
            if not isinstance(content, Stream):
                raise Unfit("malformed-object")
            Drawing(canvas, page.get("Resources"), Graphics(IDENTITY, box)).follow(content.data())
        except Unfit as unfit:
            more = f": {unfit.finding.place}" if unfit.finding.place else ""
            findings.append(Finding(unfit.finding.code, place + more))
            followed = False
            continue
        findings += hidden(canvas.marks, box, place)
        findings += _fields(state, page, box, canvas.marks, policy, place)
        used |= canvas.used
    if followed:
        findings += _never_drawn(state, roles, used)
    return list(dict.fromkeys(findings))


def _page_box(page: Entries) -> Box:
    """All boxes of a page are the same: none shows more or less of it (ISO 32000-1, 14.11.2)."""
    boxes = [page[key] for key in ("MediaBox", "BleedBox", "TrimBox") if key in page]
    left, bottom, right, top = (float(each) for each in boxes[0])
    if any(other != boxes[0] for other in boxes) or not (left < right and bottom < top):
        raise Unfit("off-page", "boxes")
    if max(right - left, top - bottom) > LONGEST:
        raise Unfit("invisible-text", "a page larger than paper is")
    return left, bottom, right, top


def _fields(
    state: State, page: Entries, box: Box, marks: list[Mark], policy: LintPolicy, place: str
) -> Iterator[Finding]:
    """Fields and links lie on the page; fields over nothing that it shows, and over each other only where that is meant."""
    fields: dict[str, Box] = {}
    links: list[Box] = []
    for annotation in page.get("Annots", []):
        entries = entries_of(state.resolve(annotation))
        x1, y1, x2, y2 = (float(each) for each in entries["Rect"])
        rectangle = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        if not is_within(rectangle, box) or rectangle[0] == rectangle[2] or rectangle[1] == rectangle[3]:
            yield Finding("field-off-page", place)
        if entries.get("Subtype") == "Widget":
            fields[field_name(entries)] = rectangle
        else:
            links.append(rectangle)
    content = [part for mark in marks if not _is_paper(mark) for part in mark.parts]
    content += links
    # The signature of a copy stands on the scan of a paper, where that is free.
    scanned = [part for mark in marks if _is_scan(mark, box) for part in mark.parts]
    for name, (left, bottom, right, top) in fields.items():
        inner = (left + ROUNDING, bottom + ROUNDING, right - ROUNDING, top - ROUNDING)
        below = [part for part in content if not (name == COPY and part in scanned)]
        if any(common(inner, part) for part in below):
            yield Finding("field-over-text", f"{place}, field {name}")
    for (one, first), (other, second) in combinations(fields.items(), 2):
        shared, covered = common(first, second), second if one == "seal" else first
        meant = frozenset({one, other}) in policy.overlapping
        if shared and not (meant and area(shared) <= area(covered) / 2):
            yield Finding("field-over-text", f"{place}, fields {one} and {other}")


def _is_paper(mark: Mark) -> bool:
    """A surface on which the value of a field can be read, which is black."""
    return mark.kind is Kind.SURFACE and mark.opacity == 1 and contrast(mark.colour, BLACK) >= LEAST_CONTRAST


def _is_scan(mark: Mark, box: Box) -> bool:
    """A picture that is the whole page."""
    return mark.kind is Kind.PICTURE and is_within(box, mark.box, ROUNDING)


def _never_drawn(state: State, roles: Mapping[int, str], used: set[int]) -> Iterator[Finding]:
    """Fonts and external objects that no page draws with: kept for later, or for another reader."""
    form = entries_of(state.resolve(state.root.get("AcroForm")))
    of_fields = entries_of(state.resolve(entries_of(form.get("DR")).get("Font"))).values()
    meant = used | {value.number for value in of_fields if isinstance(value, Reference)}
    for number in roles:
        entries = entries_of(state.objects.get(number))
        further = [entries.get("SMask"), entries_of(entries.get("AP")).get("N")]
        meant |= {value.number for value in further if isinstance(value, Reference)}
    for number in sorted(number for number, role in roles.items() if role in ("font", "external object")):
        if number not in meant:
            yield Finding("unreferenced-object", f"object {number}")
