"""Where in a request a fault is: paths as pointers, and the sentences for faults that no schema keyword has."""

from collections.abc import Iterable
from urllib.parse import quote

from chauban.errors import FieldError
from chauban.forms.messages import Texts, sentence


def field_pointer(base: str, path: Iterable[str | int]) -> str:
    """The pointer of a path below `base`, as a URI fragment (RFC 6901, section 6)."""
    return base + "".join("/" + _escape(str(part)) for part in path)


def field_error(base: str, path: tuple[str | int, ...], code: str, texts: Texts, **values: object) -> FieldError:
    """A fault with its sentences."""
    return FieldError(field_pointer(base, path), code, sentence(code, path, texts, **values))


def _escape(part: str) -> str:
    """A reference token, percent-encoded; half a surrogate pair becomes a question mark."""
    return quote(part.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@", errors="replace")
