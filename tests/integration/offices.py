"""A ward of the tests' own, with officials whose right to sign the tests give and take: its part of the catalogue, loaded anew."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from chauban.adapters.dynamodb.catalogue import KEPT

from infra.local.folder import REPOSITORY
from tests.integration.running_stack import RunningStack

WARD = "ubnd-phuong-thuy-xuan"
# Sorted after the project's own appointments, which come first for everybody.
HEAD, CLERK, RECORDS = "x-head", "x-clerk", "x-records"
Json = dict[str, Any]


def deputy(delegation: str, capacity: str) -> str:
    """The deputy's appointment that rests on a delegation of the ward."""
    return f"{delegation}-{capacity}"


@dataclass
class Office:
    """The ward: its head is the official of one ward of the demo, its deputy that of another. Each of the `delegations` (by id) is
    given to two appointments of the deputy, one as KT. and one as TUQ., unless it says otherwise."""

    stack: RunningStack
    folder: Path
    delegations: dict[str, Json] = field(default_factory=dict)
    appointments: dict[str, Json] = field(default_factory=dict)

    @classmethod
    def opened(cls, stack: RunningStack, folder: Path, **delegations: Json) -> Office:
        """The ward with these delegations: what each says otherwise than one that stands."""
        shutil.copytree(REPOSITORY / "catalogue", folder)
        office = cls(stack, folder)
        for name, changes in delegations.items():
            office.delegations[name] = _delegation(name) | changes
        office.appointments = {one["id"]: one for one in _appointments(list(delegations))}
        office.load()
        office._give_a_seal()
        # A function that met these people before remembers for a while where they were appointed then.
        time.sleep(KEPT.total_seconds() + 1)
        return office

    def delegate(self, delegation: str, **changes: Any) -> None:
        """A delegation as it is from now on."""
        self.delegations[delegation] |= changes
        self.load()

    def load(self) -> None:
        """The ward's part of the catalogue as it is now, with the project's own."""
        written = {
            "agencies": [_AGENCY],
            "appointments": self.appointments.values(),
            "delegations": self.delegations.values(),
        }
        for name, records in written.items():
            own = yaml.safe_dump(list(records), allow_unicode=True, sort_keys=False)
            known = (REPOSITORY / "catalogue" / f"{name}.yaml").read_text(encoding="utf-8")
            (self.folder / f"{name}.yaml").write_text(known + own, encoding="utf-8")
        done = self.loading()
        assert done.returncode == 0, done.stdout + done.stderr

    def loading(self) -> subprocess.CompletedProcess[str]:
        """What the command says to the folder as it is."""
        return self.stack.chauban("catalogue", "load", "--table", self.stack.resource("Table"), str(self.folder))

    def _give_a_seal(self) -> None:
        """The seal of another ward of the stack, as this one's: what it says of itself is not what is tested here."""
        file = self.stack.stack.folder.root / "credentials.json"
        known = json.loads(file.read_text(encoding="utf-8"))["credentials"]
        seal = next(one for one in known if one["id"] == "cred-seal-thuan-hoa")
        own = self.folder / "credentials.json"
        own.write_text(json.dumps({"credentials": [{**seal, "id": "x-seal", "agency": WARD}]}), encoding="utf-8")
        table, bucket = self.stack.resource("Table"), self.stack.resource("FormsBucket")
        done = self.stack.chauban("credentials", "load", "--table", table, "--bucket", bucket, str(own))
        assert done.returncode == 0, done.stdout + done.stderr


def moment(**later: float) -> str:
    """A time as the catalogue writes it: now, or so much later."""
    return (datetime.now(UTC) + timedelta(**later)).isoformat()


_AGENCY = {
    "id": WARD,
    "identifier": "H57.40.77",
    "name": "ỦY BAN NHÂN DÂN PHƯỜNG THỦY XUÂN",
    "place": "Thủy Xuân",
    "address": "1 Điện Biên Phủ, phường Thủy Xuân, thành phố Huế",
    "competent_level": "commune",
    "valid_from": "2025-07-01T00:00:00+07:00",
}


def _appointments(delegations: list[str]) -> list[Json]:
    common = {"agency": WARD, "valid_from": "2025-07-01T00:00:00+07:00"}
    head = {
        "id": HEAD,
        "person": "official-thuan-hoa",
        "role": "official",
        "name": "Hoàng Minh Đức",
        "title": "CHỦ TỊCH",
    }
    office = {"id": RECORDS, "person": "records-thuan-hoa", "role": "records_office", "name": "Đặng Thị Hạnh"}
    clerk = {"id": CLERK, "person": "clerk-thuan-hoa", "role": "clerk", "name": "Lê Thị Mai", "title": "Công chức"}
    held = {"person": "official-phu-xuan", "role": "official", "name": "Võ Thị Lan"}
    deputies = [
        {**common, **held, **lines, "id": deputy(name, capacity), "delegation": name}
        for name in delegations
        for capacity, lines in _AS.items()
    ]
    return [
        {**common, **head, "authority": "TM. ỦY BAN NHÂN DÂN"},
        *deputies,
        {**common, **clerk},
        {**common, **office, "title": "Văn thư"},
    ]


_AS = {
    "KT": {"title": "PHÓ CHỦ TỊCH", "authority": "TM. ỦY BAN NHÂN DÂN", "capacity": "KT. CHỦ TỊCH"},
    "TUQ": {"title": "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI", "capacity": "TUQ. CHỦ TỊCH"},
}


def _delegation(name: str) -> Json:
    return {
        "id": name,
        "number": "34/QĐ-UBND",
        "legal_basis": "Quy chế làm việc của Ủy ban nhân dân phường",
        "grantor": "Chủ tịch Ủy ban nhân dân phường Thủy Xuân",
        "grantees": [deputy(name, capacity) for capacity in _AS],
        "agency": WARD,
        "valid_from": "2025-07-01T00:00:00+07:00",
        "valid_to": "2030-07-01T00:00:00+07:00",
    }
