"""Every document of the seven forms, usual values and long, is PDF/A-3a and PDF/UA-1: receipts sealed, results signed too."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from chauban.dossiers.documents import DocumentKind

from tests.conformance.judge import Judge
from tests.unit.documents.material import CASES, DOCUMENTS, KINDS, SLUGS, Case, document, first_sample
from tests.unit.signing.world import NUMBER, KeyOwner, World

ROOT = Path(__file__).parents[2]
REPEATED = [first_sample(slug) for slug in SLUGS] + [
    Case("dang-ky-thanh-lap-ho-kinh-doanh", "long", "forty-members"),
    Case("xac-nhan-tinh-trang-hon-nhan", "long", "other-letters"),
]


# Receipts and results are judged as they are issued, with their signatures; without any, and with the official's alone, the
# first of each form.
FIRST = {first_sample(slug) for slug in SLUGS}
BARE = [(case, kind) for case, kind in DOCUMENTS if kind is DocumentKind.APPLICATION or case in FIRST]


@dataclass(frozen=True)
class Signers:
    """Who signs, certified once for all results."""

    world: World
    official: KeyOwner
    seal: KeyOwner


@pytest.fixture(scope="module")
def signers(world: World) -> Signers:
    return Signers(world, world.owner("official-rsa"), world.owner("seal-ec", "ec", "seal"))


@pytest.mark.java
@pytest.mark.parametrize(("case", "kind"), BARE, ids=str)
def test_a_document_conforms(case: Case, kind: DocumentKind, judge: Judge) -> None:
    assert judge.broken_rules(document(case, kind).pdf) == {}


@pytest.mark.java
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_result_conforms_when_it_is_signed_and_sealed(case: Case, judge: Judge, signers: Signers) -> None:
    signed = signers.world.by_official(document(case, DocumentKind.RESULT).pdf, signers.official)
    sealed = signers.world.by_organisation(signed, signers.seal, NUMBER)
    for revision in (signed, sealed) if case in FIRST else (sealed,):
        assert judge.broken_rules(revision) == {}
    opinions = judge.signatures(sealed, signers.world.authority.root_file)
    assert [(o["field"], o["indication"], o["unexplained"]) for o in opinions] == [
        ("official", "TOTAL_PASSED", []),
        ("seal", "TOTAL_PASSED", []),
    ]


@pytest.mark.java
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_receipt_conforms_when_it_is_sealed(case: Case, judge: Judge, signers: Signers) -> None:
    receipt = document(case, DocumentKind.RECEIPT).pdf
    assert judge.broken_rules(signers.world.by_organisation(receipt, signers.seal)) == {}


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "from tests.conformance.test_forms import REPEATED, KINDS, document\n"
        "for case in REPEATED:\n"
        "    for kind in KINDS:\n"
        "        print(document(case, kind).sha256)"
    )
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "77",
        "TZ": "America/New_York",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'functions'}",
    }
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    )
    assert other.stdout.split() == [document(case, kind).sha256 for case in REPEATED for kind in KINDS]
