"""Loads the catalogue (YAML files under `catalogue/`) and credentials (JSON) into the table."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import yaml
from pydantic import TypeAdapter

from chauban.access.catalogue import Agency, Appointment
from chauban.dossiers.deadlines import YearCalendar
from chauban.signing.credentials import Credential

# What the files hold; `chauban catalogue schemas` writes their JSON Schemas.
FILES: dict[str, TypeAdapter[Any]] = {
    "agencies": TypeAdapter(list[Agency]),
    "appointments": TypeAdapter(list[Appointment]),
    "calendar": TypeAdapter(YearCalendar),
}


class CatalogueWriter(Protocol):
    """Where the catalogue is loaded into."""

    def put_agency(self, agency: Agency) -> None: ...

    def put_appointment(self, appointment: Appointment) -> None: ...

    def put_calendar(self, calendar: YearCalendar) -> None: ...

    def put_credential(self, credential: Credential) -> None: ...


def load_catalogue(folder: Path, into: CatalogueWriter) -> int:
    """Loads agencies, appointments and calendars; how many records there were. Raises pydantic's `ValidationError`."""
    agencies: list[Agency] = _read(folder / "agencies.yaml", "agencies")
    appointments: list[Appointment] = _read(folder / "appointments.yaml", "appointments")
    calendars: list[YearCalendar] = [_read(path, "calendar") for path in sorted((folder / "calendar").glob("*.yaml"))]
    known = {agency.id for agency in agencies}
    for appointment in appointments:
        if appointment.agency not in known:
            raise ValueError(f"appointment {appointment.id}: there is no agency {appointment.agency}")
    for agency in agencies:
        into.put_agency(agency)
    for appointment in appointments:
        into.put_appointment(appointment)
    for calendar in calendars:
        into.put_calendar(calendar)
    return len(agencies) + len(appointments) + len(calendars)


def load_credentials(file: Path, into: CatalogueWriter, keep_image: Callable[[str, bytes], None]) -> int:
    """Loads credentials from `{"credentials": [...]}`; each record's `appearance_png` (base64) is kept under its hash."""
    records = json.loads(file.read_text(encoding="utf-8"))["credentials"]
    for record in records:
        image = b64decode(record.pop("appearance_png"))
        place = f"appearances/{hashlib.sha256(image).hexdigest()}.png"
        keep_image(place, image)
        into.put_credential(Credential.model_validate({**record, "appearance": place}))
    return len(records)


def write_schemas(folder: Path) -> None:
    """Writes the JSON Schema of each kind of file next to the files."""
    for name, adapter in FILES.items():
        text = json.dumps(adapter.json_schema(), ensure_ascii=False, indent=2) + "\n"
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")


def _read(path: Path, kind: str) -> Any:
    return FILES[kind].validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
