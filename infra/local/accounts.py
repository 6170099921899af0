"""The people of the demo: invented citizens and staff of two wards. Passwords are made at the first start."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

AUDIENCE = "https://api.chauban.local"
# The redirect need not answer: whoever logs in reads the code from the Location header.
WEB_CLIENT = {"client_id": "web", "redirect_uri": "http://127.0.0.1/callback"}
SCOPES = {
    "citizen": "dossiers:submit dossiers:read results:read",
    "clerk": "dossiers:read dossiers:handle",
    "official": "signing",
    "records": "dossiers:read records",
    "portal": "dossiers:submit dossiers:submit-for catalogue:read",
}


@dataclass(frozen=True)
class Agency:
    """A ward's people's committee; `seal` is the type of its KMS key."""

    id: str
    short: str
    name: str
    seal_text: str
    seal: str


AGENCIES = (
    Agency("ubnd-phuong-thuan-hoa", "thuan-hoa", "Ủy ban nhân dân phường Thuận Hóa", "PHƯỜNG THUẬN HÓA", "RSA_2048"),
    Agency("ubnd-phuong-phu-xuan", "phu-xuan", "Ủy ban nhân dân phường Phú Xuân", "PHƯỜNG PHÚ XUÂN", "ECC_NIST_P256"),
)


@dataclass(frozen=True)
class Person:
    """Who can log in; a citizen has a personal number (12 digits, invented), a worker an agency."""

    username: str
    role: str
    name: str
    agency: str | None = None
    personal_number: str | None = None
    device: str | None = None
    title: str | None = None


PEOPLE = (
    Person("citizen-a", "citizen", "Nguyễn Thị Hương Giang", personal_number="046194000017"),
    Person("citizen-b", "citizen", "Trần Văn Bình", personal_number="046088000023"),
    Person("clerk-thuan-hoa", "clerk", "Lê Thị Mai", "ubnd-phuong-thuan-hoa"),
    Person("clerk-phu-xuan", "clerk", "Phạm Văn Nam", "ubnd-phuong-phu-xuan"),
    Person("official-thuan-hoa", "official", "Hoàng Minh Đức", "ubnd-phuong-thuan-hoa", device="RSA", title="Chủ tịch"),
    Person("official-phu-xuan", "official", "Võ Thị Lan", "ubnd-phuong-phu-xuan", device="P-256", title="Chủ tịch"),
    Person("records-thuan-hoa", "records", "Đặng Thị Hạnh", "ubnd-phuong-thuan-hoa"),
    Person("records-phu-xuan", "records", "Ngô Văn Tín", "ubnd-phuong-phu-xuan"),
)


def make_accounts() -> list[dict[str, Any]]:
    """What the login issuer knows of each person; the passwords are in no other place than the data folder."""
    return [
        {
            "username": person.username,
            "password": secrets.token_urlsafe(12),
            "role": person.role,
            "name": person.name,
            "agency": person.agency,
            "scope": SCOPES[person.role],
            "claims": {"SoDinhDanh": person.personal_number, "HoVaTen": person.name} if person.personal_number else {},
        }
        for person in PEOPLE
    ]


def make_clients() -> dict[str, dict[str, str]]:
    portal = {"client_id": "portal", "client_secret": secrets.token_urlsafe(24), "scope": SCOPES["portal"]}
    return {"portal": portal, "web": dict(WEB_CLIENT)}
