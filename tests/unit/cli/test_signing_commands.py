"""`chauban sign` and `chauban inspect`, as somebody at a shell uses them."""

import json
import secrets
from pathlib import Path

import pytest
from chauban.cli.keys import SECRET
from chauban.signing.algorithms import Algorithm
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from tests.unit.cli.conftest import Shell
from tests.unit.signers.documents import certified, key_for
from tests.unit.signers.softhsm import PIN
from tests.unit.signing.world import World, handwriting, running_world, seal_image

FILL = ("--number", "05/XNTTHN-UBND", "--date", "ngày 05 tháng 01 năm 2026")


def key(shell: Shell, name: str, algorithm: Algorithm = Algorithm.RSA_PSS_SHA256) -> Path:
    """A key file with a certificate of its own."""
    return key_file(shell.world, shell.folder, name, algorithm)


def key_file(world: World, folder: Path, name: str, algorithm: Algorithm) -> Path:
    made = key_for(algorithm)
    chain = certified(world, f"{name}-{secrets.token_hex(4)}", made.public_key())
    leaf, *above = x509.load_pem_x509_certificates(chain.encode())
    content = serialize_key_and_certificates(b"key", made, leaf, above, BestAvailableEncryption(PIN.encode()))
    file = folder / f"{name}.p12"
    file.write_bytes(content)
    return file


def sign(shell: Shell, file: Path, out: str, *more: str | Path) -> tuple[int, str, str]:
    common = ("--tsa", shell.world.authority.tsa_urls[0], "--roots", shell.roots, "--out", shell.folder / out)
    return shell("sign", file, *common, *more)


def inspect(shell: Shell, *more: str | Path) -> tuple[int, str, str]:
    return shell("inspect", "--roots", shell.roots, *more)


def test_a_department_signs_and_seals_a_file_without_the_service(shell: Shell, result: bytes) -> None:
    file, picture = shell.file("result.pdf", result), shell.file("signature.png", handwriting())
    code, out, err = sign(shell, file, "signed.pdf", "--pkcs12", key(shell, "official-shell"), "--image", picture)
    assert (code, err) == (0, "")
    assert "PAdES-BASELINE-LT" in out
    seal = key(shell, "seal-shell", Algorithm.ECDSA_P384_SHA384)
    image = shell.file("seal.png", seal_image())
    signed = shell.folder / "signed.pdf"
    code, _, err = sign(shell, signed, "sealed.pdf", "--field", "seal", "--pkcs12", seal, "--image", image, *FILL)
    assert (code, err) == (0, "")

    code, out, _ = inspect(shell, "--json", shell.folder / "sealed.pdf")
    found = json.loads(out)
    assert code == 0
    assert [line["field"] for line in found["signatures"]] == ["official", "seal"]
    assert {line["level"] for line in found["signatures"]} == {"PAdES-BASELINE-LT"}
    assert found["values"] == {"number": "05/XNTTHN-UBND", "date": "ngày 05 tháng 01 năm 2026"}
    assert found["inside"][0]["name"] == "data.json"
    assert found["empty_fields"] == ["copy"]

    code, out, _ = inspect(shell, shell.folder / "sealed.pdf")
    assert code == 0
    assert "hợp lệ (valid)" in out
    assert "Người thử official-shell" in out


def test_a_changed_file_is_said_to_be_so(shell: Shell, result: bytes) -> None:
    sign(shell, shell.file("result.pdf", result), "signed.pdf", "--pkcs12", key(shell, "official-shell"))
    signed = (shell.folder / "signed.pdf").read_bytes()
    place = signed.index(b"/Title")
    altered = shell.file("altered.pdf", signed[:place] + b"/Titel" + signed[place + 6 :])
    code, out, _ = inspect(shell, altered)
    assert code == 1
    assert "KHÔNG hợp lệ (NOT valid)" in out
    assert "nội dung đã bị sửa sau khi ký" in out


def test_a_file_without_signatures_is_not_valid(shell: Shell, result: bytes) -> None:
    code, out, _ = inspect(shell, shell.file("result.pdf", result))
    assert code == 1
    assert "không có chữ ký nào" in out


def test_a_file_under_another_root_is_not_valid(shell: Shell, result: bytes, tmp_path: Path) -> None:
    sign(shell, shell.file("result.pdf", result), "signed.pdf", "--pkcs12", key(shell, "official-shell"))
    with running_world(tmp_path / "another") as other:
        shell.roots = other.authority.root_file
    code, out, _ = inspect(shell, shell.folder / "signed.pdf")
    assert code == 1
    assert "✗" in out


@pytest.mark.parametrize(
    ("field", "expected"), [("nobody", "official, seal, copy"), ("number", "official, seal, copy")]
)
def test_a_field_that_is_not_there_is_named_with_those_that_are(
    shell: Shell, result: bytes, field: str, expected: str
) -> None:
    file = shell.file("result.pdf", result)
    code, _, err = sign(shell, file, "x.pdf", "--pkcs12", key(shell, "official-shell"), "--field", field)
    assert code == 1
    assert "Tệp không có ô ký trống" in err
    assert sorted(expected.split(", ")) == sorted(err.splitlines()[1].rstrip(".").split(": ")[-1].split(", "))
    assert not (shell.folder / "x.pdf").exists()


def test_nothing_is_overwritten(shell: Shell, result: bytes) -> None:
    file = shell.file("result.pdf", result)
    code, _, err = sign(shell, file, "result.pdf", "--pkcs12", key(shell, "official-shell"))
    assert code == 1
    assert "đã có" in err
    assert file.read_bytes() == result


def test_a_wrong_password_is_told_in_two_languages(
    shell: Shell, result: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, "sai")
    code, _, err = sign(shell, shell.file("result.pdf", result), "x.pdf", "--pkcs12", key(shell, "official-shell"))
    assert code == 1
    vietnamese, english = err.splitlines()
    assert "sai mật khẩu" in vietnamese
    assert "the password is wrong" in english


def test_number_without_date_is_refused_before_a_password_is_asked_for(
    shell: Shell, result: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET)
    file = shell.file("result.pdf", result)
    code, _, err = sign(shell, file, "x.pdf", "--pkcs12", key(shell, "official-shell"), "--number", "05")
    assert code == 1
    assert "--date" in err


def test_a_seal_before_the_official_takes_no_number(shell: Shell, result: bytes) -> None:
    file = shell.file("result.pdf", result)
    code, _, err = sign(shell, file, "x.pdf", "--field", "seal", "--pkcs12", key(shell, "seal-shell"), *FILL)
    assert code == 1
    assert "number-before-signature" in err
    assert not (shell.folder / "x.pdf").exists()
