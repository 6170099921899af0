"""Validation material in a file (DSS; EN 319 142-1, 5.4.2): certificates, OCSP answers and lists, each one DER value."""

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.rules import Walk, each, holds, name, to
from chauban.signing.linting.signed_values import der_end
from chauban.signing.linting.values import Stream, Value

evidence = holds({"Type": name("DSS"), **dict.fromkeys(("Certs", "OCSPs", "CRLs"), each(to("evidence stream")))})


def evidence_stream(walk: Walk, value: Value, place: str) -> None:
    """A stream that holds one DER value."""
    holds({}, stream=True)(walk, value, place)
    data = value.data() if isinstance(value, Stream) else b""
    if der_end(data) != len(data):
        raise Unfit("malformed-object")
