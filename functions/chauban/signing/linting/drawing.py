"""Following a content stream (ISO 32000-1, 8 and 9) to find out what is drawn where, as far as that can be decided.

Only the operators that our documents use are known; a page with any other cannot be judged, and that is a finding.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chauban.signing.linting.canvas import Canvas, Graphics
from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.geometry import (
    IDENTITY,
    Matrix,
    combined,
    common,
    is_upright,
    moved_box,
    placed,
    stretched,
)
from chauban.signing.linting.marks import Colour, Kind, Mark, around_all, grey, rgb
from chauban.signing.linting.order import check_order
from chauban.signing.linting.paths import Path, clipped
from chauban.signing.linting.rules import is_number
from chauban.signing.linting.syntax import operations
from chauban.signing.linting.values import Entries, Name, Reference, Stream, Value, entries_of

MOST_NESTED = 8
# Letters may be so much wider than high, or slanted so much, before nobody reads them any more.
MOST_STRETCHED = 2.0
FARTHEST = 100_000


class Drawing:
    """Follows one content stream with its resources onto a canvas."""

    def __init__(self, canvas: Canvas, resources: Value, graphics: Graphics, depth: int = 0) -> None:
        if depth > MOST_NESTED:
            raise Unfit("too-large")
        self._canvas, self._depth = canvas, depth
        self._resources: Entries = entries_of(canvas.state.resolve(resources))
        self._now = graphics
        self._kept: list[Graphics] = []
        self._path = Path()
        self._clips = False
        self._text = IDENTITY
        self._in_text = False
        self._marked = 0

    def follow(self, content: bytes) -> None:
        """Draw all of it; raises `Unfit`."""
        for operator, operands in operations(content):
            known = _OPERATORS.get(operator)
            if known is None:
                raise Unfit("undecidable-content", f"operator {operator.decode('ascii', 'replace')}")
            count, act = known
            check_order(operator, in_path=not self._path.is_empty, in_text=self._in_text)
            if count is not None and (len(operands) != count or not all(is_number(each) for each in operands)):
                raise Unfit("malformed-object", f"operator {operator.decode('ascii')}")
            act(self, operands)
        if self._kept or self._in_text or self._marked or not self._path.is_empty:
            raise Unfit("malformed-object", "unbalanced content")

    def change(self, **values: object) -> None:
        """Values of the graphics state."""
        self._now = replace(self._now, **values)  # type: ignore[arg-type]

    def save(self, _: list[Value]) -> None:
        self._kept.append(self._now)

    def restore(self, _: list[Value]) -> None:
        if not self._kept:
            raise Unfit("malformed-object", "unbalanced content")
        self._now = self._kept.pop()

    def transform(self, operands: list[Value]) -> None:
        self.change(matrix=combined(_matrix(operands), self._now.matrix))

    def set_state(self, operands: list[Value]) -> None:
        wanted = entries_of(self._resource("ExtGState", operands))
        self.change(
            fill_opacity=_part(wanted.get("ca", self._now.fill_opacity)),
            stroke_opacity=_part(wanted.get("CA", self._now.stroke_opacity)),
        )

    def set_line(self, name: str, least: float, operands: list[Value]) -> None:
        """How lines are drawn; raises `Unfit` for what readers would take in different ways."""
        if operands[0] < least:
            raise Unfit("malformed-object", "line")
        self.change(**{name: float(operands[0])})

    def set_mode(self, operands: list[Value]) -> None:
        if operands[0] not in range(8):
            raise Unfit("malformed-object", "operator Tr")
        self.change(mode=int(operands[0]))

    def move(self, operands: list[Value]) -> None:
        self._path.move(self._now, *operands)

    def line(self, operands: list[Value]) -> None:
        self._path.go(self._now, *operands)

    def rectangle(self, operands: list[Value]) -> None:
        self._path.rectangle(self._now, *operands)

    def paint(self, *, fills: bool, strokes: bool) -> None:
        """Everything that ends a path."""
        shown = [self._path.filled(self._now) if fills else None, self._path.stroked(self._now) if strokes else None]
        for mark in shown:
            if mark is not None:
                self._canvas.add(mark)
        if self._clips:
            ragged = self._now.ragged or not self._path.is_rectangle
            self.change(clip=clipped(self._path, self._now), ragged=ragged)
        self._path, self._clips = Path(), False

    def close(self, _: list[Value]) -> None:
        self._path.close()

    def clip(self, _: list[Value]) -> None:
        self._clips = True

    def begin_text(self, _: list[Value]) -> None:
        if self._in_text:
            raise Unfit("malformed-object", "unbalanced content")
        self._in_text, self._text = True, IDENTITY

    def end_text(self, _: list[Value]) -> None:
        if not self._in_text:
            raise Unfit("malformed-object", "unbalanced content")
        self._in_text = False

    def set_font(self, operands: list[Value]) -> None:
        if len(operands) != 2 or not isinstance(operands[0], Name) or not is_number(operands[1]):
            raise Unfit("malformed-object", "operator Tf")
        fonts = entries_of(self._canvas.state.resolve(self._resources.get("Font")))
        self.change(font=self._canvas.font(fonts.get(operands[0])), size=float(operands[1]))

    def place_text(self, operands: list[Value]) -> None:
        self._text = _matrix(operands)

    def show(self, operands: list[Value]) -> None:
        """A string, or strings with steps between them in thousandths of the size."""
        pieces = operands[0] if len(operands) == 1 and isinstance(operands[0], list) else operands
        now = self._now
        if now.font is None or not self._in_text or not isinstance(pieces, list):
            raise Unfit("malformed-object", "text")
        matrix = combined(self._text, now.matrix)
        letters = combined((now.size, 0.0, 0.0, now.size, 0.0, now.rise), matrix)
        x, parts = 0.0, []
        for piece in pieces:
            if is_number(piece):
                x -= piece * now.size / 1000
            elif isinstance(piece, bytes):
                for advance, ink in now.font.letters(piece):
                    if ink:
                        parts.append(placed(letters, ink, x * matrix[0], x * matrix[1]))
                    x += advance * now.size / 1000
            else:
                raise Unfit("malformed-object", "text")
        self._text = combined((1.0, 0.0, 0.0, 1.0, x, 0.0), self._text)
        if parts:
            self._seen_whole()
            least, most = stretched(letters)
            height = least if most <= MOST_STRETCHED * least else 0.0
            opacity = 0.0 if now.mode else now.fill_opacity
            self._canvas.add(Mark(Kind.LETTERS, tuple(parts), around_all(parts), now.clip, now.fill, opacity, height))

    def draw_object(self, operands: list[Value]) -> None:
        reference = self._resource("XObject", operands, resolved=False)
        found = self._canvas.state.resolve(reference)
        if not isinstance(reference, Reference) or not isinstance(found, Stream):
            raise Unfit("malformed-object", "operator Do")
        self._canvas.used.add(reference.number)
        if found.entries.get("Subtype") == "Image":
            self._picture()
            return
        matrix = combined(_matrix(found.entries.get("Matrix", IDENTITY)), self._now.matrix)
        if "Group" in found.entries and (self._now.fill_opacity, self._now.stroke_opacity) != (1, 1):
            # All of it is drawn as if by itself, and then let through together.
            raise Unfit("undecidable-content", "transparent group")
        left, bottom, right, top = found.entries["BBox"]
        inside = common(
            moved_box(matrix, (min(left, right), min(bottom, top), max(left, right), max(bottom, top))), self._now.clip
        )
        ragged = self._now.ragged or not is_upright(matrix)
        graphics = replace(self._now, matrix=matrix, clip=inside or (0.0, 0.0, 0.0, 0.0), ragged=ragged)
        Drawing(self._canvas, found.entries.get("Resources", {}), graphics, self._depth + 1).follow(found.data())

    def _picture(self) -> None:
        now, box = self._now, moved_box(self._now.matrix, (0.0, 0.0, 1.0, 1.0))
        self._seen_whole()
        if now.fill_opacity != 1:
            raise Unfit("undecidable-content", "transparent picture")
        self._canvas.add(Mark(Kind.PICTURE, (box,), box, now.clip, now.fill, now.fill_opacity))

    def _seen_whole(self) -> None:
        if self._now.ragged:
            raise Unfit("undecidable-content", "clipped by a shape")

    def begin_marked(self, operands: list[Value]) -> None:
        """Only numbers of marked content: a property list by name could be optional content, one in place other words."""
        if operands[:1] == ["OC"]:
            raise Unfit("optional-content")
        if len(operands) == 2 and (not isinstance(operands[1], dict) or set(operands[1]) != {"MCID"}):
            raise Unfit("unexpected-entry", "marked content")
        self._marked += 1

    def end_marked(self, _: list[Value]) -> None:
        self._marked -= 1
        if self._marked < 0:
            raise Unfit("malformed-object", "unbalanced content")

    def _resource(self, kind: str, operands: list[Value], *, resolved: bool = True) -> Value:
        names = entries_of(self._canvas.state.resolve(self._resources.get(kind)))
        if len(operands) != 1 or not isinstance(operands[0], Name) or operands[0] not in names:
            raise Unfit("malformed-object", f"resource of kind {kind}")
        value = names[operands[0]]
        return self._canvas.state.resolve(value) if resolved else value


_Act = Callable[[Drawing, list[Value]], None]


def _nothing(_: Drawing, __: list[Value]) -> None:
    """How lines dash does not matter here: they are taken for whole."""


def _matrix(operands: Sequence[float]) -> Matrix:
    """Six numbers; raises `Unfit` where they are so large that readers begin to differ."""
    if any(abs(number) > FARTHEST for number in operands):
        raise Unfit("too-large", "matrix")
    a, b, c, d, e, f = operands
    return a, b, c, d, e, f


def _part(value: float) -> float:
    """A number from 0 to 1; raises `Unfit` for any other, of which readers make what they like."""
    if not 0 <= value <= 1:
        raise Unfit("undecidable-content", "colour or opacity")
    return float(value)


def _colour(target: str, convert: Callable[..., Colour]) -> _Act:
    return lambda drawing, operands: drawing.change(**{target: convert(*map(_part, operands))})


def _line(name: str, least: float = 0.0) -> _Act:
    return lambda drawing, operands: drawing.set_line(name, least, operands)


def _painting(*, fills: bool = False, strokes: bool = False) -> _Act:
    return lambda drawing, _: drawing.paint(fills=fills, strokes=strokes)


# The number of operands, all of them numbers, or None where the operator looks at them itself.
_OPERATORS: Mapping[bytes, tuple[int | None, _Act]] = {
    b"q": (0, Drawing.save),
    b"Q": (0, Drawing.restore),
    b"cm": (6, Drawing.transform),
    b"gs": (None, Drawing.set_state),
    b"w": (1, _line("width")),
    b"J": (1, _line("cap")),
    b"j": (1, _line("join")),
    b"M": (1, _line("mitre", 1.0)),
    b"d": (None, _nothing),
    b"g": (1, _colour("fill", grey)),
    b"rg": (3, _colour("fill", rgb)),
    b"G": (1, _colour("stroke", grey)),
    b"RG": (3, _colour("stroke", rgb)),
    b"m": (2, Drawing.move),
    b"l": (2, Drawing.line),
    b"c": (6, Drawing.line),
    **dict.fromkeys((b"v", b"y"), (4, Drawing.line)),
    b"h": (0, Drawing.close),
    b"re": (4, Drawing.rectangle),
    **dict.fromkeys((b"W", b"W*"), (0, Drawing.clip)),
    b"n": (0, _painting()),
    **dict.fromkeys((b"f", b"F", b"f*"), (0, _painting(fills=True))),
    **dict.fromkeys((b"S", b"s"), (0, _painting(strokes=True))),
    **dict.fromkeys((b"B", b"B*", b"b", b"b*"), (0, _painting(fills=True, strokes=True))),
    b"BT": (0, Drawing.begin_text),
    b"ET": (0, Drawing.end_text),
    b"Tf": (None, Drawing.set_font),
    b"Tm": (6, Drawing.place_text),
    b"Ts": (1, lambda drawing, operands: drawing.change(rise=float(operands[0]))),
    b"Tr": (1, Drawing.set_mode),
    **dict.fromkeys((b"TJ", b"Tj"), (None, Drawing.show)),
    b"Do": (None, Drawing.draw_object),
    **dict.fromkeys((b"BMC", b"BDC"), (None, Drawing.begin_marked)),
    b"EMC": (0, Drawing.end_marked),
}
