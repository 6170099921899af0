"""The development CSC provider refuses whatever its JSON Schemas do not describe, and answers by them itself."""

import base64
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from werkzeug.test import Client, TestResponse

from infra.local.providers import shapes
from infra.local.providers.accounts import Accounts
from infra.local.providers.application import Providers
from tests.unit.signing.world import World

HASH = base64.b64encode(bytes(32)).decode()
SHA256, RSA_SHA256, PSS = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.10"
ID, PERSON = "csc-official-thuan-hoa-rsa", "official-thuan-hoa"


class Customer:
    """Whoever speaks to the provider directly."""

    def __init__(self, application: Providers, accounts: Accounts) -> None:
        self.client = Client(application)
        self.accounts = accounts

    def token(self, version: str, **changes: str) -> TestResponse:
        client = self.accounts.client("csc")
        fields = {"grant_type": "client_credentials", "scope": "service"}
        if version == "v1":
            named = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
            return self.client.post("/csc/v1/oauth2/token", data={**fields, **named, **changes})
        pair = (client["client_id"], changes.pop("client_secret", client["client_secret"]))
        return self.client.post("/csc/v2/oauth2/token", data={**fields, **changes}, auth=pair)

    def call(self, version: str, method: str, body: Any, token: str | None = None) -> TestResponse:
        token = self.token(version).get_json()["access_token"] if token is None else token
        return self.client.post(f"/csc/{version}/{method}", json=body, headers={"Authorization": f"Bearer {token}"})

    def authorise(self, version: str, **changes: Any) -> dict[str, Any]:
        """A body of credentials/authorize that is right but for the changes."""
        pin, otp = self.accounts.pin(PERSON), self.accounts.otp(PERSON)
        body: dict[str, Any] = {"credentialID": ID, "numSignatures": 1}
        if version == "v1":
            body |= {"hash": [HASH], "PIN": pin, "OTP": otp}
        else:
            factors = [{"id": "PIN", "value": pin}, {"id": "OTP", "value": otp}]
            body |= {"hashes": [HASH], "hashAlgorithmOID": SHA256, "authData": factors}
        return {name: value for name, value in {**body, **changes}.items() if value is not None}

    def sign(self, version: str, **changes: Any) -> dict[str, Any]:
        """A body of signatures/signHash that is right but for the changes."""
        sad = self.call(version, "credentials/authorize", self.authorise(version)).get_json()["SAD"]
        body: dict[str, Any] = {"credentialID": ID, "SAD": sad, "signAlgo": RSA_SHA256}
        body |= {"hash": [HASH]} if version == "v1" else {"hashes": [HASH]}
        return {name: value for name, value in {**body, **changes}.items() if value is not None}


@pytest.fixture(scope="module")
def customer(world: World, tmp_path_factory: pytest.TempPathFactory) -> Customer:
    data = tmp_path_factory.mktemp("nhà cung cấp")
    return Customer(Providers.at(data, world.authority.data), Accounts.at(data))


def refused(answer: TestResponse, version: str, status: int = 400, words: str = "") -> bool:
    told = answer.get_json()
    shapes.require(f"csc/{version}/error", told)
    return answer.status_code == status and words in told["error_description"]


@pytest.mark.parametrize("name", shapes.known())
def test_every_shape_is_a_json_schema(name: str) -> None:
    schema = json.loads(Path(shapes.SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema_rs.meta.validate(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_what_it_answers_is_what_its_schemas_say(customer: Customer, version: str) -> None:
    calls = {
        "info": {},
        "credentials/list": {"userID": PERSON},
        "credentials/info": {"credentialID": ID, "certificates": "chain", "certInfo": True, "authInfo": True},
        "credentials/authorize": customer.authorise(version),
        "signatures/signHash": customer.sign(version),
    }
    for method, body in calls.items():
        answer = customer.call(version, method, body)
        assert answer.status_code == 200, (method, answer.get_json())
        shapes.require(f"csc/{version}/{method}.answer", answer.get_json())
    shapes.require(f"csc/{version}/oauth2/token.answer", customer.token(version).get_json())


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    "changes",
    [
        {"more": 1},
        {"credentialID": None},
        {"credentialID": 7},
        {"numSignatures": "1"},
        {"numSignatures": 0},
        {"numSignatures": 2},
        {"numSignatures": 100_000},
        {"PIN": 12345678, "authData": "12345678"},
        {"hash": [HASH.replace("A", "_")], "hashes": [HASH.replace("A", "_")]},
        {"credentialID": "nobody"},
    ],
    ids=str,
)
def test_an_authorisation_is_not_given_for_anything_else(
    customer: Customer, version: str, changes: dict[str, Any]
) -> None:
    body = customer.authorise(version, **changes)
    assert refused(customer.call(version, "credentials/authorize", body), version)


@pytest.mark.parametrize(
    ("version", "other"),
    [("v1", {"hashes": [HASH]}), ("v2", {"hash": [HASH]}), ("v1", {"authData": []}), ("v2", {"PIN": "1"})],
)
def test_the_other_versions_members_are_refused(customer: Customer, version: str, other: dict[str, Any]) -> None:
    assert refused(customer.call(version, "credentials/authorize", customer.authorise(version, **other)), version)


SHA384_PSS = (
    "3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130"
)


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    "changes",
    [
        {"more": 1},
        {"SAD": "another"},
        {"signAlgo": "1.2.840.113549.1.1.5"},
        {"signAlgo": "sha256WithRSA"},
        {"signAlgo": PSS},
        {"signAlgo": PSS, "hashAlgo": SHA256, "hashAlgorithmOID": SHA256},
        {
            "signAlgo": PSS,
            "hashAlgo": SHA256,
            "hashAlgorithmOID": SHA256,
            "signAlgoParams": base64.b64encode(bytes.fromhex(SHA384_PSS)).decode(),
        },
        {"hash": [HASH, HASH], "hashes": [HASH, HASH]},
        {"hash": [], "hashes": []},
        {"hash": ["QUJD"], "hashes": ["QUJD"]},
        {"hashAlgo": "2.16.840.1.101.3.4.2.2", "hashAlgorithmOID": "2.16.840.1.101.3.4.2.2"},
    ],
    ids=str,
)
def test_nothing_else_is_signed(customer: Customer, version: str, changes: dict[str, Any]) -> None:
    foreign = {"v1": {"hashes", "hashAlgorithmOID"}, "v2": {"hash", "hashAlgo"}}[version]
    body = customer.sign(version, **{name: value for name, value in changes.items() if name not in foreign})
    assert refused(customer.call(version, "signatures/signHash", body), version)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_without_a_token_of_its_own_nothing_but_info_is_told(customer: Customer, version: str) -> None:
    assert customer.client.post(f"/csc/{version}/info", json={}).status_code == 200
    for method, body in (
        ("credentials/list", {"userID": PERSON}),
        ("credentials/authorize", customer.authorise(version)),
    ):
        assert refused(customer.call(version, method, body, token="none"), version, 401)
    assert refused(customer.token(version, client_secret="other"), version, 401)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_what_is_no_json_and_what_is_no_method_is_refused(customer: Customer, version: str) -> None:
    token = customer.token(version).get_json()["access_token"]
    broken = customer.client.post(
        f"/csc/{version}/credentials/list",
        data="{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert refused(broken, version)
    assert refused(customer.call(version, "signatures/timestamp", {}), version, 404)


def test_a_page_is_only_for_the_registered_client_and_address(customer: Customer) -> None:
    client = customer.accounts.client("csc")
    asked = {
        "response_type": "code",
        "client_id": client["client_id"],
        "redirect_uri": client["redirect_uri"],
        "scope": "credential",
        "credentialID": f"{ID}-page",
        "numSignatures": "1",
        "hash": HASH.rstrip("="),
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    assert customer.client.get("/csc/v1/oauth2/authorize", query_string=asked).status_code == 200
    for changes in (
        {"redirect_uri": "https://elsewhere.example/callback"},
        {"client_id": "another"},
        {"scope": "service"},
        {"credentialID": ID},
        {"numSignatures": "2"},
        {"code_challenge_method": "plain"},
        {"more": "1"},
    ):
        answer = customer.client.get("/csc/v1/oauth2/authorize", query_string={**asked, **changes})
        assert answer.status_code in (400, 401), changes


def test_an_unknown_mood_or_provider_is_not_taken(customer: Customer) -> None:
    for wanted in ({"provider": "csc", "mood": "sleepy"}, {"provider": "nobody", "mood": "good"}):
        assert customer.client.put("/_/mood", json=wanted).status_code == 422
