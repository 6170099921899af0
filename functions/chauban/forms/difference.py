"""What changes between two versions of a form, for those who fill it in and for those who read its data.

A change is major where a program that is right for the old version can be wrong for the new one: a portal whose request would
now be refused, or a reader that meets a value, or the lack of one, that the old schema ruled out. Everything else is minor.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chauban.forms.definition import FormDefinition
from chauban.forms.difference_texts import sentences
from chauban.forms.fields import Field, fields_of, schema_fields

CITIZENS, CONSUMERS, CLERKS = "citizens", "consumers", "clerks"
_LOWER = ("minLength", "minimum", "minItems")


@dataclass(frozen=True)
class FormChange:
    """One change: for whom, which, where (a dotted path, or a name of form.yaml), and a sentence per language."""

    concerns: tuple[str, ...]
    code: str
    place: str
    major: bool
    text: Mapping[str, str]


def differences(old: FormDefinition, new: FormDefinition) -> tuple[FormChange, ...]:
    """All changes from one version to another, answers first."""
    return tuple([*_of_answers(old, new), *_of_decisions(old, new), *_of_texts(old, new), *_of_head(old, new)])


def is_major(changes: tuple[FormChange, ...]) -> bool:
    """Whether a new major number is due."""
    return any(change.major for change in changes)


@dataclass(frozen=True)
class _Told:
    """Makes changes of one part of a form."""

    old: FormDefinition
    new: FormDefinition
    concerns: tuple[str, ...]
    prefix: str = ""

    def __call__(self, code: str, path: str, major: bool, **values: object) -> FormChange:
        labels = {language: self._label(language, path) for language in ("vi", "en")}
        return FormChange(self.concerns, code, self.prefix + path, major, sentences(code, labels, values))

    def _label(self, language: str, path: str) -> str:
        for form in (self.new, self.old):
            label = form.texts.get(language, {}).get("labels", {}).get(path)
            if label:
                return str(label)
        return path


def _of_answers(old: FormDefinition, new: FormDefinition) -> Iterator[FormChange]:
    told = _Told(old, new, (CITIZENS, CONSUMERS))
    yield from _of_fields(fields_of(old), fields_of(new), told)


def _of_decisions(old: FormDefinition, new: FormDefinition) -> Iterator[FormChange]:
    told = _Told(old, new, (CLERKS, CONSUMERS), "decision:")
    for name in sorted({*old.decision_schemas, *new.decision_schemas}):
        before = {one.path: one for one in schema_fields(old.decision_schemas.get(name, {}))}
        after = {one.path: one for one in schema_fields(new.decision_schemas.get(name, {}))}
        yield from _of_fields(before, after, told)


def _of_fields(before: Mapping[str, Field], after: Mapping[str, Field], told: _Told) -> Iterator[FormChange]:
    for path in before.keys() - after.keys():
        yield told("field-removed", path, True)
    for path in [path for path in after if path not in before]:
        # What is required within something new is asked for only where that is given.
        within = path.rpartition(".")[0]
        new = within in after and within not in before
        wanted = not new and (after[path].required or after[path].required_when_shown)
        yield told("field-added-required" if wanted else "field-added", path, wanted)
    for path in [path for path in after if path in before]:
        yield from _of_field(before[path], after[path], told)


def _of_field(before: Field, after: Field, told: _Told) -> Iterator[FormChange]:
    path = after.path
    if before.kind != after.kind:
        yield told("kind-changed", path, True)
    if before.required != after.required:
        yield told("now-required" if after.required else "now-optional", path, True)
    if before.rules != after.rules or before.required_when_shown != after.required_when_shown:
        needed = any((before.required, after.required, before.required_when_shown, after.required_when_shown))
        yield told("rule-changed", path, needed)
    for name in sorted({*before.limits, *after.limits}):
        was, now = before.limits.get(name), after.limits.get(name)
        if was != now:
            yield told("limit-changed", path, _narrower(name, was, now), limit=name, was=_shown(was), now=_shown(now))
    was_offered, now_offered = before.options or (), after.options or ()
    for value in [value for value in was_offered if value not in now_offered]:
        yield told("option-removed", path, True, value=value)
    for value in [value for value in now_offered if value not in was_offered]:
        yield told("option-added", path, True, value=value)


def _narrower(name: str, was: float | None, now: float | None) -> bool:
    """Whether what was accepted may now be refused."""
    if was is None or now is None:
        return was is None
    return now > was if name in _LOWER else now < was


def _shown(limit: float | None) -> str:
    return "-" if limit is None else str(limit)


def _of_texts(old: FormDefinition, new: FormDefinition) -> Iterator[FormChange]:
    told = _Told(old, new, (CITIZENS,))
    for part in ("labels", "descriptions", "options", "pages"):
        before: dict[str, Any] = old.texts.get("vi", {}).get(part, {})
        after: dict[str, Any] = new.texts.get("vi", {}).get(part, {})
        for name in [name for name in after if name in before and before[name] != after[name]]:
            yield told("text-changed", name, False, was=before[name], now=after[name])


_HEAD = ("title", "legal_basis", "valid_from", "valid_to", "grace_days", "competent_level", "processing_hours", "fee")
_HEAD_PARTS = ("procedures", "attachments", "components", "results", "signatories", "seal")


def _of_head(old: FormDefinition, new: FormDefinition) -> Iterator[FormChange]:
    told = _Told(old, new, (CITIZENS, CONSUMERS))
    before, after = old.head.model_dump(mode="json"), new.head.model_dump(mode="json")
    for name in _HEAD:
        if before[name] != after[name]:
            yield told("head-changed", name, False, was=_plain(before[name]), now=_plain(after[name]))
    for name in sorted((before.keys() | after.keys()) - {*_HEAD, "slug", "version"}):
        if before.get(name) != after.get(name):
            # Another place of the one who applies: a filing that was right can be refused for it.
            stricter = name == "requester" and bool(after[name])
            taken = name in _HEAD_PARTS and _takes_away(before[name], after[name])
            fewer = name == "results" and bool(_annexes(before[name]) - _annexes(after[name]))
            yield told("head-part-changed", name, stricter or taken or fewer)


def _takes_away(before: Any, after: Any) -> bool:
    """Whether something that was there is gone or other, or something required was added."""
    if not isinstance(before, list) or not isinstance(after, list):
        return True
    names = [_name(part) for part in after]
    gone = any(_name(part) not in names for part in before)
    known = [_name(part) for part in before]
    demanded = any(isinstance(part, dict) and part.get("required") and _name(part) not in known for part in after)
    return gone or demanded


def _annexes(results: Any) -> set[str]:
    return {annex["template"] for result in results for annex in result["annexes"]}


def _name(part: Any) -> str:
    return str(next((part[key] for key in ("code", "name", "kind", "role") if key in part), part))


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("vi", value))
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
