"""`chauban sign --level`: less or more than the service issues, for who has a reason; nothing that does not hold is written."""

import json
from pathlib import Path
from typing import Any

import pytest
from chauban.signing.algorithms import Algorithm
from chauban.signing.pades import one_file
from chauban.signing.ports import SignatureEngine

from tests.unit.cli.conftest import Shell
from tests.unit.cli.test_signing_commands import FILL, inspect, key, sign


def signed_at(shell: Shell, result: bytes, level: str) -> Path:
    file = shell.file("result.pdf", result)
    code, out, err = sign(shell, file, "signed.pdf", "--level", level, "--pkcs12", key(shell, "official-level"))
    assert (code, err) == (0, "")
    assert f"PAdES-BASELINE-{level[2:]}" in out
    return shell.folder / "signed.pdf"


def seal_at(shell: Shell, file: Path, *level: str) -> tuple[int, str, str]:
    seal = key(shell, "seal-level", Algorithm.ECDSA_P256_SHA256)
    return sign(shell, file, "sealed.pdf", *level, "--field", "seal", "--pkcs12", seal, *FILL)


def report(shell: Shell, file: Path) -> tuple[int, dict[str, Any]]:
    code, out, _ = inspect(shell, "--json", file)
    return code, json.loads(out)


@pytest.mark.parametrize(
    ("level", "fault"), [("B-B", "no-timestamp"), ("B-T", "not-trusted"), ("B-LT", None), ("B-LTA", None)]
)
def test_a_file_says_what_its_level_lacks(shell: Shell, result: bytes, level: str, fault: str | None) -> None:
    code, _, err = seal_at(shell, signed_at(shell, result, level), "--level", level)
    assert (code, err) == (0, "")
    code, found = report(shell, shell.folder / "sealed.pdf")
    assert [line["level"] for line in found["signatures"]] == [f"PAdES-BASELINE-{level[2:]}"] * 2
    assert found["covered"]
    assert (code, found["valid"]) == ((1, False) if fault else (0, True))
    assert all((fault in line["faults"]) if fault else not line["faults"] for line in found["signatures"])
    assert len(found["timestamps"]) == (2 if level == "B-LTA" else 0)


@pytest.mark.parametrize(("first", "second"), [("B-B", "B-LT"), ("B-T", "B-LTA"), ("B-B", None), ("B-T", None)])
def test_what_lasts_is_not_built_on_what_does_not(shell: Shell, result: bytes, first: str, second: str | None) -> None:
    level = ("--level", second) if second else ()
    code, _, err = seal_at(shell, signed_at(shell, result, first), *level)
    assert code == 1
    assert "không hợp lệ" in err
    assert "do not hold" in err
    assert not (shell.folder / "sealed.pdf").exists()


@pytest.mark.parametrize("level", ["B-B", "B-T"])
def test_a_changed_file_is_signed_at_no_level(shell: Shell, result: bytes, level: str) -> None:
    content = signed_at(shell, result, level).read_bytes()
    place = content.index(b"/Title")
    altered = shell.file("altered.pdf", content[:place] + b"/Titel" + content[place + 6 :])
    code, _, err = seal_at(shell, altered, "--level", level)
    assert code == 1
    assert "do not hold" in err
    assert not (shell.folder / "sealed.pdf").exists()


def test_a_certificate_that_does_not_stand_signs_at_no_level(shell: Shell, result: bytes) -> None:
    from infra.local.trust import revoke

    file, held = shell.file("result.pdf", result), key(shell, "official-fallen")
    stems = {path.stem for path in shell.world.authority.data.rglob("official-fallen-*")}
    # Its files are named after it, some with more behind the name; a directory lists them in any order.
    revoke(shell.world.authority.data, min(stems, key=len))
    code, _, err = sign(shell, file, "signed.pdf", "--level", "B-B", "--pkcs12", held)
    assert code == 1
    assert "revoked" in err


def test_without_a_policy_on_algorithms_nothing_is_signed(shell: Shell, result: bytes) -> None:
    file, missing = shell.file("result.pdf", result), shell.folder / "no-policy.yaml"
    held = key(shell, "official-level")
    code, _, err = sign(shell, file, "signed.pdf", "--algorithms", missing, "--pkcs12", held)
    assert code == 1
    assert "no-policy.yaml" in err


def test_the_service_has_no_way_to_a_signature_without_timestamp() -> None:
    package = Path(one_file.__file__).parents[2]
    users = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "complete_without_timestamp" in path.read_text(encoding="utf-8")
    }
    assert users == {"signing/pades/engine.py", "signing/pades/one_file.py"}
    # The services know the engine by its protocol alone, and only the shell signs single files.
    assert not hasattr(SignatureEngine, "complete_without_timestamp")
    asking = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "one_file" in path.read_text(encoding="utf-8")
    }
    assert asking == {"cli/signing.py"}
