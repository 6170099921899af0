"""Rules for values: what a dictionary may hold, and in which role an object stands that it refers to.

A rule says what is allowed; whatever it does not name is found. An object that is referred to is looked at once, in one role.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from chauban.signing.linting.findings import Finding, Unfit
from chauban.signing.linting.policy import LintPolicy
from chauban.signing.linting.state import State
from chauban.signing.linting.values import Entries, Name, Reference, Stream, Value, entries_of, identical

# Entries that say what is wrong with them by their names alone.
TELLING: Mapping[str, str] = {
    **dict.fromkeys(("JS", "OpenAction", "AA", "PA", "Next", "Launch", "SubmitForm"), "active-content"),
    **dict.fromkeys(("OC", "OCProperties", "OCGs", "OCMD"), "optional-content"),
    **dict.fromkeys(("F", "FFilter", "FDecodeParms", "Ref", "OPI", "Alternates", "URI", "FS"), "external-reference"),
    **dict.fromkeys(("EF", "EmbeddedFiles", "Collection"), "undeclared-file"),
    "XFA": "xfa",
    "NeedAppearances": "need-appearances",
}
ACTIVE_NAMES = {"JavaScript", "AlternatePresentations", "Renditions"}


class Walk:
    """A way through the objects of one state of a file; `roles` is where it came by, `findings` what it found."""

    def __init__(self, state: State, policy: LintPolicy, roles: Mapping[str, "Rule"]) -> None:
        self.state, self.policy = state, policy
        self.findings: list[Finding] = []
        self.roles: dict[int, str] = {}
        self._rules = roles
        self._waiting: list[int] = []

    def find(self, code: str, place: str) -> None:
        """Keep a finding; each is told once."""
        if (finding := Finding(code, place)) not in self.findings:
            self.findings.append(finding)

    def follow(self, value: Value, role: str, place: str) -> None:
        """Look at what stands here, or is referred to from here, as `role`."""
        if not isinstance(value, Reference):
            self._rules[role](self, value, place)
            return
        known = self.roles.setdefault(value.number, role)
        if known != role:
            self.find("object-in-two-roles", f"object {value.number}")
        elif value.number not in self.state.objects:
            self.find("missing-object", f"object {value.number}")
        else:
            self._waiting.append(value.number)

    def go(self) -> None:
        """Look at everything that was referred to so far, each object once."""
        seen: set[int] = set()
        while self._waiting:
            number = self._waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            try:
                self._rules[self.roles[number]](self, self.state.objects[number], f"object {number}")
            except Unfit as unfit:
                self.find(unfit.finding.code, f"object {number}")


class Rule(Protocol):
    """Looks at a value; what is wrong with it goes to the walk's findings."""

    def __call__(self, walk: Walk, value: Value, place: str) -> None: ...


def of(test: Callable[[Value], bool]) -> Rule:
    """A value of which `test` is true."""

    def rule(walk: Walk, value: Value, place: str) -> None:
        if not test(value):
            walk.find("unexpected-entry", place)

    return rule


def just(expected: Value) -> Rule:
    """This value and no other, not even one that counts as the same."""
    return of(lambda value: identical(value, expected))


def is_number(value: Value) -> bool:
    """Whether a value is an integer or a real number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_plain(value: Value) -> bool:
    """Whether a value refers to nothing and holds no dictionary."""
    if isinstance(value, list):
        return all(is_plain(each) for each in value)
    return not isinstance(value, Reference | Stream | dict)


number = of(is_number)
integer = of(lambda value: type(value) is int)
boolean = of(lambda value: isinstance(value, bool))
string = of(lambda value: isinstance(value, bytes))
any_name = of(lambda value: isinstance(value, Name))
plain = of(is_plain)
box = of(lambda value: isinstance(value, list) and len(value) == 4 and all(is_number(each) for each in value))


def name(*options: str) -> Rule:
    """One of these names."""
    return of(lambda value: isinstance(value, Name) and value in options)


def to(role: str) -> Rule:
    """What plays this role, here or where a reference leads."""
    return lambda walk, value, place: walk.follow(value, role, place)


def each(rule: Rule) -> Rule:
    """An array whose elements all follow `rule`."""

    def check(walk: Walk, value: Value, place: str) -> None:
        if not isinstance(value, list):
            walk.find("unexpected-entry", place)
            return
        for element in value:
            rule(walk, element, place)

    return check


def named(rule: Rule) -> Rule:
    """A dictionary, here or referred to, whose values all follow `rule` under whatever names."""

    def check(walk: Walk, value: Value, place: str) -> None:
        if not isinstance(value, dict):
            walk.find("unexpected-entry", place)
            return
        for entry in value.values():
            rule(walk, entry, place)

    return check


def either(*options: tuple[type | tuple[type, ...], Rule]) -> Rule:
    """The rule of the first option whose type the value has."""

    def check(walk: Walk, value: Value, place: str) -> None:
        for types, rule in options:
            if isinstance(value, types):
                rule(walk, value, place)
                return
        walk.find("unexpected-entry", place)

    return check


def holds(entries: Mapping[str, Rule], *, needs: Sequence[str] = (), stream: bool = False) -> Rule:
    """A dictionary (of a stream, if so) with these entries and no others, of which `needs` must be there."""
    allowed = {**entries, **({"Length": integer, "Filter": name("FlateDecode")} if stream else {})}

    def check(walk: Walk, value: Value, place: str) -> None:
        if isinstance(value, Stream) is not stream or not isinstance(value, Stream | dict):
            walk.find("unexpected-entry", place)
            return
        check_entries(walk, entries_of(value), allowed, place)
        if any(need not in entries_of(value) for need in needs):
            walk.find("unexpected-entry", place)

    return check


def check_entries(walk: Walk, entries: Entries, allowed: Mapping[str, Rule], place: str) -> None:
    """Each entry of a dictionary against its rule; those without one are found, by their names where these tell enough."""
    for key, value in entries.items():
        if key in allowed:
            allowed[key](
                walk, value, f"{place} /{key}" if place.startswith("object") and place.count("/") == 0 else place
            )
        else:
            walk.find(
                "active-content" if key in ACTIVE_NAMES else TELLING.get(key, "unexpected-entry"), f"{place} /{key}"
            )
