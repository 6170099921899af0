"""The records of the development providers are such that each credential signs with what the records say."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from chauban.signing.credentials import Credential
from chauban.signing.pades.raw_signature import verify_raw_signature
from chauban.signing.providers import Provider
from chauban.signing.signers.csc import CscSigner
from chauban.signing.signers.remote import Given
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from infra.local.providers import records
from tests.unit.signers.provider_server import Running, running_providers, to_sign
from tests.unit.signing.world import World

STAGE = "local"


@pytest.fixture(scope="module")
def running(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_providers(tmp_path_factory.mktemp("nhà cung cấp"), world.authority.data) as started:
        yield started


def credential(told: dict[str, Any]) -> Credential:
    plain = {name: value for name, value in told.items() if name != "appearance_png"}
    return Credential.model_validate({**plain, "appearance": "appearances/1.png"})


def test_every_credential_names_a_provider_and_every_provider_a_secret(running: Running) -> None:
    providers = {
        each["id"]: Provider.model_validate(each) for each in records.providers("http://x", STAGE, running.accounts)
    }
    held = [credential(each) for each in records.credentials(running.keys)]
    assert {each.provider for each in held} == set(providers)
    assert {each.secret_name for each in providers.values()} == set(records.secrets(STAGE, running.accounts))
    assert all(each.kind is providers[each.provider or ""].kind for each in held)
    assert len({each.id for each in held}) == len(held) == 12


def test_the_csc_credentials_sign_with_what_the_records_say(running: Running) -> None:
    told = next(each for each in records.providers(running.url, STAGE, running.accounts) if each["id"] == "csc-v1")
    provider, secrets = Provider.model_validate(told), records.secrets(STAGE, running.accounts)
    signer = CscSigner(provider, secrets[provider.secret_name], running.http())
    held = [credential(each) for each in records.credentials(running.keys) if each["provider"] == "csc-v1"]
    assert len(held) == 3
    for each in held:
        person = each.person or ""
        documents = to_sign(hashlib.new(each.algorithm.digest, b"attributes").digest())
        given = Given(pin=running.accounts.pin(person), otp=running.accounts.otp(person))
        signed = signer.sign(each, documents, signer.authorise(each, documents, given))
        leaf = x509.load_pem_x509_certificate(each.chain_pem.encode()).public_bytes(Encoding.DER)
        verify_raw_signature(leaf, each.algorithm, b"attributes", signed.values[1])
