"""A seal's key is in AWS KMS or in a token of the catalogue; the token's PIN comes from Secrets Manager and is never told."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from chauban.adapters.provider_secrets import KEPT, ProviderSecrets
from chauban.adapters.raw_signatures import verify_raw
from chauban.adapters.seal_keys import SealKeys
from chauban.errors import NotConfigured, SigningError
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, Purpose, SignerKind
from chauban.signing.providers import TokenRecord
from chauban.signing.signers.pkcs11 import Token
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from tests.unit.fakes.catalogue import THUAN_HOA, MemoryCatalogue, credential
from tests.unit.fakes.engine import FakeKeys
from tests.unit.fakes.time_and_ids import MORNING, SettableClock
from tests.unit.signers import softhsm

SECRET = "chauban-test/tokens/hsm-hue"
ATTRIBUTES = b"what a seal signs"
DIGEST = hashlib.sha256(ATTRIBUTES).digest()


@pytest.fixture(scope="module")
def token() -> Token:
    return softhsm.token_of_the_run()


@pytest.fixture
def manager(aws: Callable[[str], Any]) -> Any:
    client = aws("secretsmanager")
    client.create_secret(Name=SECRET, SecretString=json.dumps({"pin": softhsm.PIN}))
    return client


@pytest.fixture
def catalogue(token: Token) -> MemoryCatalogue:
    made = MemoryCatalogue()
    values = {"id": "hsm-hue", "kind": "pkcs11", "library": token.module, "token": token.label, "secret_name": SECRET}
    made.put_token(TokenRecord.model_validate(values))
    return made


def keys_of(catalogue: MemoryCatalogue, manager: Any, clock: SettableClock | None = None) -> SealKeys:
    return SealKeys(FakeKeys(), catalogue, ProviderSecrets(manager, clock or SettableClock()))


def seal_in(token: Token, label: str, **changes: Any) -> Credential:
    """A seal in the token, with a certificate of its key's own making."""
    public = softhsm.made_in(token, label, Algorithm.RSA_PSS_SHA256)
    ca, name = rsa.generate_private_key(65537, 2048), x509.Name.from_rfc4514_string("CN=Phuong")
    made = x509.CertificateBuilder(name, name, public, 1, MORNING, MORNING.replace(year=2030))
    pem = made.sign(ca, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    values = {"kind": SignerKind.PKCS11, "provider": "hsm-hue", "key_ref": label, "chain_pem": pem, **changes}
    return credential("seal-in-token", THUAN_HOA, Purpose.SEAL, **values)


def test_a_seal_in_a_token_is_set_with_its_key(catalogue: MemoryCatalogue, manager: Any, token: Token) -> None:
    seal = seal_in(token, "seal-worker-1")
    verify_raw(seal, ATTRIBUTES, keys_of(catalogue, manager).sign(seal, DIGEST))


def test_a_seal_in_kms_is_set_with_kms(catalogue: MemoryCatalogue, manager: Any) -> None:
    kept = credential("seal", THUAN_HOA, Purpose.SEAL)
    assert keys_of(catalogue, manager).sign(kept, DIGEST).startswith(b"seal|")


def test_a_pin_that_was_corrected_is_used_within_minutes_and_a_wrong_one_is_tried_once(
    catalogue: MemoryCatalogue, manager: Any, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal, clock = seal_in(token, "seal-worker-2"), SettableClock()
    manager.put_secret_value(SecretId=SECRET, SecretString='{"pin": "00000001"}')
    keys = keys_of(catalogue, manager, clock)
    softhsm.pkcs11.unload(token.module)  # ends the login that the process has
    with pytest.raises(SigningError, match="pkcs11-PinIncorrect") as refused:
        keys.sign(seal, DIGEST)
    assert "00000001" not in str(refused.value)

    def never(_: str) -> None:
        raise AssertionError("the token was asked again")

    with monkeypatch.context() as barred:
        barred.setattr("pkcs11.lib", never)
        with pytest.raises(SigningError, match="pkcs11-PinIncorrect"):
            keys.sign(seal, DIGEST)
    manager.put_secret_value(SecretId=SECRET, SecretString=json.dumps({"pin": softhsm.PIN}))
    clock.moment += KEPT
    verify_raw(seal, ATTRIBUTES, keys.sign(seal, DIGEST))


@pytest.mark.parametrize("provider", [None, "khong-co"])
def test_a_seal_in_a_token_that_is_not_in_the_catalogue_is_set_by_nobody(
    catalogue: MemoryCatalogue, manager: Any, token: Token, provider: str | None
) -> None:
    with pytest.raises(NotConfigured):
        keys_of(catalogue, manager).sign(seal_in(token, "seal-worker-3", provider=provider), DIGEST)


@pytest.mark.parametrize("content", ["{}", '{"pin": ""}', "bi-mat-4711", '{"pin": 4711}'])
def test_a_secret_without_a_pin_is_told_by_its_name_alone(
    catalogue: MemoryCatalogue, manager: Any, token: Token, content: str
) -> None:
    manager.put_secret_value(SecretId=SECRET, SecretString=content)
    with pytest.raises(NotConfigured, match=SECRET) as refused:
        keys_of(catalogue, manager).sign(seal_in(token, "seal-worker-4"), DIGEST)
    assert "4711" not in str(refused.value)
