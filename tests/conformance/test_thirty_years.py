"""Thirty simulated years: authorities take new certificates and close, SHA-256 is retired, the root is followed by another one,
and EU DSS is asked as of each year.

A few files and years in every run, twenty files and every year with CHAUBAN_LONG=1.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from chauban.errors import CertificateNotUsable
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tests.conformance.judge import Judge
from tests.unit.preservation.proofs import Chain, Proof, chain_of
from tests.unit.preservation.simulated import YEAR, Outage
from tests.unit.preservation.years import (
    ANNOUNCED,
    CLOSED,
    END,
    LEAST,
    ONE,
    RETIRED,
    START,
    TICK,
    TWO,
    Years,
    birthdays,
)

pytestmark = pytest.mark.java

LONG = os.environ.get("CHAUBAN_LONG") == "1"
# In which simulated years results are issued, each in another one, and as of which EU DSS is asked.
ISSUED = [number * 1.02 for number in range(20)] if LONG else [0, 9.2, 16]
ASKED = set(range(1, 31)) if LONG else {10, 16, 25, 30}
LAST_WEAK = START + 15 * YEAR - LEAST
WEAK = {"SHA256": RETIRED.isoformat()}
ENDS = {"sha256": RETIRED}
LTA = "PAdES-BASELINE-LTA"
# EN 319 102-1: nothing proves that it existed before its algorithms were retired, or before its certificates ended.
RETIRED_BEFORE_PROVEN = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
ENDED_BEFORE_PROVEN = {"OUT_OF_BOUNDS_NO_POE", "OUT_OF_BOUNDS_NOT_REVOKED"}


@dataclass
class Past:
    """What was lived through: the results as they were issued, and the newest revision of each at the end of each year."""

    years: Years
    issued: list[bytes]
    ends: dict[int, dict[str, bytes]]
    roots: Path

    @property
    def chains(self) -> list[Chain]:
        return [chain_of(pdf) for pdf in self.ends[30].values()]


def pem(file: Path, anchors: Sequence[bytes]) -> Path:
    certificates = [x509.load_der_x509_certificate(each) for each in anchors]
    file.write_bytes(b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates))
    return file


@pytest.fixture(scope="module")
def past(result: bytes, tmp_path_factory: pytest.TempPathFactory) -> Past:
    years = Years(result)
    coming = [START + number * YEAR for number in ISSUED]
    issued, ends = [], {}
    for number, birthday in enumerate(birthdays(30), start=1):
        while coming and coming[0] < birthday:
            years.pass_to(coming.pop(0))
            issued.append(years.issue())
        years.pass_to(birthday)
        ends[number] = {dossier: years.kept.revisions(dossier)[-1] for dossier in years.kept.dossiers}
    return Past(years, issued, ends, pem(tmp_path_factory.mktemp("years") / "roots.pem", years.trust.anchors))


def conclusions(found: dict[str, list[dict[str, Any]]]) -> set[tuple[str, str]]:
    return {(each["indication"], each["sub_indication"]) for each in found["signatures"]}


def reasons(found: dict[str, list[dict[str, Any]]]) -> set[str]:
    """Why signatures do not pass; none of them does."""
    assert [each["indication"] for each in found["signatures"]] == ["INDETERMINATE"] * 2, found
    told = {reason for _, reason in conclusions(found)}
    assert told
    assert "null" not in told, found
    return told


def assert_valid(found: dict[str, list[dict[str, Any]]], where: Any) -> None:
    assert [each["indication"] for each in found["signatures"]] == ["TOTAL_PASSED"] * 2, (where, found)
    assert {each["level"] for each in found["signatures"]} == {LTA}, (where, found)
    assert found["timestamps"][-1]["indication"] == "PASSED", (where, found)


def test_every_file_is_valid_in_every_year(judge: Judge, past: Past) -> None:
    asked = 0
    for number in sorted(ASKED):
        for pdf in past.ends[number].values():
            assert_valid(judge.preserved(pdf, past.roots, START + number * YEAR, WEAK), number)
            asked += 1
    assert asked == sum(number > year for number in ASKED for year in ISSUED)
    assert len(past.ends[30]) == len(past.issued) == len(ISSUED)
    for pdf in past.ends[30].values():
        assert judge.broken_rules(pdf) == {}


def test_none_lapses(past: Past) -> None:
    """By the bytes of each file alone: each proof stood when the next document timestamp was made, half a year at least, and the
    last ones stand today."""
    assert sum(sum(report.failed.values()) for report in past.years.reports) == 0
    assert not any(report.waits for report in past.years.reports)
    soonest = timedelta(days=180) - TICK
    for chain, birth in zip(past.chains, ISSUED, strict=True):
        assert min(chain.margins(END, ENDS)) >= soonest, chain
        assert chain.stamps[0].made_at == (START + birth * YEAR).replace(microsecond=0)
        # Not more often than every two years either.
        assert 4 <= len(chain.stamps) <= (30 - birth) / 2 + 1, chain


def test_the_world_was_as_hard_as_it_was_meant_to_be(past: Past) -> None:
    chains = past.chains
    for chain in chains:
        for stamp in chain.stamps:
            assert stamp.made_at
            assert stamp.made_at < LAST_WEAK or "sha256" not in stamp.hashes, stamp
            assert stamp.made_at >= ANNOUNCED or stamp.hashes == {"sha256"}, stamp
    # Files rested on the second authority when it closed, and were taken over by the first one.
    taken_over = [
        (old, new) for chain in chains for old, new in pairwise(chain.stamps) if _rests(old, TWO, CLOSED, new)
    ]
    assert taken_over
    assert not any(TWO in new.authority for _, new in taken_over)
    # The first root had ended before the end, and what it vouched for was covered by then.
    root, next_root = map(x509.load_der_x509_certificate, past.years.trust.anchors)
    assert root.not_valid_after_utc < END < next_root.not_valid_after_utc
    assert all(chain.stamps[-1].root == "next root" for chain in chains)
    assert any(proof.root == "root" for chain in chains for proof in chain.signed)
    assert {len(set(stamp.authority for stamp in chain.stamps)) > 3 for chain in chains} == {True}


def _rests(stamp: Proof, authority: str, moment: datetime, following: Proof) -> bool:
    assert stamp.made_at
    assert following.made_at
    return authority in stamp.authority and stamp.made_at < moment < following.made_at


def test_each_revision_begins_with_what_was_issued(past: Past) -> None:
    for dossier, idle, issued in zip(past.ends[30], past.years.idle.dossiers, past.issued, strict=True):
        kept, left = past.years.kept.revisions(dossier), past.years.idle.revisions(idle)
        assert kept[0] == left[0] == issued
        assert all(later.startswith(earlier) and later != earlier for earlier, later in pairwise(kept))
        # Raised once when it was issued, and never again.
        assert len(left) == 2


def test_without_renewal_the_same_files_fail_in_the_end_for_the_reason_meant(judge: Judge, past: Past) -> None:
    engine = past.years.kept.renewing.extending.engine
    for dossier, birth in zip(past.years.idle.dossiers, ISSUED, strict=True):
        soon, issued, raised = START + (birth + 1) * YEAR, *past.years.idle.revisions(dossier)
        assert_valid(judge.preserved(raised, past.roots, soon, WEAK), birth)
        assert conclusions(judge.preserved(issued, past.roots, soon, WEAK)) == {("TOTAL_PASSED", "null")}
        for left in (issued, raised):
            # By whoever never heard of the retirement, too: the certificates have ended.
            assert reasons(judge.preserved(left, past.roots, END)) <= ENDED_BEFORE_PROVEN
            late = reasons(judge.preserved(left, past.roots, END, WEAK))
            assert late <= ({RETIRED_BEFORE_PROVEN} if birth < 12 else ENDED_BEFORE_PROVEN), (birth, late)
            # And nobody pretends that they can still be kept.
            with pytest.raises(CertificateNotUsable, match="expired"):
                engine.extend(left, past.years.kept.policy)


def test_a_verifier_with_one_of_the_two_roots_alone_cannot_say(judge: Judge, past: Past, tmp_path: Path) -> None:
    pdf = next(iter(past.ends[30].values()))
    for number, anchor in enumerate(past.years.trust.anchors):
        alone = pem(tmp_path / f"{number}.pem", [anchor])
        assert reasons(judge.preserved(pdf, alone, END, WEAK))


def test_what_a_revoked_authority_stamped_last_is_reported_and_whatever_rests_on_another_goes_on(
    judge: Judge, result: bytes, tmp_path: Path
) -> None:
    years = Years(result, outages=(Outage(ONE, START + 19.55 * YEAR, START + 19.65 * YEAR),))
    years.pass_to(START + 17.9 * YEAR)
    years.issue()
    years.pass_to(START + 19.6 * YEAR)
    years.issue()
    resting, other = years.kept.dossiers
    roots = pem(tmp_path / "roots.pem", years.trust.anchors)
    years.pass_to(START + 19.8 * YEAR)
    before, last = years.kept.revisions(resting)[-2:]
    revoked = years.trust.authority(ONE)
    assert [chain_of(last).stamps[-1].authority] == [revoked.name]
    years.trust.revoked[revoked.der] = years.clock.now()
    # The revision before rests on a certificate that still stands, and can be kept beside.
    beside = years.kept.renewing.extending.engine.extend(before, years.kept.policy).pdf
    years.pass_to(START + 24 * YEAR)
    failed = list(dict.fromkeys(reason for report in years.reports for reason in report.failed))
    assert failed == ["certificate-not-usable: revoked", "certificate-not-usable: expired"]
    assert years.kept.revisions(resting)[-1] == last
    assert_valid(judge.preserved(years.kept.revisions(other)[-1], roots, years.clock.now(), WEAK), "another authority")
    # Who asks nobody learns of it when the certificate has ended.
    for pdf, until in ((last, revoked.certificate.not_valid_after_utc), (beside, chain_of(beside).stamps[-1].ends_at)):
        assert_valid(judge.preserved(pdf, roots, until - TICK, WEAK), until)
        assert reasons(judge.preserved(pdf, roots, until + TICK, WEAK)) <= ENDED_BEFORE_PROVEN
    assert TWO in chain_of(beside).stamps[-1].authority


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
def test_a_retired_hash_alone_makes_files_fail_where_the_policy_does_not_say_so(
    judge: Judge, result: bytes, tmp_path: Path, told: bool
) -> None:
    years = Years(result, told=told)
    years.pass_to(START + 13 * YEAR)
    years.issue()
    years.pass_to(START + 15.1 * YEAR)
    (dossier,) = years.kept.dossiers
    pdf, roots = years.kept.revisions(dossier)[-1], pem(tmp_path / "roots.pem", years.trust.anchors)
    assert_valid(judge.preserved(pdf, roots, years.clock.now()), "without the retirement")
    found = judge.preserved(pdf, roots, years.clock.now(), WEAK)
    if told:
        assert_valid(found, "with the retirement")
    else:
        assert reasons(found) == {RETIRED_BEFORE_PROVEN}
