"""Files signed from a shell at each PAdES level: EU DSS finds the level that was asked for, and no more; veraPDF passes each."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from chauban.cli import main
from chauban.cli.keys import SECRET
from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.evidence import lacking
from chauban.signing.trust.material import ValidationMaterial

from tests.conformance.judge import Judge
from tests.unit.cli.test_signing_commands import FILL, key_file
from tests.unit.signers.softhsm import PIN
from tests.unit.signing.world import World, handwriting, seal_image

pytestmark = pytest.mark.java

PSS, EC = Algorithm.RSA_PSS_SHA256, Algorithm.ECDSA_P256_SHA256
KINDS = pytest.mark.parametrize(("first", "second"), [(PSS, EC), (EC, PSS)], ids=["pss-then-ecdsa", "ecdsa-then-pss"])
LEVELS = ["B-B", "B-T", "B-LT", "B-LTA"]
# By itself a file at these levels is not enough: revocation data of the day is given beside it.
LACKING = {"B-B", "B-T"}


class Desk:
    """A folder with a result, and somebody who signs it at one level."""

    def __init__(self, folder: Path, world: World, level: str | None) -> None:
        self.folder, self.world, self.level = folder, world, level

    def sign(self, pdf: bytes, field: str, algorithm: Algorithm, image: bytes, *more: str) -> bytes:
        source, picture, out = (self.folder / f"{field}{end}" for end in (".pdf", ".png", "-out.pdf"))
        source.write_bytes(pdf)
        picture.write_bytes(image)
        key = key_file(self.world, self.folder, f"{field}-{secrets.token_hex(4)}", algorithm)
        given = ["--field", field, "--pkcs12", key, "--image", picture, "--roots", self.world.authority.root_file]
        given += ["--tsa", self.world.authority.tsa_urls[0], *(["--level", self.level] if self.level else []), *more]
        assert main(["sign", *map(str, [source, "--out", out, *given])]) == 0
        return out.read_bytes()

    def signed(self, result: bytes, first: Algorithm) -> bytes:
        return self.sign(result, "official", first, handwriting())

    def sealed(self, signed: bytes, second: Algorithm) -> bytes:
        return self.sign(signed, "seal", second, seal_image(), *FILL)

    def beside(self, pdf: bytes) -> ValidationMaterial | None:
        return lacking(pdf, self.world.trust(), datetime.now(UTC)) if self.level in LACKING else None


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, PIN)


def told(found: dict[str, list[dict[str, Any]]], what: str) -> list[Any]:
    return [each[what] for each in found["signatures"]]


@KINDS
@pytest.mark.parametrize("level", LEVELS)
def test_both_signatures_have_the_level_that_was_asked_for(
    judge: Judge, world: World, result: bytes, tmp_path: Path, level: str, first: Algorithm, second: Algorithm
) -> None:
    desk, name, root = Desk(tmp_path, world, level), f"PAdES-BASELINE-{level[2:]}", world.authority.root_file
    signed = desk.signed(result, first)
    sealed = desk.sealed(signed, second)
    for pdf in (signed, sealed):
        assert judge.broken_rules(pdf) == {}
        found = judge.preserved(pdf, root, beside=desk.beside(pdf))
        assert set(told(found, "indication")) == {"TOTAL_PASSED"}, found
        assert all(changes == [] for changes in told(found, "unexplained")), found
    assert told(found, "level") == [name] * 2
    assert len(found["timestamps"]) == (2 if level == "B-LTA" else 0)
    # What came first claims no more; its material counts once something follows it.
    assert told(judge.preserved(signed, root), "level") == ["PAdES-BASELINE-T" if level == "B-LT" else name]
    if level in LACKING:
        alone = judge.preserved(sealed, root)
        assert set(told(alone, "indication")) == {"INDETERMINATE"}
        assert set(told(alone, "sub_indication")) == {"CERTIFICATE_CHAIN_GENERAL_FAILURE"}


def test_without_a_level_files_are_as_the_service_issues_them(
    judge: Judge, world: World, result: bytes, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, world, None)
    found = judge.preserved(desk.sealed(desk.signed(result, PSS), EC), world.authority.root_file)
    assert told(found, "indication") == ["TOTAL_PASSED"] * 2
    assert told(found, "level") == ["PAdES-BASELINE-LT", "PAdES-BASELINE-T"]


@pytest.mark.parametrize("level", LEVELS[:3])
def test_what_has_less_is_raised_when_it_is_extended(
    judge: Judge, world: World, result: bytes, tmp_path: Path, level: str
) -> None:
    desk = Desk(tmp_path, world, level)
    (tmp_path / "result.pdf").write_bytes(desk.sealed(desk.signed(result, EC), PSS))
    given = ["--out", tmp_path / "out", "--roots", world.authority.root_file, "--tsa", world.authority.tsa_urls[1]]
    code = main(["extend", *map(str, [tmp_path / "result.pdf", *given])])
    if level == "B-B":
        # Nothing says when it was signed: it cannot be made to last.
        assert code == 1
        return
    found = judge.preserved((tmp_path / "out" / "result.pdf").read_bytes(), world.authority.root_file)
    assert told(found, "indication") == ["TOTAL_PASSED"] * 2
    assert told(found, "level") == ["PAdES-BASELINE-LTA"] * 2
