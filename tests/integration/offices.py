"""A ward of the tests' own, with officials whose right to sign the tests give and take: its part of the catalogue, loaded anew."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from chauban.adapters.dynamodb.catalogue import KEPT

from infra.local.folder import REPOSITORY
from infra.local.processes import plain_environment
from tests.integration.running_stack import RunningStack

WARD = "ubnd-phuong-thuy-xuan"
# Sorted after the project's own appointments, which come first for everybody.
HEAD, DEPUTY, CLERK, RECORDS = "x-head", "x-deputy", "x-clerk", "x-records"
RECORD = "x-giao-ky"
Json = dict[str, Any]


@dataclass
class Office:
    """The ward: its head is the official of one ward of the demo, its deputy (KT. or TUQ., by delegation) that of another."""

    stack: RunningStack
    folder: Path
    delegation: Json = field(default_factory=dict)

    @classmethod
    def opened(cls, stack: RunningStack, folder: Path) -> Office:
        shutil.copytree(REPOSITORY / "catalogue", folder)
        office = cls(stack, folder, _delegation())
        office._write("agencies", _AGENCY)
        office._write("appointments", *_appointments())
        office._load()
        office._give_a_seal()
        # A function that met these people before remembers for a while where they were appointed then.
        time.sleep(KEPT.total_seconds() + 1)
        return office

    def delegate(self, **changes: Any) -> None:
        """The delegation as it is from now on; without changes it stands."""
        self.delegation = {**_delegation(), **changes}
        self._load()

    def _load(self) -> None:
        shutil.copy(REPOSITORY / "catalogue" / "delegations.yaml", self.folder)
        self._write("delegations", self.delegation)
        self._run("catalogue", "load", "--table", self.stack.resource("Table"), str(self.folder))

    def _give_a_seal(self) -> None:
        """The seal of another ward of the stack, as this one's: what it says of itself is not what is tested here."""
        file = self.stack.stack.folder.root / "credentials.json"
        known = json.loads(file.read_text(encoding="utf-8"))["credentials"]
        seal = next(one for one in known if one["id"] == "cred-seal-thuan-hoa")
        own = self.folder / "credentials.json"
        own.write_text(json.dumps({"credentials": [{**seal, "id": "x-seal", "agency": WARD}]}), encoding="utf-8")
        table, bucket = self.stack.resource("Table"), self.stack.resource("FormsBucket")
        self._run("credentials", "load", "--table", table, "--bucket", bucket, str(own))

    def _write(self, name: str, *records: Json) -> None:
        text = yaml.safe_dump(list(records), allow_unicode=True, sort_keys=False)
        with (self.folder / f"{name}.yaml").open("a", encoding="utf-8") as file:
            file.write(text)

    def _run(self, *arguments: str) -> None:
        keys = self.stack.description["admin"]
        environment = plain_environment() | {
            "AWS_ENDPOINT_URL": self.stack.description["aws_endpoint"],
            "AWS_DEFAULT_REGION": self.stack.description["region"],
            "AWS_ACCESS_KEY_ID": keys["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": keys["secret_access_key"],
            "PYTHONUTF8": "1",
        }
        command = [sys.executable, "-m", "chauban.cli", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
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


def _appointments() -> list[Json]:
    common = {"agency": WARD, "valid_from": "2025-07-01T00:00:00+07:00"}
    head = {
        "id": HEAD,
        "person": "official-thuan-hoa",
        "role": "official",
        "name": "Hoàng Minh Đức",
        "title": "CHỦ TỊCH",
    }
    deputy = {"person": "official-phu-xuan", "role": "official", "name": "Võ Thị Lan", "delegation": RECORD}
    office = {"id": RECORDS, "person": "records-thuan-hoa", "role": "records_office", "name": "Đặng Thị Hạnh"}
    clerk = {"id": CLERK, "person": "clerk-thuan-hoa", "role": "clerk", "name": "Lê Thị Mai", "title": "Công chức"}
    return [
        {**common, **head, "authority": "TM. ỦY BAN NHÂN DÂN"},
        {**common, **deputy, **_AS["KT"]},
        {**common, **deputy, **_AS["TUQ"]},
        {**common, **clerk},
        {**common, **office, "title": "Văn thư"},
    ]


_AS = {
    "KT": {
        "id": f"{DEPUTY}-KT",
        "title": "PHÓ CHỦ TỊCH",
        "authority": "TM. ỦY BAN NHÂN DÂN",
        "capacity": "KT. CHỦ TỊCH",
    },
    "TUQ": {"id": f"{DEPUTY}-TUQ", "title": "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI", "capacity": "TUQ. CHỦ TỊCH"},
}


def _delegation() -> Json:
    return {
        "id": RECORD,
        "number": "34/QĐ-UBND",
        "legal_basis": "Quy chế làm việc của Ủy ban nhân dân phường",
        "grantor": "Chủ tịch Ủy ban nhân dân phường Thủy Xuân",
        "agency": WARD,
        "valid_from": "2025-07-01T00:00:00+07:00",
        "valid_to": "2030-07-01T00:00:00+07:00",
    }
