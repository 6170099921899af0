"""What is used of the provider's answers. Members that the service does not need are passed over."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError

from chauban.errors import ProviderAnswerUnusable

# Where the answer states no lifetime (1.0.4.0, 11.6).
_DEFAULT_SECONDS = 3600


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Info(_Told):
    """info."""

    oauth2: str | None = None
    methods: tuple[str, ...] = ()


class CredentialIds(_Told):
    """credentials/list; only version 1 has pages."""

    ids: tuple[str, ...] = Field(alias="credentialIDs")
    next_page: str | None = Field(default=None, alias="nextPageToken")


class Key(_Told):
    """The key of a credential."""

    status: str
    algo: tuple[str, ...]


class Certificate(_Told):
    """The certificate of a credential, Base64 of DER, the holder's first."""

    status: str | None = None
    certificates: tuple[str, ...] = Field(min_length=1)


class Presence(_Told):
    """Whether a PIN or a one-time password is wanted (version 1)."""

    presence: str | bool = "false"

    @property
    def wanted(self) -> bool:
        """`optional` ones are not asked for."""
        return str(self.presence).lower() == "true"


class AuthObject(_Told):
    """One thing that the holder may be asked for (version 2)."""

    id: str


class Auth(_Told):
    """How a credential is authorised (version 2)."""

    mode: str
    expression: str | None = None
    objects: tuple[AuthObject, ...] = ()


class CredentialInfo(_Told):
    """credentials/info of both versions: version 1 has `authMode`, `PIN` and `OTP`, version 2 `auth`."""

    key: Key
    cert: Certificate
    multisign: PositiveInt
    auth_mode: str | None = Field(default=None, alias="authMode")
    pin: Presence = Field(default=Presence(), alias="PIN")
    otp: Presence = Field(default=Presence(), alias="OTP")
    auth: Auth | None = None

    @property
    def mode(self) -> str:
        """implicit, explicit or oauth2code."""
        return self.auth.mode if self.auth else self.auth_mode or "implicit"


class Sad(_Told):
    """credentials/authorize."""

    sad: str = Field(alias="SAD", min_length=1)
    expires_in: PositiveInt = Field(default=_DEFAULT_SECONDS, alias="expiresIn")


class Token(_Told):
    """oauth2/token."""

    access_token: str = Field(min_length=1)
    expires_in: PositiveInt = _DEFAULT_SECONDS
    credential_id: str | None = Field(default=None, alias="credentialID")


class Pushed(_Told):
    """oauth2/pushed_authorize (RFC 9126, 2.2)."""

    request_uri: str = Field(min_length=1)
    expires_in: PositiveInt


class Signatures(_Told):
    """signatures/signHash."""

    signatures: tuple[str, ...]


T = TypeVar("T", bound=_Told)


def read(shape: type[T], content: Mapping[str, Any]) -> T:
    """The answer as a value; raises `ProviderAnswerUnusable`, which says nothing of what was in it."""
    try:
        return shape.model_validate(content)
    except ValidationError:
        raise ProviderAnswerUnusable(reason="misshapen") from None
