"""Remote signing providers and tokens as records: where each is, how it is spoken to, and what it takes at once."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, PositiveInt, Tag, model_validator

from chauban.signing.credentials import REMOTE, SignerKind
from chauban.values import Frozen

# An official waits meanwhile, and what authorises is asked for last: some seconds are left for what is asked before it.
MOST_WAIT_SECONDS = 12


class Provider(Frozen):
    """A remote signing provider.

    `base_url` has no slash at its end; `api` and `grant` are CSC's alone (version, and how the holder authorises: at the
    provider's own page, or with a PIN or one-time password given to us); `redirect_uri` is registered there, and the page sends
    the browser on to it. `secret_name` names a secret that is a JSON object of texts (`client_secret`, `sp_password` ...). `most`
    documents go under one authorisation, `per_call` into one request, and an answer is waited for `wait_seconds`,
    which end before the function that an official waits for.
    """

    id: str = Field(pattern=r"^[a-z0-9](-?[a-z0-9])*$", max_length=40)
    kind: SignerKind
    base_url: str = Field(pattern=r"^https?://[^\s/?#@]+(/[^\s?#@]*[^\s/?#@])?$")
    api: str | None = Field(default=None, pattern=r"^v[12]$")
    grant: str | None = Field(default=None, pattern=r"^(oauth|explicit)$")
    client_id: str | None = None
    redirect_uri: str | None = None
    secret_name: str
    most: PositiveInt = 500
    per_call: PositiveInt = 100
    wait_seconds: PositiveInt = Field(default=10, le=MOST_WAIT_SECONDS)

    @model_validator(mode="after")
    def _of_its_kind(self) -> "Provider":
        if self.kind not in REMOTE:
            raise ValueError("only CSC, SmartCA and MySign are remote providers")
        if (self.kind is SignerKind.CSC) != (self.api is not None and self.grant is not None):
            raise ValueError("api and grant are for CSC, which needs both")
        if self.kind is not SignerKind.CSC and self.per_call < self.most:
            raise ValueError("the holder's phone asks anew for every request: per_call must not be less than most")
        return self


class TokenRecord(Frozen):
    """A security module or token with a PKCS#11 library, for seals.

    `library` is the vendor's library where the seal worker runs (a path in a layer), `token` the token's label; `secret_name`
    names a secret that is a JSON object with `pin`.
    """

    id: str = Field(pattern=r"^[a-z0-9](-?[a-z0-9])*$", max_length=40)
    kind: Literal[SignerKind.PKCS11]
    library: str = Field(pattern=r"^/[^\s]+$")
    token: str = Field(min_length=1, max_length=32)
    secret_name: str


def _which(record: Any) -> str:
    kind = record.get("kind") if isinstance(record, dict) else getattr(record, "kind", None)
    return "token" if kind == SignerKind.PKCS11 else "provider"


ProviderRecord = Annotated[
    Annotated[Provider, Tag("provider")] | Annotated[TokenRecord, Tag("token")], Discriminator(_which)
]
