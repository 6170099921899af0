"""The annexes of a document are the files that its data name by hash, under the signatures that are in it."""

import json
from collections.abc import Sequence

from chauban.signing.linting.findings import Finding, Unfit
from chauban.signing.linting.policy import LintPolicy
from chauban.signing.linting.sources import with_role
from chauban.signing.linting.state import read_states
from chauban.signing.linting.structure import look_through


def annex_findings(pdf: bytes, annexes: Sequence[str]) -> list[Finding]:
    """What is wrong with the SHA-256 (hex) of a document's annexes, in their order; `pdf` was found sound before.

    The data are those of the first revision, which every signature covers.
    """
    try:
        state = read_states(pdf)[0]
        (told,) = with_role(state, look_through(state, LintPolicy()).roles, "embedded file")
        named = [annex["sha256"] for annex in json.loads(told).get("annexes", [])]
    except (Unfit, AttributeError, KeyError, TypeError, ValueError):
        named = None
    return [] if named == list(annexes) else [Finding("annex-not-named")]
