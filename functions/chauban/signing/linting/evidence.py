"""Validation material in a file (DSS; EN 319 142-1, 5.4.2): certificates, OCSP answers and lists, each one DER value."""

from collections.abc import Mapping

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.rules import Rule, Walk, each, holds, name, to
from chauban.signing.linting.signed_values import der_end, members
from chauban.signing.linting.values import Stream, Value

_SEQUENCE, _BITS, _ENUMERATED, _TAGGED = 0x30, 0x03, 0x0A, 0xA0
_SHAPES = {
    "certificate": (_SEQUENCE, _SEQUENCE, _BITS),
    "OCSP answer": (_ENUMERATED, _TAGGED),
    "revocation list": (_SEQUENCE, _SEQUENCE, _BITS),
}
_evidence = holds(
    {
        "Type": name("DSS"),
        "Certs": each(to("certificate")),
        "OCSPs": each(to("OCSP answer")),
        "CRLs": each(to("revocation list")),
    }
)


def _stream_of(shape: tuple[int, ...]) -> Rule:
    """A stream that holds one DER value, made up of values of these kinds (X.509, RFC 6960)."""

    def check(walk: Walk, value: Value, place: str) -> None:
        holds({}, stream=True)(walk, value, place)
        data = value.data() if isinstance(value, Stream) else b""
        if der_end(data) != len(data) or members(data) != shape:
            raise Unfit("malformed-object")

    return check


EVIDENCE: Mapping[str, Rule] = {"evidence": _evidence, **{kind: _stream_of(shape) for kind, shape in _SHAPES.items()}}
