"""Where in a request a fault is: paths as pointers, and the sentences for faults that no schema keyword has."""

from collections.abc import Iterable

from chauban.errors import FieldError
from chauban.forms.messages import Texts, sentence
from chauban.pointers import fragment


def field_pointer(base: str, path: Iterable[str | int]) -> str:
    """The pointer of a path below `base`, as a URI fragment (RFC 6901, section 6)."""
    return base + fragment(str(part) for part in path).removeprefix("#")


def field_error(base: str, path: tuple[str | int, ...], code: str, texts: Texts, **values: object) -> FieldError:
    """A fault with its sentences."""
    return FieldError(field_pointer(base, path), code, sentence(code, path, texts, **values))
