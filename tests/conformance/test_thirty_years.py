"""Thirty simulated years: authorities take new certificates, SHA-256 is retired, and EU DSS is asked as of each year.

A few files and years in every run, twenty files and every year with CHAUBAN_LONG=1.
"""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from tests.conformance.judge import Judge
from tests.unit.preservation.simulated import YEAR
from tests.unit.preservation.years import RETIRED, START, Years, birthdays

pytestmark = pytest.mark.java

LONG = os.environ.get("CHAUBAN_LONG") == "1"
# In which simulated years results are issued, and as of which EU DSS is asked.
ISSUED = [number * 0.72 for number in range(20)] if LONG else [0, 7, 14]
ASKED = set(range(1, 31)) if LONG else {8, 16, 30}
WEAK = {"SHA256": RETIRED.isoformat()}


def root_of(years: Years, folder: Path) -> Path:
    file = folder / "root.pem"
    file.write_bytes(years.trust.root.certificate.public_bytes(serialization.Encoding.PEM))
    return file


def lived(years: Years) -> "list[tuple[int, dict[str, bytes]]]":
    """Issues results in their years, and gives what there is at the end of each."""
    coming = [START + number * YEAR for number in ISSUED]
    seen = []
    for number, birthday in enumerate(birthdays(30), start=1):
        while coming and coming[0] < birthday:
            years.pass_to(coming.pop(0))
            years.issue()
        years.pass_to(birthday)
        seen.append((number, years.files()))
    return seen


def test_every_file_is_valid_in_every_year_and_none_lapses(judge: Judge, result: bytes, tmp_path: Path) -> None:
    years = Years(result)
    root, imprints = root_of(years, tmp_path), {}
    for number, files in lived(years):
        for dossier, pdf in files.items() if number in ASKED else ():
            found = judge.preserved(pdf, root, START + number * YEAR, WEAK)
            assert [each["indication"] for each in found["signatures"]] == ["TOTAL_PASSED"] * 2, (number, found)
            assert {each["level"] for each in found["signatures"]} == {"PAdES-BASELINE-LTA"}
            assert {each["indication"] for each in found["timestamps"]} <= {"PASSED", "INDETERMINATE"}
            imprints[dossier] = [each["digest"] for each in found["timestamps"]]
    assert sum(sum(report.failed.values()) for report in years.reports) == 0
    assert len(years.issued) == len(ISSUED)
    for dossier, digests in imprints.items():
        # Renewed every few years, from the retirement on with the stronger hash, and the weak one only before.
        assert years.revisions(dossier) - 1 == len(digests)
        assert 4 <= len(digests) <= 20
        assert sorted(digests) == digests
        assert {"SHA256", "SHA512"} >= set(digests) >= {"SHA512"}
    assert judge.broken_rules(pdf) == {}


def test_without_renewal_the_same_files_fail_in_the_end(judge: Judge, result: bytes, tmp_path: Path) -> None:
    years = Years(result, renews=False)
    *_, (number, files) = lived(years)
    root = root_of(years, tmp_path)
    for pdf in files.values():
        found = judge.preserved(pdf, root, START + number * YEAR, WEAK)
        assert {each["indication"] for each in found["signatures"]} == {"INDETERMINATE"}
    assert len(files) == len(ISSUED)
