"""JSON pointers as URI fragments (RFC 6901, section 6): how a fault's place in a request is named."""

from collections.abc import Iterable
from urllib.parse import quote


def fragment(path: Iterable[str]) -> str:
    """The pointer to a path of member names and positions; "#" is the whole body."""
    return "#" + "".join("/" + _token(part) for part in path)


def _token(part: str) -> str:
    """A reference token, percent-encoded; half a surrogate pair becomes a question mark."""
    return quote(part.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@", errors="replace")
