"""Values for a schema of 2020-12, keyword by keyword; `KEYWORDS` says for each where it is generated.

Written for this project: a keyword that is not in the list makes the count fail, so that none is left out unseen.
"""

from datetime import date
from typing import Any

import jsonschema_rs
from chauban.forms.formats import PROVINCES, formats
from chauban.forms.validation import normalised
from hypothesis import strategies as st

from tests.property.alphabet import ALPHABET, python_pattern

TODAY = date(2026, 11, 23)
MOST_ROWS = 4
LONG = 500
# Names and places as people write them: capitals, minority languages, one word that cannot be broken.
_WORDS = (
    *("Nguyễn Thị Ánh", "NGUYỄN THỊ ƯỚC", "H'Hen Niê", "Y Bhĭm Byă", "Ka Hủi", "Trần Đình Ngữ Ấn"),
    *("Tôn-Thất Bửu", "Ô", "Quách Ỷ", "Siu Ŏt", "Đinh Hrĕ", "K'Brŏi", "Wăn Khŏk", "An " * 20, "Thừaphủ" * 9),
)

ANNOTATIONS = {"$schema", "$id", "$defs", "title", "description", "default", "examples"}
OF_TEXT = {"minLength", "maxLength", "pattern", "format"}
OF_NUMBERS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
OF_LISTS = {"items", "minItems", "maxItems", "uniqueItems"}
OF_OBJECTS = {"properties", "required", "additionalProperties"}
OF_ANY = {"type", "enum", "const", "$ref"}
KEYWORDS = ANNOTATIONS | OF_TEXT | OF_NUMBERS | OF_LISTS | OF_OBJECTS | OF_ANY

Node = dict[str, Any]
Values = st.SearchStrategy[Any]


def target(schema: Node, node: Node) -> Node:
    """The node with its references followed; what stands beside a reference counts too."""
    while "$ref" in node:
        beside = {keyword: value for keyword, value in node.items() if keyword != "$ref"}
        node = {**schema["$defs"][node["$ref"].removeprefix("#/$defs/")], **beside}
    return node


def values(schema: Node, node: Node, always: frozenset[tuple[str, ...]], place: tuple[str, ...] = ()) -> Values:
    """Values for a node of a bundled schema. `always` are places of fields to be given although they are not `required`."""
    node = target(schema, node)
    if "const" in node:
        return st.just(node["const"])
    if "enum" in node:
        return st.sampled_from(node["enum"])
    kind = node.get("type")
    if kind == "object":
        return _objects(schema, node, always, place)
    if kind == "array":
        return _lists(schema, node, always, place)
    return {"string": texts, "integer": integers, "number": numbers, "boolean": lambda _: st.booleans()}[kind](node)


def _objects(schema: Node, node: Node, always: frozenset[tuple[str, ...]], place: tuple[str, ...]) -> Values:
    parts = {name: values(schema, part, always, (*place, name)) for name, part in node["properties"].items()}
    asked = {name for name in parts if name in node.get("required", ()) or (*place, name) in always}
    given = {name: part for name, part in parts.items() if name in asked}
    return st.fixed_dictionaries(given, optional={name: part for name, part in parts.items() if name not in asked})


def _lists(schema: Node, node: Node, always: frozenset[tuple[str, ...]], place: tuple[str, ...]) -> Values:
    least = node.get("minItems", 0)
    most = min(node.get("maxItems", MOST_ROWS), max(least, MOST_ROWS))
    rows = values(schema, node["items"], always, (*place, "*"))
    return st.lists(rows, min_size=least, max_size=most, unique_by=repr if node.get("uniqueItems") else None)


def integers(node: Node) -> Values:
    step = node.get("multipleOf", 1)
    low = node.get("minimum", node.get("exclusiveMinimum", -(10**6) - 1) + 1)
    high = node.get("maximum", node.get("exclusiveMaximum", 10**6 + 1) - 1)
    return st.integers(-(-low // step), high // step).map(lambda number: number * step)


def numbers(node: Node) -> Values:
    """With two decimals at most, as people write them."""
    hundredths = {name: round(value * 100) for name, value in node.items() if name in OF_NUMBERS}
    return integers({**hundredths, "multipleOf": hundredths.get("multipleOf", 1)}).map(lambda number: number / 100)


def texts(node: Node) -> Values:
    """Texts as they are after normalising: short ones of any letters, and some as long as they may be."""
    fits = jsonschema_rs.Draft202012Validator(node, validate_formats=True, formats=dict(formats(TODAY)))
    if "format" in node:
        return _FORMATS[node["format"]].filter(fits.is_valid)
    longest = node.get("maxLength", LONG)
    letters = [letter for letter in ALPHABET if fits.is_valid(letter * node.get("minLength", 1))]
    if letters:
        plain = st.one_of(st.sampled_from(_WORDS), st.text(letters, min_size=1, max_size=20))
        plain = st.one_of(plain, plain, plain, plain.map(lambda text: (text * longest)[:longest]))
    else:
        plain = st.from_regex(python_pattern(node["pattern"]), fullmatch=True, alphabet=ALPHABET)
    return plain.map(normalised).filter(fits.is_valid)


def _personal_numbers() -> Values:
    years = st.dates(date(1930, 1, 1), TODAY)
    return st.builds(personal_number, st.sampled_from(sorted(PROVINCES)), years, st.booleans(), st.integers(0, 999999))


def personal_number(province: int, born: date, woman: bool, running: int) -> str:
    """A number that says what it is made of."""
    return f"{province:03}{2 * ((born.year - 1900) // 100) + woman}{born.year % 100:02}{running:06}"


_DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(date.isoformat)
_FORMATS: dict[str, Values] = {
    "date": _DAYS,
    "past-partial-date": st.dates(date(1930, 1, 1), TODAY).flatmap(
        lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
    ),
    "past-date": st.dates(date(1930, 1, 1), TODAY).map(date.isoformat),
    "personal-number": _personal_numbers(),
    "phone": st.from_regex(r"0[0-9]{9}|0[0-9]{3} [0-9]{3} [0-9]{3}|\+84[0-9]{9}", fullmatch=True),
    "email": st.from_regex(r"[a-z]{1,12}(\.[a-z0-9]{1,9})?@[a-z]{2,10}(\.com)?\.vn", fullmatch=True),
}
