"""Later revisions: each explained by what a signature, filled fields, validation material or a timestamp must change.

Everything that a revision writes over is compared with what stood there before, everything that it adds must be reached from
what may be added; the rest is found. (ISO 32000-1, 12.8.2.2; EN 319 142-1, 5.)
"""

from collections.abc import Iterable, Mapping, Sequence

from chauban.signing.linting.evidence import EVIDENCE
from chauban.signing.linting.field_rules import LOCKED, PRINT, field_name
from chauban.signing.linting.filled_fields import check_annex, check_copy, check_picture, check_text
from chauban.signing.linting.findings import Finding, Unfit
from chauban.signing.linting.grammar import ROLES
from chauban.signing.linting.metadata import facts
from chauban.signing.linting.policy import ANNEX, COPY, NUMBER, SIGNATURE, LintPolicy
from chauban.signing.linting.rules import Rule, Walk
from chauban.signing.linting.signed_values import certifies, covers, keeps_lock, signature, timestamp
from chauban.signing.linting.state import State
from chauban.signing.linting.values import Entries, Name, Reference, Value, elements_of, entries_of, identical, text_of

_EXTENSION = {
    "ESIC": {"Type": Name("DeveloperExtensions"), "BaseVersion": Name("1.7"), "ExtensionLevel": 1},
}
_TIMESTAMP = [Name("Sig"), Name("Widget"), PRINT | LOCKED]
_ROLES: Mapping[str, Rule] = {
    **ROLES,
    "signature": signature,
    "timestamp": timestamp,
    **EVIDENCE,
}


def increment_findings(pdf: bytes, states: Sequence[State], policy: LintPolicy) -> list[Finding]:
    """What is wrong with the revisions after the first."""
    found: list[Finding] = []
    signed = 0
    for number, (before, after) in enumerate(zip(states, states[1:], strict=False), start=2):
        increment = _Increment(pdf, before, after, policy, first=signed == 0)
        found += [
            Finding(each.code, f"revision {number}" + (f", {each.place}" if each.place else ""))
            for each in increment.findings()
        ]
        signed += len(increment.signatures)
    if signed == 0:
        found.append(Finding("no-earlier-signature"))
    return found


class _Increment:
    """One revision against the one before it; `signatures` are the fields signed in it."""

    def __init__(self, pdf: bytes, before: State, after: State, policy: LintPolicy, *, first: bool) -> None:
        self._pdf, self._before, self._after, self._policy, self._first = pdf, before, after, policy, first
        self._walk = Walk(after, policy, _ROLES)
        self.signatures: list[tuple[Entries, Value]] = []
        self._filled: list[int] = []
        self._timestamps: list[Reference] = []

    def findings(self) -> list[Finding]:
        """Everything that nothing explains."""
        if [self._before.trailer.get(key) for key in ("Root", "Info")] != [
            self._after.trailer.get(key) for key in ("Root", "Info")
        ]:
            return [Finding("unexplained-change", "trailer")]
        self._timestamps = self._added_fields()
        overwritten = sorted(self._after.defined & set(self._before.objects))
        for number in overwritten:
            if not identical(self._before.objects[number], self._after.objects[number]):
                try:
                    self._overwritten(number)
                except Unfit as unfit:
                    self._walk.find(unfit.finding.code, f"object {number}")
        for reference in self._timestamps:
            self._timestamp(reference)
        if not self.signatures and self._material(self._before) == self._material(self._after):
            self._walk.find("unexplained-change", "no signature")
        self._judge_signatures()
        self._walk.go()
        explained = set(self._walk.roles) | self._after.containers
        for number in sorted(self._after.defined - set(overwritten) - explained):
            self._walk.find("unexplained-object", f"object {number}")
        return self._walk.findings

    def _material(self, state: State) -> Value:
        return state.resolve(state.root.get("DSS"))

    def _overwritten(self, number: int) -> None:
        before, after = self._before.objects[number], self._after.objects[number]
        place = f"object {number}"
        old, new = entries_of(before), entries_of(after)
        reference = Reference(number)
        if reference == self._after.trailer.get("Root"):
            self._catalog(old, new)
        elif reference == self._after.trailer.get("Info"):
            self._only(old, new, {"ModDate", "Producer"}, place)
            self._walk.follow(reference, "information", place)
        elif reference == self._after.root.get("Metadata"):
            if facts(before) != facts(after):
                self._walk.find("unexplained-change", "metadata")
            self._walk.follow(reference, "metadata", place)
        elif reference == self._after.root.get("AcroForm"):
            self._only(old, new, {"SigFlags", "Fields"}, place)
            if new.get("SigFlags") != 3:
                self._walk.find("unexplained-change", place)
        elif reference == self._before.root.get("DSS"):
            self._evidence(old, new)
        elif old.get("Subtype") == "Widget":
            self._widget(number, old, new)
        elif old.get("Type") == "Page":
            self._page(old, new, place)
        else:
            self._walk.find("unexplained-change", place)

    def _only(self, old: Entries, new: Entries, keys: Iterable[str], place: str) -> None:
        """Find every entry that differs, but for `keys`."""
        for key in sorted(set(old) | set(new)):
            if key not in keys and (
                key not in old or key not in new or not identical(old[key], new[key], rewritten=True)
            ):
                self._walk.find(
                    "need-appearances" if key == "NeedAppearances" else "unexplained-change", f"{place} /{key}"
                )

    def _catalog(self, old: Entries, new: Entries) -> None:
        self._only(old, new, {"DSS", "Extensions", "Perms"}, "catalog")
        if not identical(new.get("Extensions", _EXTENSION), _EXTENSION) or (
            "Perms" in old and old["Perms"] != new.get("Perms")
        ):
            self._walk.find("unexplained-change", "catalog")
        if old.get("DSS") != new.get("DSS"):
            self._evidence(
                entries_of(self._before.resolve(old.get("DSS"))), entries_of(self._after.resolve(new.get("DSS")))
            )

    def _evidence(self, old: Entries, new: Entries) -> None:
        """Validation material is only ever added to."""
        self._walk.follow(self._after.root.get("DSS"), "evidence", "validation material")
        for key, kept in old.items():
            if not isinstance(new.get(key), list) or any(each not in new[key] for each in elements_of(kept)):
                self._walk.find("unexplained-change", "validation material")

    def _widget(self, number: int, old: Entries, new: Entries) -> None:
        name, place = field_name(old), f"field {field_name(old)}"
        self._only(old, new, {"V", "AP"}, place)
        if self._policy.kind(name) == SIGNATURE:
            if "V" in old or not isinstance(new.get("V"), Reference):
                self._walk.find("unexplained-change", place)
                return
            self.signatures.append((new, new["V"]))
            self._walk.follow(new["V"], "signature", place)
            self._look(name, new, place)
        else:
            if old.get("V") != b"" or not new.get("V"):
                self._walk.find("unexplained-change", place)
            self._filled.append(number)
            check_text(self._walk, self._after, new, self._fonts(), place)
        if old.get("AP") != new.get("AP"):
            self._walk.follow(entries_of(new.get("AP")).get("N"), "external object", place)

    def _look(self, name: str, widget: Entries, place: str) -> None:
        """A picture for who decides and for the organisation, words for who certifies a copy and on an annex."""
        shown = entries_of(self._after.resolve(entries_of(widget.get("AP")).get("N")))
        if name == ANNEX:
            check_annex(self._walk, self._after, widget, self._fonts(), self._number(), place)
        elif name == COPY and shown.get("Resources"):
            check_copy(self._walk, self._after, widget, self._fonts(), place)
        else:
            check_picture(self._walk, self._after, widget, place)

    def _number(self) -> str:
        """The value of the field `number`; empty where there is none."""
        form = entries_of(self._after.resolve(self._after.root.get("AcroForm")))
        fields = (entries_of(self._after.resolve(each)) for each in elements_of(form.get("Fields")))
        return next((text_of(field.get("V")) or "" for field in fields if field_name(field) == NUMBER), "")

    def _fonts(self) -> Value:
        form = entries_of(self._after.resolve(self._after.root.get("AcroForm")))
        return entries_of(form.get("DR")).get("Font")

    def _added_fields(self) -> list[Reference]:
        """Fields after those that there were before: only a document timestamp may bring one."""
        old, new = (
            elements_of(entries_of(state.resolve(state.root.get("AcroForm"))).get("Fields"))
            for state in (self._before, self._after)
        )
        if new[: len(old)] != old:
            self._walk.find("unknown-field", "form")
            return []
        return [each for each in new[len(old) :] if isinstance(each, Reference)]

    def _page(self, old: Entries, new: Entries, place: str) -> None:
        """A page may gain the widget of a document timestamp, and nothing else."""
        self._only(old, new, {"Annots"}, place)
        annotations = elements_of(old.get("Annots"))
        if not self._timestamps or new.get("Annots") != [*annotations, *self._timestamps]:
            self._walk.find("unknown-annotation", place)

    def _timestamp(self, reference: Reference) -> None:
        """The field of a document timestamp: off the page, without a look, on a page."""
        self._walk.roles[reference.number] = "annotation"
        widget, place = entries_of(self._after.resolve(reference)), f"object {reference.number}"
        corners = widget.get("Rect")
        shown = not isinstance(corners, list) or len(corners) != 4 or corners[:2] != corners[2:]
        expected = {"FT", "T", "Type", "Subtype", "F", "Rect", "P", "TU", "V"}
        kind = [widget.get("FT"), widget.get("Subtype"), widget.get("F")]
        page = widget.get("P")
        if set(widget) - expected or not identical(kind, _TIMESTAMP) or shown or self._is_taken(field_name(widget)):
            self._walk.find("unknown-field", place)
        if reference not in elements_of(entries_of(self._after.resolve(page)).get("Annots")):
            self._walk.find("unknown-annotation", place)
        self.signatures.append((widget, widget.get("V")))
        self._walk.follow(widget.get("V"), "timestamp", place)

    def _is_taken(self, name: str) -> bool:
        """Whether a field had this name before, or has none that can be read."""
        form = entries_of(self._before.resolve(self._before.root.get("AcroForm")))
        fields = (entries_of(self._before.resolve(each)) for each in elements_of(form.get("Fields")))
        return name in {"", *map(field_name, fields)} or self._policy.kind(name) is not None

    def _judge_signatures(self) -> None:
        """At most one in a revision, over all of it; the first certifies; number and date come with a signature only."""
        if len(self.signatures) > 1 or (self._filled and (not self.signatures or self._timestamps)):
            self._walk.find("unexplained-change", "more than one act")
        for widget, value in self.signatures:
            entries = entries_of(self._after.resolve(value))
            if not covers(self._pdf, self._after.end, entries):
                self._walk.find("not-covered", f"field {field_name(widget)}")
            if self._timestamps:
                continue
            lock = entries_of(self._after.resolve(widget["Lock"])) if "Lock" in widget else None
            if certifies(entries) is not self._first or not keeps_lock(entries, lock, self._after.trailer.get("Root")):
                self._walk.find("unexplained-change", f"field {field_name(widget)}")
            if self._first and self._after.root.get("Perms") != {"DocMDP": value}:
                self._walk.find("unexplained-change", "catalog /Perms")
