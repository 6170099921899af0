"""Which operators may follow which (ISO 32000-1, figure 9): readers differ in what they make of any other order."""

from chauban.signing.linting.findings import Unfit

_BEGINNING = (b"m", b"re")
_PATH = frozenset(
    (*_BEGINNING, b"l", b"c", b"v", b"y", b"h", b"W", b"W*")
    + (b"n", b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*")
)
_ONLY_IN_TEXT = frozenset((b"Tm", b"TJ", b"Tj", b"ET"))
_NOT_IN_TEXT = _PATH | {b"q", b"Q", b"cm", b"Do", b"BT"}


def check_order(operator: bytes, *, in_path: bool, in_text: bool) -> None:
    """Raise `Unfit` for an operator within a path, or a text, where it does not belong, or outside of one."""
    belongs = operator in _BEGINNING or (operator in _PATH) is in_path
    if not belongs or operator in (_NOT_IN_TEXT if in_text else _ONLY_IN_TEXT):
        raise Unfit("malformed-object", f"operator {operator.decode('ascii')} out of its place")
