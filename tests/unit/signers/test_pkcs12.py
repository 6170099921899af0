"""Keys in PKCS#12 files sign documents, and nothing but what their certificate stands for."""

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chauban.errors import NotConfigured, SigningError
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.signers.pkcs12 import KeyFile, Pkcs12Keys
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from tests.unit.signers.documents import certified, credential_at, key_for, signed_document
from tests.unit.signing.world import World

PASSWORD = "mật khẩu thử"
Held = tuple[Credential, KeyFile]


@pytest.fixture
def held(world: World, tmp_path: Path) -> Callable[[Algorithm], Held]:
    """A key of an algorithm in a file, with its credential."""

    def make(algorithm: Algorithm) -> Held:
        key = key_for(algorithm)
        chain = certified(world, f"file-{secrets.token_hex(4)}", key.public_key())
        return credential_at(SignerKind.PKCS12, algorithm, chain), written(tmp_path, key)

    return make


def written(folder: Path, key: Any) -> KeyFile:
    content = serialize_key_and_certificates(b"key", key, None, None, BestAvailableEncryption(PASSWORD.encode()))
    (folder / "key.p12").write_bytes(content)
    return KeyFile(folder / "key.p12", PASSWORD)


def digest(algorithm: Algorithm) -> bytes:
    return hashlib.new(algorithm.digest, b"what is signed").digest()


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_key_in_a_file_signs_a_document(
    world: World, result: bytes, held: Callable[[Algorithm], Held], algorithm: Algorithm
) -> None:
    credential, file = held(algorithm)
    keys = Pkcs12Keys({"key": file})
    signed = signed_document(world, result, credential, lambda value: keys.sign(credential, value))
    assert world.engine().verify(signed, ["official"]) == "PAdES-BASELINE-LT"


def test_the_file_is_read_once(held: Callable[[Algorithm], Held]) -> None:
    credential, file = held(Algorithm.ECDSA_P256_SHA256)
    keys = Pkcs12Keys({"key": file})
    keys.sign(credential, digest(credential.algorithm))
    file.path.unlink()
    keys.sign(credential, digest(credential.algorithm))


def test_a_key_of_another_certificate_signs_nothing(held: Callable[[Algorithm], Held], tmp_path: Path) -> None:
    credential, file = held(Algorithm.ECDSA_P256_SHA256)
    fitting = file.path.rename(tmp_path / "fitting.p12")
    other = written(tmp_path, key_for(Algorithm.ECDSA_P256_SHA256))
    with pytest.raises(SigningError, match="pkcs12-key-of-another-certificate"):
        Pkcs12Keys({"key": other}).sign(credential, digest(credential.algorithm))
    assert Pkcs12Keys({"key": KeyFile(fitting, PASSWORD)}).sign(credential, digest(credential.algorithm))


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        (Algorithm.ECDSA_P256_SHA256, Algorithm.ECDSA_P384_SHA384),
        (Algorithm.ECDSA_P256_SHA256, Algorithm.RSA_PSS_SHA256),
        (Algorithm.RSA_PSS_SHA256, Algorithm.ECDSA_P256_SHA256),
    ],
)
def test_an_algorithm_that_the_key_cannot_do_signs_nothing(
    held: Callable[[Algorithm], Held], made: Algorithm, asked: Algorithm
) -> None:
    credential, file = held(made)
    with pytest.raises(SigningError, match="pkcs12-key-of-another-type"):
        Pkcs12Keys({"key": file}).sign(credential.model_copy(update={"algorithm": asked}), digest(asked))


def test_files_that_cannot_be_used_are_told_of(held: Callable[[Algorithm], Held], tmp_path: Path) -> None:
    credential, file = held(Algorithm.ECDSA_P256_SHA256)
    value = digest(credential.algorithm)
    with pytest.raises(SigningError, match="pkcs12-wrong-password-or-file"):
        Pkcs12Keys({"key": KeyFile(file.path, "another")}).sign(credential, value)
    with pytest.raises(SigningError, match="pkcs12-not-readable"):
        Pkcs12Keys({"key": KeyFile(tmp_path / "none.p12", PASSWORD)}).sign(credential, value)
    assert Pkcs12Keys({"key": file}).sign(credential, value)
    unusable = written(tmp_path, ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(SigningError, match="pkcs12-without-a-usable-key"):
        Pkcs12Keys({"key": unusable}).sign(credential, value)
    assert PASSWORD not in repr(file)


@pytest.mark.parametrize("changes", [{"kind": SignerKind.KMS}, {"key_ref": None}, {"key_ref": "another"}])
def test_a_credential_without_a_file_is_not_configured(
    held: Callable[[Algorithm], Held], changes: dict[str, Any]
) -> None:
    credential, file = held(Algorithm.ECDSA_P256_SHA256)
    with pytest.raises(NotConfigured):
        Pkcs12Keys({"key": file}).sign(credential.model_copy(update=changes), digest(credential.algorithm))


def test_a_digest_of_another_hash_has_no_signature(held: Callable[[Algorithm], Held]) -> None:
    credential, file = held(Algorithm.ECDSA_P384_SHA384)
    with pytest.raises(SigningError, match="not-a-sha384-digest"):
        Pkcs12Keys({"key": file}).sign(credential, digest(Algorithm.ECDSA_P256_SHA256))
