"""Safe to sign: refusing files that hide something, before anybody's key comes near them.

A file of ours is read as its makers wrote it, byte by byte; whatever they would not have written is a finding. The reader shares
nothing with the libraries that make and sign files, so that a fault of theirs is not ours, too.
"""

from enum import StrEnum

from chauban.errors import UnsafeToSign
from chauban.signing.linting.findings import Finding, Unfit
from chauban.signing.linting.increments import increment_findings
from chauban.signing.linting.pages import page_findings
from chauban.signing.linting.policy import LintPolicy
from chauban.signing.linting.sources import source_findings
from chauban.signing.linting.state import State, read_states
from chauban.signing.linting.structure import look_through

DEFAULT_POLICY = LintPolicy()


class Mode(StrEnum):
    """`FIRST`: one revision that nobody has signed. `NEXT`: at least one signature, and every later revision explained."""

    FIRST = "first"
    NEXT = "next"


def lint(pdf: bytes, mode: Mode, policy: LintPolicy = DEFAULT_POLICY) -> list[Finding]:
    """Everything that speaks against signing the file; nothing, for a file that is safe to sign.

    A file that cannot be read in one way only has a single finding: the first thing that is wrong with it.
    """
    try:
        states = read_states(pdf)
        if mode is Mode.FIRST:
            several = [Finding("several-revisions")] if len(states) > 1 else []
            return several + _first(states[0], policy)
        found = _first(states[0], policy) + increment_findings(pdf, states, policy)
    except Unfit as unfit:
        return [unfit.finding]
    # What pyHanko makes of a file matters only where we read the same in it.
    return found or _difference(pdf)


def require_clean(pdf: bytes, mode: Mode, policy: LintPolicy = DEFAULT_POLICY) -> None:
    """Raise `UnsafeToSign` with all findings, unless there are none."""
    if found := lint(pdf, mode, policy):
        raise UnsafeToSign(found)


def _first(state: State, policy: LintPolicy) -> list[Finding]:
    walk = look_through(state, policy)
    # Pages are followed only where the objects that they are made of are what they should be.
    return walk.findings or source_findings(state, walk.roles) + page_findings(state, policy, walk.roles)


def _difference(pdf: bytes) -> list[Finding]:
    from chauban.signing.linting.difference import difference_findings  # loads pyHanko

    return difference_findings(pdf)
