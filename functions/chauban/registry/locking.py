"""Fields that came from a register and may not be changed: checked again when the answers are sent."""

import re
import unicodedata
from typing import Any

from chauban.errors import FieldError
from chauban.registry.inquiry import Prefill

_BLANKS = re.compile(r"\s+")
_DIFFERS = {
    "vi": "Mục này được lấy từ cơ sở dữ liệu và không sửa được ở đây. Hãy giữ nguyên, hoặc liên hệ cơ quan để đính chính.",
    "en": "This was taken from the register and cannot be changed here. Leave it as it is, or ask the agency to correct it.",
}


def canonical(value: Any) -> Any:
    """A value as it is compared: texts in NFC, without case, with single blanks; anything else as it is.

    NFC comes again after the case is folded, for folding can take letters apart.
    """
    if not isinstance(value, str):
        return value
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", value).casefold())
    return _BLANKS.sub(" ", folded).strip()


def locked_faults(prefill: Prefill, answers: dict[str, Any]) -> list[FieldError]:
    """A fault for each locked field that is answered and differs; one that is hidden or left empty claims nothing."""
    faults = []
    for pointer in prefill.locked:
        given = value_at(answers, pointer)
        if given is not None and canonical(given) != canonical(prefill.values[pointer]):
            faults.append(FieldError(f"#/answers{pointer[1:]}", "prefilled-differs", _DIFFERS))
    return faults


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
