"""Answers on their way: what is wrong with those given, what is still missing, and which questions are not asked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chauban.errors import FieldError
from chauban.forms.definition import FormDefinition
from chauban.forms.validation import ANSWERS, examined

_MISSING = {"required"}


@dataclass(frozen=True)
class State:
    """`errors` are faults of what was given, `missing` what has to be given still; `hidden` points to questions not asked."""

    errors: tuple[FieldError, ...]
    missing: tuple[FieldError, ...]
    hidden: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Whether these answers (of the scope, where there is one) could be filed."""
        return not self.errors and not self.missing


def state_of(form: FormDefinition, answers: dict[str, Any], scope: str | None, today: date) -> State:
    """The state of answers that need not be complete; `scope` (`#/properties/subject`) leaves out what is elsewhere."""
    inside = ANSWERS + "".join(f"/{name}" for name in (scope or "").split("/")[2::2])
    whole = examined(form, answers, today)
    found = [fault for fault in whole.faults if _below(fault.pointer, inside)]
    return State(
        errors=tuple(fault for fault in found if fault.code not in _MISSING),
        missing=tuple(fault for fault in found if fault.code in _MISSING),
        hidden=tuple(pointer for pointer in whole.hidden if _below(pointer, inside)),
    )


def _below(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(place + "/")
