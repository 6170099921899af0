"""Reading PDF syntax strictly (ISO 32000-1, 7.2 and 7.3): what could be read in two ways is refused.

No comments, no repairs, no bare parentheses within strings, no key twice in a dictionary, generation 0 only.
"""

import re
from collections.abc import Iterator

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.values import Name, Reference, Value

DEPTH = 60

_TOKEN = re.compile(
    rb"""[\x00\t\n\x0c\r ]*(?:
    /(?P<name>[^\x00-\x20()<>\[\]{}/%\x7f-\xff]*)
    | (?P<reference>[0-9]{1,9}[\x00\t\n\x0c\r ]+[0-9]{1,5}[\x00\t\n\x0c\r ]+R)(?=[\x00\t\n\x0c\r ()<>\[\]/]|$)
    | (?P<number>[+-]?(?:[0-9]{1,12}(?:\.[0-9]*)?|\.[0-9]+))(?=[\x00\t\n\x0c\r ()<>\[\]/]|$)
    | (?P<open><<) | (?P<close>>>) | (?P<start>\[) | (?P<stop>\])
    | \((?P<string>(?:[^()\\]|\\.)*)\)
    | <(?P<hex>[0-9A-Fa-f\x00\t\n\x0c\r ]*)>
    | (?P<word>[A-Za-z'"][A-Za-z0-9*]*)(?=[\x00\t\n\x0c\r ()<>\[\]/]|$)
    )""",
    re.DOTALL | re.VERBOSE,
)
_SPACES = re.compile(rb"[\x00\t\n\x0c\r ]*")
_NAME_ESCAPE = re.compile(r"#([0-9A-Fa-f]{2})")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)|\r\n?", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_WORDS = {b"true": True, b"false": False, b"null": None}


class Word(bytes):
    """A word that is no value: a keyword of the file, an operator of a content stream."""

    __slots__ = ()


def skip_space(data: bytes, position: int) -> int:
    """Where the next byte that is not white space is."""
    match = _SPACES.match(data, position)
    return match.end() if match else position


def read_value(data: bytes, position: int, depth: int = 0) -> tuple[Value, int]:
    """The value or word at `position`, white space skipped, and where it ends; raises `Unfit`."""
    match = _TOKEN.match(data, position)
    if match is None:
        raise Unfit("malformed-object")
    kind, after = match.lastgroup, match.end()
    if kind == "open" or kind == "start":
        if depth > DEPTH:
            raise Unfit("too-large")
        return (_dictionary if kind == "open" else _array)(data, after, depth + 1)
    if kind == "name":
        return _name(match["name"].decode("ascii")), after
    if kind == "number":
        number = match["number"]
        return (float(number) if b"." in number else int(number)), after
    if kind == "reference":
        number, generation, _ = match["reference"].split()
        if int(generation) != 0:
            raise Unfit("malformed-object")
        return Reference(int(number)), after
    if kind == "string":
        return _ESCAPE.sub(_unescaped, match["string"]), after
    if kind == "hex":
        digits = b"".join(match["hex"].replace(b"\x00", b"").split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")), after
    if kind == "word":
        word = match["word"]
        return (_WORDS[word] if word in _WORDS else Word(word)), after
    raise Unfit("malformed-object")


def _dictionary(data: bytes, position: int, depth: int) -> tuple[dict[str, Value], int]:
    found: dict[str, Value] = {}
    while True:
        match = _TOKEN.match(data, position)
        if match is not None and match.lastgroup == "close":
            return found, match.end()
        if match is None or match.lastgroup != "name":
            raise Unfit("malformed-object")
        key = _name(match["name"].decode("ascii"))
        value, position = read_value(data, match.end(), depth)
        if key in found or isinstance(value, Word):
            raise Unfit("malformed-object")
        found[key] = value


def _array(data: bytes, position: int, depth: int) -> tuple[list[Value], int]:
    found: list[Value] = []
    while True:
        match = _TOKEN.match(data, position)
        if match is not None and match.lastgroup == "stop":
            return found, match.end()
        value, position = read_value(data, position, depth)
        if isinstance(value, Word):
            raise Unfit("malformed-object")
        found.append(value)


def _name(written: str) -> Name:
    if "#" not in written:
        return Name(written)
    if len(_NAME_ESCAPE.findall(written)) != written.count("#") or "#00" in written:
        raise Unfit("malformed-object")
    return Name(_NAME_ESCAPE.sub(lambda match: chr(int(match[1], 16)), written))


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code is None:
        return b"\n"
    if code.isdigit() and code < b"8":
        return bytes([int(code, 8) & 0xFF])
    return _ESCAPED.get(code, code)


def operations(content: bytes) -> Iterator[tuple[bytes, list[Value]]]:
    """The operators of a content stream with their operands (ISO 32000-1, 7.8.2); raises `Unfit`."""
    operands: list[Value] = []
    position, end = skip_space(content, 0), len(content)
    while position < end:
        value, position = read_value(content, position)
        if isinstance(value, Word):
            yield bytes(value), operands
            operands = []
        else:
            operands.append(value)
        position = skip_space(content, position)
    if operands:
        raise Unfit("malformed-object")
