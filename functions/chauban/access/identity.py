"""Who is calling: the claims of an access token (RFC 9068) as a value. Rights do not come from here.

The gateway's authorizer has checked signature, issuer, audience and time; what it lets pass and we do not is checked here.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chauban.dossiers.facts import Actor
from chauban.dossiers.parties import MAX_NAME, Party, PartyKeys, Scheme
from chauban.errors import NotAuthenticated
from chauban.values import Frozen

_NUMBER = re.compile(r"[0-9]{12}")
# "loa2", "LoA2", ".../acr/loa2": as brokers write it.
_LEVEL = re.compile(r"(?i)\bloa[-_ ]?([1-4])$")


class Caller(Frozen):
    """The person or client behind a request. `party_key` is set for citizens; `subject` is the client itself for machines."""

    subject: str
    client: str
    scopes: frozenset[str]
    party_key: str | None = None
    acr: str | None = None
    auth_time: datetime | None = None

    @property
    def is_machine(self) -> bool:
        """Whether a client speaks for itself (client credentials)."""
        return self.subject == self.client

    @property
    def level(self) -> int:
        """The level of assurance of the login, 1 to 4; 0 where the token does not tell one."""
        found = _LEVEL.search(self.acr or "")
        return int(found[1]) if found else 0

    def actor(self, appointment: str | None = None) -> Actor:
        """The caller as it is recorded in facts."""
        kind = "client" if self.is_machine else "person" if appointment else "citizen" if self.party_key else "person"
        return Actor(kind=kind, id=self.party_key or self.subject, client=self.client, appointment=appointment)


def caller_from(claims: Mapping[str, Any], issuer: str, keys: PartyKeys, now: datetime) -> Caller:
    """The caller of a request with these token claims (all texts, as the gateway passes them); raises `NotAuthenticated`.

    A token without `exp`, or without the `client_id` and `scope` that an access token has and an ID token lacks, is refused.
    """
    expires = _seconds(claims.get("exp"))
    complete = all(claims.get(name) for name in ("sub", "client_id", "scope"))
    if expires is None or expires <= now or not complete or claims.get("iss") != issuer:
        raise NotAuthenticated
    personal_number = _personal_number(claims)
    return Caller(
        subject=str(claims["sub"]),
        client=str(claims["client_id"]),
        scopes=frozenset(_words(str(claims["scope"]))),
        party_key=keys.key(Scheme.PERSONAL_NUMBER, personal_number) if personal_number else None,
        acr=claims.get("acr"),
        auth_time=_seconds(claims.get("auth_time")),
    )


def party_from(claims: Mapping[str, Any]) -> Party | None:
    """The person that a citizen's token names, with number and name; it is passed on by hand and never kept with the caller.

    None where it names nobody, or not with both.
    """
    number, name = _personal_number(claims), claims.get("HoVaTen")
    if number is None or not isinstance(name, str) or not 0 < len(name.strip()) <= MAX_NAME:
        return None
    return Party(scheme=Scheme.PERSONAL_NUMBER, identifier=number, name=name)


def _personal_number(claims: Mapping[str, Any]) -> str | None:
    """The claim, if it is a text of twelve digits: a number has lost its leading zeros, and names somebody else or nobody."""
    number = claims.get("SoDinhDanh")
    return number if isinstance(number, str) and _NUMBER.fullmatch(number) else None


def _words(claim: str) -> list[str]:
    """A scope list; the gateway writes list claims as "[a b]"."""
    return claim.strip("[]").split()


def _seconds(claim: object) -> datetime | None:
    """A NumericDate; the gateway may write it as "1.76E9"."""
    try:
        return datetime.fromtimestamp(float(str(claim)), UTC)
    except (ValueError, OverflowError):
        return None
