"""`chauban credentials` for keys that a remote provider holds: by their names there, with the provider's own certificates."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
from chauban.adapters.machine import SystemClock
from chauban.cli.providers import STAGE
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import SignerKind
from chauban.signing.providers import Provider

from tests.unit.cli.certified import imported, on_device
from tests.unit.cli.conftest import Shell
from tests.unit.signers.csc import Csc
from tests.unit.signers.provider_server import running_providers
from tests.unit.signing.world import World

PERSON = "official-thuan-hoa"


@pytest.fixture(scope="module")
def csc(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Csc]:
    with running_providers(tmp_path_factory.mktemp("nhà cung cấp"), world.authority.data) as running:
        yield Csc(running, "v1", "explicit")


@pytest.fixture
def at_csc(
    csc: Csc, records: DynamoCatalogue, aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> tuple[str, ...]:
    """The place of the official's RSA key there; the catalogue knows the provider, the secret is there."""
    provider = csc.provider(wait_seconds=12)
    records.put_provider(provider)
    secret = {"client_secret": csc.running.accounts.client("csc")["client_secret"]}
    aws("secretsmanager").create_secret(Name=provider.secret_name, SecretString=json.dumps(secret))
    monkeypatch.setenv(STAGE, "local")
    return ("--provider", provider.id, "--key", csc.key(Algorithm.RSA_PSS_SHA256).holding.id, "--account", PERSON)


def places(shell: Shell, picture: Path) -> tuple[str | Path, ...]:
    return ("--table", "chauban", "--bucket", "forms", "--appearance", picture, "--roots", shell.roots)


def test_a_csc_provider_is_asked_for_the_certificates(
    shell: Shell, records: DynamoCatalogue, picture: Path, csc: Csc, at_csc: tuple[str, ...]
) -> None:
    code, _, err = shell("credentials", "import", *places(shell, picture), "--person", PERSON, *at_csc)
    assert (code, err) == (0, "")
    (kept,) = records.credentials_of_person(PERSON)
    assert kept.chain_pem == csc.key(Algorithm.RSA_PSS_SHA256).chain_pem
    successor = csc.key(Algorithm.ECDSA_P384_SHA384)
    place = ("--provider", at_csc[1], "--key", successor.holding.id)
    code, _, err = shell("credentials", "rotate", kept.id, "--table", "chauban", "--roots", shell.roots, *place)
    assert (code, err) == (0, "")
    held = DynamoCatalogue(records._table, SystemClock()).credentials_of_person(PERSON)
    assert {(one.algorithm, one.chain_pem, one.account) for one in held} == {
        (Algorithm.RSA_PSS_SHA256, kept.chain_pem, PERSON),
        (Algorithm.ECDSA_P384_SHA384, successor.chain_pem, PERSON),
    }


def test_a_certificate_that_the_provider_does_not_have_is_refused(
    shell: Shell, records: DynamoCatalogue, picture: Path, csc: Csc, at_csc: tuple[str, ...]
) -> None:
    code, _, err = imported(shell, picture, on_device(shell, "Hoàng Minh Đức"), "--person", PERSON, *at_csc)
    assert code == 1
    assert [("--certificates" in line) for line in err.splitlines()] == [True, True]
    assert records.credentials_of_person(PERSON) == ()
    own = shell.file("own.pem", csc.key(Algorithm.RSA_PSS_SHA256).chain_pem.encode())
    assert imported(shell, picture, own, "--person", PERSON, *at_csc)[0] == 0


def test_without_the_provider_s_secret_it_is_said_what_is_missing(
    shell: Shell, picture: Path, at_csc: tuple[str, ...], aws: Callable[[str], Any], csc: Csc
) -> None:
    aws("secretsmanager").delete_secret(SecretId=csc.provider().secret_name, ForceDeleteWithoutRecovery=True)
    code, _, err = shell("credentials", "import", *places(shell, picture), "--person", PERSON, *at_csc)
    assert code == 1
    assert ["secretsmanager:GetSecretValue" in line for line in err.splitlines()] == [True, True]


@pytest.mark.parametrize("stage", ["", "production"])
def test_a_secret_goes_over_tls_alone(
    shell: Shell,
    records: DynamoCatalogue,
    picture: Path,
    at_csc: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
) -> None:
    monkeypatch.setenv(STAGE, stage)
    code, _, err = shell("credentials", "import", *places(shell, picture), "--person", PERSON, *at_csc)
    assert code == 1
    assert "HTTPS" in err
    assert records.credentials_of_person(PERSON) == ()


def test_a_key_at_a_provider_is_taken_in_by_its_name_there(
    shell: Shell, records: DynamoCatalogue, picture: Path
) -> None:
    smartca = Provider(
        id="smartca-test",
        kind=SignerKind.SMARTCA,
        base_url="https://smartca.example",
        secret_name="smartca",
        most=100,
        per_call=100,
    )
    records.put_provider(smartca)
    own = on_device(shell, "Hoàng Minh Đức")
    place = ("--provider", "smartca-test", "--key", "5404", "--account", "account-1")
    code, _, err = imported(shell, picture, own, "--person", "official-thuan-hoa", *place)
    assert (code, err) == (0, "")
    (kept,) = records.credentials_of_person("official-thuan-hoa")
    assert (kept.kind, kept.provider, kept.key_ref, kept.account) == (
        SignerKind.SMARTCA,
        "smartca-test",
        "5404",
        "account-1",
    )
    code, _, err = imported(shell, picture, own, "--person", "official-thuan-hoa", "--provider", "nobody", "--key", "1")
    assert code == 1
    assert "nobody" in err
    more = ("--certificates", on_device(shell, "Hoàng Minh Đức"), "--roots", shell.roots)
    place = ("--provider", "smartca-test", "--key", "5405")
    code, _, err = shell("credentials", "rotate", kept.id, "--table", "chauban", *more, *place)
    assert (code, err) == (0, "")
    held = DynamoCatalogue(records._table, SystemClock()).credentials_of_person("official-thuan-hoa")
    # The holder's account at the same provider stays.
    assert {(one.key_ref, one.account) for one in held} == {("5404", "account-1"), ("5405", "account-1")}


def test_a_phone_is_found_by_the_account(shell: Shell, records: DynamoCatalogue, picture: Path) -> None:
    mysign = {"id": "mysign-test", "kind": "mysign", "base_url": "https://mysign.example", "secret_name": "mysign"}
    records.put_provider(Provider.model_validate({**mysign, "most": 100, "per_call": 100}))
    place = ("--provider", "mysign-test", "--key", "5404")
    own = on_device(shell, "Hoàng Minh Đức")
    code, _, err = imported(shell, picture, own, "--person", "official-thuan-hoa", *place)
    assert code == 1
    assert "account-missing" in err


def test_a_request_at_a_provider_is_answered_with_what_to_do_instead(
    shell: Shell, records: DynamoCatalogue, at_csc: tuple[str, ...]
) -> None:
    code, said, err = shell("credentials", "csr", "--table", "chauban", *at_csc[:2])
    assert (code, said) == (1, "")
    told = err.splitlines()
    assert len(told) == 2
    for line in told:
        assert "(csc)" in line
        assert "credentials list" in line
        assert "credentials import" in line
    code, _, err = shell("credentials", "csr", "--table", "chauban", "--provider", "khong-co")
    assert code == 1
    assert all("providers.yaml" in line for line in err.splitlines())
    code, _, err = shell("credentials", "csr", "--provider", at_csc[1])
    assert code == 1
    assert all("--table" in line for line in err.splitlines())


def test_what_a_provider_has_for_an_account_is_listed_by_the_names_that_import_takes(
    shell: Shell, records: DynamoCatalogue, picture: Path, csc: Csc, at_csc: tuple[str, ...]
) -> None:
    code, said, err = shell("credentials", "list", "--table", "chauban", "--provider", at_csc[1], "--account", PERSON)
    assert (code, err) == (0, "")
    listed = dict(line.split("  ", 1) for line in said.splitlines())
    assert {key.holding.id for key in csc.running.keys.of("csc") if key.holding.person == PERSON} <= set(listed)
    assert "Hoàng Minh Đức" in listed[at_csc[3]]
    taken = ("--provider", at_csc[1], "--key", next(iter(listed)), "--account", PERSON)
    assert shell("credentials", "import", *places(shell, picture), "--person", PERSON, *taken)[0] == 0


@pytest.mark.parametrize("lacking", [("--provider", "csc-thu"), ("--account", PERSON)])
def test_a_list_at_a_provider_takes_the_provider_and_the_account(
    shell: Shell, records: DynamoCatalogue, lacking: tuple[str, str]
) -> None:
    code, _, err = shell("credentials", "list", "--table", "chauban", *lacking)
    assert code == 1
    assert all("--provider" in line and "--account" in line for line in err.splitlines())


def test_a_provider_whose_interface_has_no_list_says_so(shell: Shell, records: DynamoCatalogue) -> None:
    records.put_provider(
        Provider(id="smartca", kind=SignerKind.SMARTCA, base_url="https://a.vn", secret_name="s", per_call=500)
    )
    code, _, err = shell("credentials", "list", "--table", "chauban", "--provider", "smartca", "--account", PERSON)
    assert code == 1
    assert ["credentials import" in line for line in err.splitlines()] == [True, True]
