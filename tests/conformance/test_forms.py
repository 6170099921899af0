"""Every document of the seven forms, with usual and long values: PDF/A-3a and PDF/UA-1, signed too, and the same bytes twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from chauban.dossiers.documents import DocumentKind

from tests.conformance.judge import Judge
from tests.unit.documents.material import DOCUMENTS, KINDS, SLUGS, Case, document, first_sample
from tests.unit.signing.world import NUMBER, World

ROOT = Path(__file__).parents[2]
REPEATED = [first_sample(slug) for slug in SLUGS] + [
    Case("dang-ky-thanh-lap-ho-kinh-doanh", "long", "forty-members"),
    Case("xac-nhan-tinh-trang-hon-nhan", "long", "other-letters"),
]


@pytest.mark.java
@pytest.mark.parametrize(("case", "kind"), DOCUMENTS, ids=str)
def test_a_document_conforms(case: Case, kind: DocumentKind, judge: Judge) -> None:
    assert judge.broken_rules(document(case, kind).pdf) == {}


@pytest.mark.java
@pytest.mark.parametrize("slug", SLUGS)
def test_a_result_conforms_after_each_signature(slug: str, judge: Judge, world: World) -> None:
    result = document(first_sample(slug), DocumentKind.RESULT).pdf
    signed = world.by_official(result, world.owner("official-rsa"))
    sealed = world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)
    assert judge.broken_rules(signed) == {}
    assert judge.broken_rules(sealed) == {}
    opinions = judge.signatures(sealed, world.authority.root_file)
    assert [(o["field"], o["indication"], o["unexplained"]) for o in opinions] == [
        ("official", "TOTAL_PASSED", []),
        ("seal", "TOTAL_PASSED", []),
    ]


@pytest.mark.java
@pytest.mark.parametrize("slug", SLUGS)
def test_a_receipt_conforms_when_it_is_sealed(slug: str, judge: Judge, world: World) -> None:
    receipt = document(first_sample(slug), DocumentKind.RECEIPT).pdf
    assert judge.broken_rules(world.by_organisation(receipt, world.owner("seal-ec", "ec", "seal"))) == {}


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
