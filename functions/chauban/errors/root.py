"""The root of all errors, and one fault in a request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class FieldError:
    """One fault in a request: where (URI fragment JSON pointer into the body), which, and a text per language."""

    pointer: str
    code: str
    detail: Mapping[str, str]


class ChaubanError(Exception):
    """Root of all errors of the service; `str(error)` is the English text."""

    code: ClassVar[str] = "internal-error"
    status: ClassVar[int] = 500
    title: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"vi": "Hệ thống gặp sự cố.", "en": "The service has a fault."}
    )
    text: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "vi": "Hệ thống gặp sự cố. Vui lòng thử lại sau ít phút.",
            "en": "The service has a fault. Please try again in a few minutes.",
        }
    )

    def __init__(self, *, errors: Sequence[FieldError] = (), **values: object) -> None:
        self.values = values
        self.errors = tuple(errors)
        super().__init__(self.detail("en"))

    def detail(self, language: str) -> str:
        """The text in `language` ("vi" or "en"), with the values filled in."""
        return self.text[language].format(**self.values)

    def members(self, _language: str) -> dict[str, object]:
        """What the problem tells beside its text (RFC 9457, 3.2)."""
        return {}
