"""The people of a dossier and the key under which each of them finds it again."""

import hashlib
import hmac
import re
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator


class Scheme(StrEnum):
    """What kind of identifier names a party."""

    PERSONAL_NUMBER = "personal_number"
    PASSPORT = "passport"
    TAX_CODE = "tax_code"


MAX_NAME = 300
# How an identifier of each scheme is written, once blanks and small letters are gone.
_WRITTEN = {
    Scheme.PERSONAL_NUMBER: r"[0-9]{12}",
    Scheme.PASSPORT: r"[A-Z0-9]{5,20}",
    Scheme.TAX_CODE: r"[0-9]{10}(-?[0-9]{3})?",
}


class Party(BaseModel):
    """A requester, owner or representative: identifier and name as they are printed on the documents."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    scheme: Scheme
    identifier: str = Field(min_length=1, max_length=32)
    name: str = Field(min_length=1, max_length=MAX_NAME)

    @field_validator("identifier")
    @classmethod
    def _canonical(cls, identifier: str, info: ValidationInfo) -> str:
        """One way to write each identifier: the same person always gets the same access key."""
        written = "".join(identifier.split()).upper()
        scheme = info.data.get("scheme")
        if scheme and not re.fullmatch(_WRITTEN[scheme], written):
            raise ValueError(f"not a {scheme.value}")
        return written


class Contact(BaseModel):
    """How to reach the requester; every part is optional."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    phone: str | None = Field(default=None, max_length=20, pattern=r"^\+?[0-9 .\-]{8,20}$")
    email: str | None = Field(default=None, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    address: str | None = Field(default=None, max_length=300)


class PartyKeys:
    """Makes access keys: HMAC-SHA256(secret, "scheme|identifier") in hex, so that no identifier is ever a table key."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def key(self, scheme: Scheme, identifier: str) -> str:
        """The key of one person or body; 64 hex digits."""
        return hmac.new(self._secret, f"{scheme.value}|{identifier}".encode(), hashlib.sha256).hexdigest()

    def of(self, party: Party) -> str:
        """The key of a party."""
        return self.key(party.scheme, party.identifier)
