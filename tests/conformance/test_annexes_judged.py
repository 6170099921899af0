"""Annexes in files of their own: PDF/A-3a and PDF/UA-1 after each revision, and the signature passes without a network."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from chauban.dossiers.numbering import IssuedNumber
from chauban.signing.linting import Mode, lint

from tests.conformance.judge import Judge
from tests.conformance.test_lasting import raised
from tests.conformance.test_readers import run
from tests.unit.documents.permit import permit, signed_annex
from tests.unit.signing.world import World

NUMBER = IssuedNumber(book="gpxd", symbol="GPXD", year=2026, number=5, day=date(2026, 11, 24))
LTA = "PAdES-BASELINE-LTA"


@pytest.mark.java
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_an_annex_conforms_and_passes_after_each_step_of_its_life(judge: Judge, world: World, kind: str) -> None:
    bare = permit().annex
    signed = signed_annex(world, bare, world.owner(f"annex-{kind}", kind, "seal"), NUMBER)
    assert signed.startswith(bare)
    for pdf, level in ((signed, "PAdES-BASELINE-T"), (once := raised(world, signed), LTA), (raised(world, once), LTA)):
        found = judge.preserved(pdf, world.authority.root_file)
        assert [(one["field"], one["indication"], one["level"]) for one in found["signatures"]] == [
            ("annex", "TOTAL_PASSED", level)
        ]
        assert [one["unexplained"] for one in found["signatures"]] == [[]]
        assert lint(pdf, Mode.NEXT) == []
        assert judge.broken_rules(pdf) == {}
    assert (lint(bare, Mode.FIRST), judge.broken_rules(bare)) == ([], {})


@pytest.mark.java
def test_what_names_an_annex_conforms_and_covers_it(judge: Judge, world: World) -> None:
    made = permit()
    signed = world.by_official(made.result, world.owner("permit-official"))
    sealed = world.by_organisation(
        signed,
        world.owner("permit-seal", "ec", "seal"),
        {"number": NUMBER.display, "date": "ngày 24 tháng 11 năm 2026"},
    )
    for pdf in (made.result, signed, sealed):
        assert judge.broken_rules(pdf) == {}
    opinions = judge.signatures(sealed, world.authority.root_file)
    assert [(one["field"], one["indication"], one["unexplained"]) for one in opinions] == [
        ("official", "TOTAL_PASSED", []),
        ("seal", "TOTAL_PASSED", []),
    ]


def test_pdfsig_says_that_the_signature_covers_the_whole_annex(
    world: World, tmp_path: Path, programs: Callable[..., None]
) -> None:
    programs("pdfsig", "certutil")
    signed = signed_annex(world, permit().annex, world.owner("annex-read", "rsa", "seal"), NUMBER)
    (tmp_path / "annex.pdf").write_bytes(signed)
    database = f"sql:{tmp_path}"
    run("certutil", "-N", "-d", database, "--empty-password")
    run("certutil", "-A", "-d", database, "-n", "root", "-t", "CT,C,C", "-i", str(world.authority.root_file))
    report = run("pdfsig", "-nssdir", database, str(tmp_path / "annex.pdf"))
    assert report.count("Signature is Valid.") == report.count("Certificate is Trusted.") == 1
    assert "  - Total document signed" in report
