"""A CSC provider as the service's records describe it, and the holder at the provider's page."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.providers import Provider
from chauban.signing.signers.csc import CscSigner
from chauban.signing.signers.remote import Given, Grant, LoginPage, ToSign
from werkzeug.test import Client

from infra.local.providers.csc.credentials import PAGE
from infra.local.providers.keys import Key
from tests.unit.signers.documents import credential_at
from tests.unit.signers.provider_server import Running

# Long enough for a machine that has much else to do.
UNHURRIED = 20.0
TYPES = {
    Algorithm.RSA_PSS_SHA256: "RSA",
    Algorithm.RSA_PKCS1_SHA256: "RSA",
    Algorithm.ECDSA_P256_SHA256: "P-256",
    Algorithm.ECDSA_P384_SHA384: "P-384",
}


@dataclass(frozen=True)
class Csc:
    """One version and one way to authorise."""

    running: Running
    api: str
    grant: str

    def provider(self, **changes: object) -> Provider:
        client = self.running.accounts.client("csc")
        values = {
            "id": "csc-thu",
            "kind": SignerKind.CSC,
            "base_url": f"{self.running.url}/csc/{self.api}",
            "api": self.api,
            "grant": self.grant,
            "client_id": client["client_id"],
            "redirect_uri": client["redirect_uri"],
            "secret_name": "chauban-local-provider-csc",
            "wait_seconds": 1,
        }
        return Provider.model_validate({**values, **changes})

    def signer(self, seconds: float = UNHURRIED, **changes: object) -> CscSigner:
        secret = {"client_secret": self.running.accounts.client("csc")["client_secret"]}
        return CscSigner(self.provider(**changes), secret, self.running.http(seconds))

    def key(self, algorithm: Algorithm) -> Key:
        return next(key for key in self.running.keys.of("csc") if key.holding.type == TYPES[algorithm])

    def credential(self, algorithm: Algorithm = Algorithm.RSA_PSS_SHA256, **changes: object) -> Credential:
        key = self.key(algorithm)
        suffix = PAGE if self.grant == "oauth" else ""
        values = {
            "key_ref": f"{key.holding.id}{suffix}",
            "provider": "csc-thu",
            "account": key.holding.person,
            "person": key.holding.person,
        }
        return credential_at(SignerKind.CSC, algorithm, key.chain_pem, **{**values, **changes})

    def given(self, credential: Credential, **changes: str) -> Given:
        """What the holder types."""
        person = credential.person or ""
        accounts = self.running.accounts
        return Given(**{"pin": accounts.pin(person), "otp": accounts.otp(person), **changes})

    def grant_for(self, signer: CscSigner, credential: Credential, documents: list[ToSign]) -> Grant:
        """An authorisation, by whichever way this one has."""
        if self.grant == "explicit":
            return signer.authorise(credential, documents, self.given(credential))
        page = signer.login_page(credential, documents, "trạng thái/1")
        return signer.authorise(
            credential, documents, Given(code=self.approved(page, credential), verifier=page.verifier)
        )

    def at_page(self, page: LoginPage, credential: Credential, **form: str) -> dict[str, str]:
        """What the browser is sent on with after the holder pressed a button; nothing where the page complained."""
        address = urlsplit(page.url)
        client = Client(self.running.application)
        path = f"{address.path}?{address.query}"
        shown = client.get(path, base_url=self.running.url)
        assert shown.status_code == 200, shown.get_json()
        given = self.given(credential)
        answered = client.post(path, base_url=self.running.url, data={"pin": given.pin, "otp": given.otp, **form})
        if answered.status_code != 302:
            return {}
        return {name: values[0] for name, values in parse_qs(urlsplit(answered.location).query).items()}

    def approved(self, page: LoginPage, credential: Credential) -> str:
        sent_on = self.at_page(page, credential)
        assert sent_on["state"] == page.state
        return sent_on["code"]
