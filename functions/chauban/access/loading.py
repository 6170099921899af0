"""Loads the catalogue (YAML files under `catalogue/`) and credentials (JSON) into the table."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import yaml
from pydantic import TypeAdapter

from chauban.access.catalogue import Agency, Appointment, Delegation, Role
from chauban.access.delegations import require_kept, unfounded
from chauban.dossiers.deadlines import YearCalendar
from chauban.errors import CredentialFixed, CredentialRefused
from chauban.signing.credential_records import require_serving, within
from chauban.signing.credentials import CertificateFacts, Credential
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.providers import Provider, ProviderRecord, TokenRecord

# What the files hold; `chauban catalogue schemas` writes their JSON Schemas.
FILES: dict[str, TypeAdapter[Any]] = {
    "agencies": TypeAdapter(list[Agency]),
    "appointments": TypeAdapter(list[Appointment]),
    "delegations": TypeAdapter(list[Delegation]),
    "providers": TypeAdapter(list[ProviderRecord]),
    "calendar": TypeAdapter(YearCalendar),
    "algorithms": TypeAdapter(AlgorithmPolicy),
}


class CatalogueWriter(Protocol):
    """Where the catalogue is loaded into."""

    def put_agency(self, agency: Agency) -> None: ...

    def put_appointment(self, appointment: Appointment) -> None: ...

    def delegation(self, delegation: str) -> Delegation | None: ...

    def put_delegation(self, delegation: Delegation) -> None: ...

    def put_calendar(self, calendar: YearCalendar) -> None: ...

    def credential(self, credential: str) -> Credential | None: ...

    def put_credential(self, credential: Credential) -> None: ...

    def put_provider(self, provider: Provider) -> None: ...

    def put_algorithms(self, policy: AlgorithmPolicy) -> None: ...

    def put_token(self, token: TokenRecord) -> None: ...


def load_catalogue(folder: Path, into: CatalogueWriter) -> int:
    """Loads agencies, appointments, delegations, providers, calendars and the policy on algorithms; how many records there were.

    Raises pydantic's `ValidationError`, `ValueError` for records that do not fit together, and `DelegationFixed` for a delegation
    that says something else than the one on record; then nothing is loaded.
    """
    agencies: list[Agency] = _read(folder / "agencies.yaml", "agencies")
    appointments: list[Appointment] = _read(folder / "appointments.yaml", "appointments")
    delegations: list[Delegation] = _read(folder / "delegations.yaml", "delegations")
    providers: list[Provider | TokenRecord] = _read(folder / "providers.yaml", "providers")
    calendars: list[YearCalendar] = [_read(path, "calendar") for path in sorted((folder / "calendar").glob("*.yaml"))]
    policy: AlgorithmPolicy = _read(folder / "algorithms.yaml", "algorithms")
    _require_consistent(agencies, appointments, delegations)
    for delegation in delegations:
        require_kept(into.delegation(delegation.id), delegation)
    for agency in agencies:
        into.put_agency(agency)
    # Before the appointments that rest on them.
    for delegation in delegations:
        into.put_delegation(delegation)
    for appointment in appointments:
        into.put_appointment(appointment)
    for provider in providers:
        if isinstance(provider, TokenRecord):
            into.put_token(provider)
        else:
            into.put_provider(provider)
    for calendar in calendars:
        into.put_calendar(calendar)
    into.put_algorithms(policy)
    return len(agencies) + len(appointments) + len(delegations) + len(providers) + len(calendars) + 1


def _require_consistent(agencies: list[Agency], appointments: list[Appointment], delegations: list[Delegation]) -> None:
    """Whether a delegation still stands, and for whom, is judged when somebody signs."""
    known, held = {agency.id for agency in agencies}, {appointment.id for appointment in appointments}
    _require_successors({agency.id: agency for agency in agencies})
    records = {delegation.id: delegation for delegation in delegations}
    for delegation in delegations:
        if delegation.agency not in known:
            raise ValueError(f"delegation {delegation.id}: there is no agency {delegation.agency}")
        if not delegation.grantees:
            raise ValueError(f"delegation {delegation.id}: name the appointments that it is given to (grantees)")
        _require_grantor(delegation, appointments)
        if unknown := set(delegation.grantees) - held:
            raise ValueError(f"delegation {delegation.id}: there is no appointment {', '.join(sorted(unknown))}")
    for appointment in appointments:
        if appointment.agency not in known:
            raise ValueError(f"appointment {appointment.id}: there is no agency {appointment.agency}")
        if appointment.delegation and appointment.delegation not in records:
            raise ValueError(f"appointment {appointment.id}: there is no delegation {appointment.delegation}")
        if lack := unfounded(appointment, records.get(appointment.delegation or "")):
            raise ValueError(f"appointment {appointment.id}: {lack}")


def _require_successors(agencies: dict[str, Agency]) -> None:
    """A successor is there, and from the very day on which the agency ends; nobody comes in its own place. Raises `ValueError`."""
    for agency in agencies.values():
        if agency.successor is None:
            continue
        successor = agencies.get(agency.successor)
        if successor is None:
            raise ValueError(f"agency {agency.id}: there is no agency {agency.successor} (successor)")
        if agency.valid_to is None:
            raise ValueError(f"agency {agency.id}: say when it ends (valid_to), for it has a successor")
        if not successor.valid_at(agency.valid_to):
            raise ValueError(f"agency {agency.id}: {successor.id} is not there on the day on which it ends")


def _require_grantor(delegation: Delegation, appointments: list[Appointment]) -> None:
    """Who gave it held an office of the agency when it began; raises `ValueError`."""
    named = delegation.grantor_appointment
    if named is None:
        return
    grantor = next((one for one in appointments if (one.id, one.agency) == (named, delegation.agency)), None)
    if grantor is None or grantor.role is not Role.OFFICIAL:
        raise ValueError(
            f"delegation {delegation.id}: there is no official's appointment {named} in {delegation.agency}"
        )
    if not grantor.valid_at(delegation.valid_from):
        raise ValueError(f"delegation {delegation.id}: {named} was not in office when it began (valid_from)")


def load_credentials(
    file: Path,
    into: CatalogueWriter,
    keep_image: Callable[[str, bytes], None],
    read: Callable[[Credential], CertificateFacts],
) -> int:
    """Loads credentials from `{"credentials": [...]}`; each record's `appearance_png` (base64) is kept under its hash.

    `read` tells what a credential's certificate says, and raises `ValueError` where there is none. A record is kept as an
    imported one is: it ends with its certificate at the latest. One that was ended meanwhile, by a successor or by hand, stays
    ended. Raises pydantic's `ValidationError`, `KeyKindRefused` for a key that serves nobody, and
    `CredentialRefused` for a certificate that is none, not for signatures, of another key, or never valid together with its
    record, and `CredentialFixed` for another certificate under a known id; then nothing is loaded.
    """
    records = json.loads(file.read_text(encoding="utf-8"))["credentials"]
    pictures = [b64decode(record.pop("appearance_png")) for record in records]
    credentials = [Credential.model_validate({**record, "appearance": ""}) for record in records]
    for credential in credentials:
        require_serving(credential)
        _require_same_certificate(into.credential(credential.id), credential)
    credentials = [_as_certified(credential, read) for credential in credentials]
    for credential, picture in zip(credentials, pictures, strict=True):
        place = kept_image(picture, keep_image)
        into.put_credential(_still_ended(credential, into).model_copy(update={"appearance": place}))
    return len(credentials)


def _as_certified(credential: Credential, read: Callable[[Credential], CertificateFacts]) -> Credential:
    try:
        facts = read(credential)
    except ValueError as none:
        raise CredentialRefused(reason="no-certificate") from none
    return within(credential, facts)


def _require_same_certificate(known: Credential | None, credential: Credential) -> None:
    """What was prepared with a record names its certificate and could never be finished with another; raises `CredentialFixed`."""
    if known is not None and _leaf(known.chain_pem) != _leaf(credential.chain_pem):
        raise CredentialFixed(credential=credential.id)


def _leaf(chain_pem: str) -> str:
    """The first certificate's text; those above it may be completed."""
    return "".join(chain_pem.partition("-----END")[0].split())


def _still_ended(credential: Credential, into: CatalogueWriter) -> Credential:
    known = into.credential(credential.id)
    if known is None:
        return credential
    return credential.model_copy(update={"valid_to": min(known.valid_to, credential.valid_to)})


def kept_image(image: bytes, keep: Callable[[str, bytes], None]) -> str:
    """The key under which the picture of a signature or seal is kept: its hash."""
    place = f"appearances/{hashlib.sha256(image).hexdigest()}.png"
    keep(place, image)
    return place


def write_schemas(folder: Path) -> None:
    """Writes the JSON Schema of each kind of file next to the files."""
    for name, adapter in FILES.items():
        text = json.dumps(adapter.json_schema(), ensure_ascii=False, indent=2) + "\n"
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")


def _read(path: Path, kind: str) -> Any:
    return FILES[kind].validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
