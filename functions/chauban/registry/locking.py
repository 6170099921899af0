"""Fields that came from a register and may not be changed: checked again when the answers are sent."""

from typing import Any

from chauban.errors import FieldError
from chauban.forms.comparing import agree, canonical
from chauban.forms.prefill_rules import When
from chauban.registry.inquiry import Prefill

_DIFFERS = {
    "vi": "Mục này được lấy từ cơ sở dữ liệu và không sửa được ở đây. Hãy giữ nguyên, hoặc liên hệ cơ quan để đính chính.",
    "en": "This was taken from the register and cannot be changed here. Leave it as it is, or ask the agency to correct it.",
}


def locked_faults(prefill: Prefill, answers: dict[str, Any]) -> list[FieldError]:
    """A fault for each locked field that is answered and differs; one that is hidden or left empty claims nothing.

    A day agrees with the year or month of it, if the register knows no more.
    """
    claimed = [pointer for pointer in prefill.locked if meets(prefill.when.get(pointer), answers)]
    given = {pointer: value_at(answers, pointer) for pointer in claimed}
    return [
        FieldError(f"#/answers{pointer[1:]}", "prefilled-differs", _DIFFERS)
        for pointer, value in given.items()
        if value is not None and not agree(value, prefill.values[pointer])
    ]


def unchanged(prefill: Prefill, answers: dict[str, Any]) -> list[str]:
    """The pointers at which the answers hold what the register told, locked or not."""
    return [
        pointer
        for pointer, value in prefill.values.items()
        if meets(prefill.when.get(pointer), answers) and same_at(pointer, answers, value)
    ]


def same_at(pointer: str, answers: dict[str, Any], value: Any) -> bool:
    """Whether the answers hold that value at a pointer, as values are compared."""
    given = value_at(answers, pointer)
    return given is not None and canonical(given) == canonical(value)


def meets(when: When | None, answers: dict[str, Any]) -> bool:
    """Whether a field is about the person who was looked up, as far as another answer says."""
    return when is None or value_at(answers, when.at) == when.equals


def value_at(answers: dict[str, Any], pointer: str) -> Any:
    """What answers hold at a pointer "#/a/b"; None where there is nothing."""
    found: Any = answers
    for name in pointer.split("/")[1:]:
        if not isinstance(found, dict) or name not in found:
            return None
        found = found[name]
    return found


def placed(values: dict[str, str]) -> dict[str, Any]:
    """Values by pointer as an answers object."""
    answers: dict[str, Any] = {}
    for pointer, value in values.items():
        *way, last = pointer.split("/")[1:]
        place = answers
        for name in way:
            place = place.setdefault(name, {})
        place[last] = value
    return answers
