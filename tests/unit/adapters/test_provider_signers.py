"""Each credential's signer is its provider's; a secret that was changed is used within minutes, and nothing of it is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from chauban.adapters.provider_secrets import KEPT, ProviderSecrets
from chauban.adapters.providers import ProviderSigners
from chauban.errors import NotConfigured
from chauban.signing.credentials import Credential, Purpose, SignerKind
from chauban.signing.providers import Provider
from chauban.signing.signers.csc import CscSigner
from chauban.signing.signers.mysign import MySignSigner
from chauban.signing.signers.smartca import SmartCaSigner

from tests.unit.fakes.catalogue import MemoryCatalogue, credential
from tests.unit.fakes.time_and_ids import SettableClock

KINDS = [(SignerKind.CSC, CscSigner), (SignerKind.SMARTCA, SmartCaSigner), (SignerKind.MYSIGN, MySignSigner)]


def provider(kind: SignerKind, **changes: Any) -> Provider:
    csc = {"api": "v1", "grant": "explicit"} if kind is SignerKind.CSC else {"per_call": 500}
    known = {"id": f"nha-{kind.value}", "kind": kind, "base_url": "https://ky.example/v1", "client_id": "c", **csc}
    return Provider.model_validate({**known, "secret_name": f"chauban-test/providers/{kind.value}", **changes})


def held_at(kind: SignerKind, **changes: Any) -> Credential:
    remote = {"kind": kind, "provider": f"nha-{kind.value}", "key_ref": "k", **changes}
    return credential("cred-x", "official-thuan-hoa", Purpose.SIGN, **remote)


@pytest.fixture
def catalogue() -> MemoryCatalogue:
    made = MemoryCatalogue()
    for kind, _ in KINDS:
        made.put_provider(provider(kind))
    return made


@pytest.fixture
def manager(aws: Callable[[str], Any]) -> Any:
    client = aws("secretsmanager")
    for kind, _ in KINDS:
        secret = json.dumps({"client_secret": "s", "sp_password": "s"})
        client.create_secret(Name=f"chauban-test/providers/{kind.value}", SecretString=secret)
    return client


def signers_of(catalogue: MemoryCatalogue, manager: Any, clock: SettableClock | None = None) -> ProviderSigners:
    return ProviderSigners(catalogue, ProviderSecrets(manager, clock or SettableClock()), "test")


@pytest.mark.parametrize(("kind", "signer"), KINDS)
def test_the_signer_is_that_of_the_providers_kind_and_is_made_once(
    catalogue: MemoryCatalogue, manager: Any, kind: SignerKind, signer: type
) -> None:
    signers = signers_of(catalogue, manager)
    made = signers(held_at(kind))
    assert isinstance(made, signer)
    assert signers(held_at(kind)) is made
    # Another address is another signer, without a deployment.
    catalogue.put_provider(provider(kind, base_url="https://moi.example"))
    assert signers(held_at(kind)) is not made


def test_a_secret_that_was_changed_is_used_within_minutes(catalogue: MemoryCatalogue, manager: Any) -> None:
    clock = SettableClock()
    signers = signers_of(catalogue, manager, clock)
    made = signers(held_at(SignerKind.CSC))
    clock.moment += KEPT
    # The same secret read again: what the signer was granted meanwhile stays.
    assert signers(held_at(SignerKind.CSC)) is made
    manager.put_secret_value(SecretId="chauban-test/providers/csc", SecretString='{"client_secret": "changed"}')
    assert signers(held_at(SignerKind.CSC)) is made
    clock.moment += KEPT
    assert signers(held_at(SignerKind.CSC)) is not made


@pytest.mark.parametrize(
    "wrong",
    [
        held_at(SignerKind.CSC, provider="khong-co"),
        held_at(SignerKind.CSC, provider=None),
        held_at(SignerKind.CSC, provider="nha-smartca"),
        held_at(SignerKind.CLIENT),
    ],
)
def test_a_credential_without_a_provider_of_its_kind_has_no_signer(
    catalogue: MemoryCatalogue, manager: Any, wrong: Credential
) -> None:
    with pytest.raises(NotConfigured):
        signers_of(catalogue, manager)(wrong)


@pytest.mark.parametrize("text", ["bi-mat-4711", '["bi-mat-4711"]', '{"client_secret": 4711}'])
def test_a_secret_of_another_form_is_told_by_its_name_alone(
    catalogue: MemoryCatalogue, manager: Any, text: str
) -> None:
    manager.put_secret_value(SecretId="chauban-test/providers/csc", SecretString=text)
    with pytest.raises(NotConfigured) as refused:
        signers_of(catalogue, manager)(held_at(SignerKind.CSC))
    assert "4711" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
