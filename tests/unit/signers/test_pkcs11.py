"""Keys in a SoftHSM token sign documents; a token that refuses is told of, and asked no more than it bears."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chauban.errors import NotConfigured, SigningError
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.pades.raw_signature import verify_raw_signature
from chauban.signing.signers.pkcs11 import Pkcs11Keys, Token
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.unit.signers import softhsm
from tests.unit.signers.documents import certified, credential_at, signed_document
from tests.unit.signing.world import World

ATTRIBUTES = b"what is signed"
CredentialOf = Callable[[Algorithm], Credential]


@pytest.fixture(scope="module")
def token() -> Token:
    return softhsm.token_of_the_run()


@pytest.fixture(scope="module")
def credential_of(world: World, token: Token) -> CredentialOf:
    """The credential of the token's key for an algorithm."""
    made = {algorithm: softhsm.made_in(token, label_of(algorithm), algorithm) for algorithm in Algorithm}
    chains = {algorithm: certified(world, f"token-{label_of(algorithm)}", key) for algorithm, key in made.items()}

    def credential(algorithm: Algorithm) -> Credential:
        held = {"key_ref": label_of(algorithm), "provider": "hsm"}
        return credential_at(SignerKind.PKCS11, algorithm, chains[algorithm], **held)

    return credential


def label_of(algorithm: Algorithm) -> str:
    return algorithm.value.lower().replace("_", "-")


def digest_for(credential: Credential) -> bytes:
    return hashlib.new(credential.algorithm.digest, ATTRIBUTES).digest()


def verify(credential: Credential, value: bytes) -> None:
    leaf = x509.load_pem_x509_certificate(credential.chain_pem.encode()).public_bytes(Encoding.DER)
    verify_raw_signature(leaf, credential.algorithm, ATTRIBUTES, value)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_tokens_key_signs_a_document(
    world: World, result: bytes, token: Token, credential_of: CredentialOf, algorithm: Algorithm
) -> None:
    credential, keys = credential_of(algorithm), Pkcs11Keys({"hsm": token})
    signed = signed_document(world, result, credential, lambda digest: keys.sign(credential, digest))
    assert world.engine().verify(signed, ["official"]) == "PAdES-BASELINE-LT"


def test_many_threads_share_one_session(token: Token, credential_of: CredentialOf) -> None:
    keys = Pkcs11Keys({"hsm": token})
    credentials = [credential_of(Algorithm.RSA_PSS_SHA256), credential_of(Algorithm.ECDSA_P256_SHA256)] * 20
    with ThreadPoolExecutor(8) as threads:
        values = threads.map(lambda credential: keys.sign(credential, digest_for(credential)), credentials)
        for credential, value in zip(credentials, values, strict=True):
            verify(credential, value)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_session_that_was_lost_is_opened_again(token: Token, credential_of: CredentialOf) -> None:
    credential, keys = credential_of(Algorithm.ECDSA_P256_SHA256), Pkcs11Keys({"hsm": token})
    verify(credential, keys.sign(credential, digest_for(credential)))
    keys._open["hsm"]._session.close()
    verify(credential, keys.sign(credential, digest_for(credential)))


def test_a_wrong_pin_is_tried_once(monkeypatch: pytest.MonkeyPatch, token: Token, credential_of: CredentialOf) -> None:
    credential = credential_of(Algorithm.RSA_PSS_SHA256)
    keys = Pkcs11Keys({"hsm": Token(token.module, token.label, "00000001")})
    softhsm.pkcs11.unload(token.module)  # ends the login that the process has
    with pytest.raises(SigningError, match="pkcs11-PinIncorrect"):
        keys.sign(credential, digest_for(credential))

    def never(_: str) -> None:
        raise AssertionError("the token was asked again")

    with monkeypatch.context() as patched:
        patched.setattr("pkcs11.lib", never)
        with pytest.raises(SigningError, match="pkcs11-PinIncorrect"):
            keys.sign(credential, digest_for(credential))
    verify(credential, Pkcs11Keys({"hsm": token}).sign(credential, digest_for(credential)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key_ref": "no-such-key"}, "pkcs11-NoSuchKey"),
        ({"algorithm": Algorithm.RSA_PSS_SHA256}, "pkcs11-key-of-another-type"),
        ({"algorithm": Algorithm.ECDSA_P384_SHA384}, "pkcs11-key-of-another-curve"),
    ],
)
def test_a_key_that_does_not_fit_signs_nothing(
    token: Token, credential_of: CredentialOf, changes: dict[str, Any], reason: str
) -> None:
    fitting, keys = credential_of(Algorithm.ECDSA_P256_SHA256), Pkcs11Keys({"hsm": token})
    credential = fitting.model_copy(update=changes)
    with pytest.raises(SigningError, match=reason):
        keys.sign(credential, digest_for(credential))
    verify(fitting, keys.sign(fitting, digest_for(fitting)))


def test_a_digest_of_another_hash_is_not_signed(token: Token, credential_of: CredentialOf) -> None:
    credential = credential_of(Algorithm.ECDSA_P384_SHA384)
    with pytest.raises(SigningError, match="not-a-sha384-digest"):
        Pkcs11Keys({"hsm": token}).sign(credential, hashlib.sha256(ATTRIBUTES).digest())


@pytest.mark.parametrize(
    "changes", [{"kind": SignerKind.KMS}, {"key_ref": None}, {"provider": None}, {"provider": "another"}]
)
def test_a_credential_without_a_token_is_not_configured(
    token: Token, credential_of: CredentialOf, changes: dict[str, Any]
) -> None:
    credential = credential_of(Algorithm.ECDSA_P256_SHA256).model_copy(update=changes)
    with pytest.raises(NotConfigured):
        Pkcs11Keys({"hsm": token}).sign(credential, digest_for(credential))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"label": "no such token"}, "pkcs11-NoSuchToken"),
        ({"module": "/nowhere/library.so"}, "pkcs11-module-not-loaded"),
    ],
)
def test_a_token_that_is_not_there_is_told_of(
    token: Token, credential_of: CredentialOf, changed: dict[str, str], reason: str
) -> None:
    credential = credential_of(Algorithm.ECDSA_P256_SHA256)
    absent = Token(**{"module": token.module, "label": token.label, "pin": token.pin, **changed})
    with pytest.raises(SigningError, match=reason):
        Pkcs11Keys({"hsm": absent}).sign(credential, digest_for(credential))


def test_a_token_shows_no_pin(token: Token) -> None:
    assert token.pin not in repr(token)


def test_nothing_of_pkcs11_is_loaded_before_a_signature() -> None:
    code = "import sys, chauban.signing.signers.pkcs11; print('pkcs11' in sys.modules)"
    functions = str(Path(__file__).parents[3] / "functions")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": functions}, cwd="/"
    )
    assert done.stdout.strip() == "False"
