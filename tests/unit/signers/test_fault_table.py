"""The table of faults and signers in docs/signing.md: every cell names tests that there are, and they are of that signer."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.unit.fakes.catalogue import ROOT

TESTS = ROOT / "tests" / "unit"
SIGNERS = ["client", "kms", "csc", "smartca", "mysign", "pkcs11", "pkcs12"]
# What must at least have been tried, by the first words of its row.
FAULTS = [
    "refused",
    "expired",
    "late",
    "duplicate",
    "wrong signature",
    "wrong certificate",
    "certificate revoked",
    "certificate suspended",
    "chain missing",
    "TSA down",
    "OCSP down",
]
# Files whose tests are one signer's, or several signers' own.
OF = {
    "signers/test_client.py": {"client"},
    "signers/test_kms_keys.py": {"kms"},
    "signers/test_csc.py": {"csc"},
    "signers/test_phone.py": {"smartca", "mysign"},
    "signers/test_pkcs11.py": {"pkcs11"},
    "signers/test_pkcs12.py": {"pkcs12"},
    "signing_services/test_remote_signing.py": {"csc", "smartca", "mysign"},
    "signing_services/test_sealing.py": {"kms", "pkcs11"},
    "signing_services/test_seals_replaced.py": {"kms", "pkcs11"},
    "signing_services/test_acceptance.py": {"client"},
}


def section() -> str:
    text = (ROOT / "docs" / "signing.md").read_text(encoding="utf-8")
    return text.partition("### Faults around a signature")[2].partition("\n## ")[0]


def rows() -> dict[str, list[list[str]]]:
    """The codes in each signer's cell, by the fault."""
    lines = [line for line in section().splitlines() if line.startswith("|")]
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert head[2:] == SIGNERS
    return {cells[0]: [cell.split() for cell in cells[2:]] for cells in body}


def legend() -> dict[str, tuple[str, str]]:
    """What each code stands for: file and test."""
    found = {}
    listed = section().partition("The tests, below")[2]
    for entry in re.split(r"\n- ", listed)[1:]:
        file = re.match(r"`([^`]+)`", entry)
        assert file
        found |= {code: (file[1], name) for code, name in re.findall(r"\b([A-Z]\d+) `(test_\w+)`", entry)}
    return found


@cache
def _tests_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_a_row(fault: str) -> None:
    assert any(row.startswith(fault) for row in rows())


def test_every_cell_says_which_test_it_is_or_that_there_is_no_such_fault() -> None:
    known = legend()
    for fault, cells in rows().items():
        for signer, codes in zip(SIGNERS, cells, strict=True):
            assert codes == ["-"] or set(codes) <= set(known), (fault, signer)
            for code in codes:
                assert code == "-" or signer in OF.get(known[code][0], SIGNERS), (fault, signer, code)


def test_every_test_that_is_named_is_there_and_every_name_is_used() -> None:
    for code, (file, name) in legend().items():
        assert name in _tests_of(TESTS / file), (code, file, name)
    used = {code for cells in rows().values() for codes in cells for code in codes}
    assert used - {"-"} == set(legend())


def test_only_what_takes_time_can_be_late_or_expire() -> None:
    """A file's key answers in the call; a seal's key needs no authorisation."""
    empty = {
        (fault.split()[0], signer)
        for fault, cells in rows().items()
        for signer, codes in zip(SIGNERS, cells, strict=True)
        if codes == ["-"]
    }
    assert empty == {("expired", "kms"), ("expired", "pkcs11"), ("expired", "pkcs12"), ("late", "pkcs12")}
