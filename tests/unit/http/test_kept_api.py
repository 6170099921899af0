"""What was found before signatures and document timestamps, as staff sees it of documents and of registers."""

import pytest
from chauban.dossiers.documents import DocumentKind

from tests.unit.fakes.amendments import first_result
from tests.unit.fakes.catalogue import THUAN_HOA
from tests.unit.fakes.copies import copied
from tests.unit.fakes.gateway import Gateway
from tests.unit.fakes.notices import extended
from tests.unit.fakes.world import document_of
from tests.unit.registers.test_registers_last import sealed

CLERK = "clerk-thuan-hoa"


def test_of_document_timestamps(call: Gateway) -> None:
    dossier = call.world.issued()
    path = f"/v1/documents/{first_result(dossier)}"
    assert call("GET", path, who=CLERK).body["document_timestamps"] == []
    for revision in (1, 2):
        call.world.extending.extend(dossier.id, first_result(dossier), revision)
    found = call("GET", path, who=CLERK).body
    stamps, made = found["document_timestamps"], found["document"]["revisions"]
    assert [one["revision"] for one in stamps] == [2, 3]
    assert [one["sha256"] for one in stamps] == [one["sha256"] for one in made[1:]]
    assert all(one["certificate_check"]["result"] == "good" for one in stamps)
    assert all(one["timestamped_at"] and len(one["authority"]) == 64 for one in stamps)
    assert call("GET", path, who="citizen").body["document_timestamps"] is None
    assert call("GET", path, who="portal").body["document_timestamps"] is None


@pytest.mark.parametrize("kind", ["sao_y", "sao_luc"])
def test_of_copies(call: Gateway, kind: str) -> None:
    dossier = call.world.issued()
    copied(call.world, dossier, "sao_y")
    copy = copied(call.world, dossier, kind)
    checks = call("GET", f"/v1/documents/{copy.id}", who=CLERK).body["signatures"]
    assert checks[-1]["field"] == "copy"
    assert all(one["certificate_check"]["result"] == "good" for one in checks)


def test_of_notices(call: Gateway) -> None:
    dossier = extended(call.world, call.world.received())
    notice = document_of(dossier, DocumentKind.EXTENSION).id
    checks = call("GET", f"/v1/documents/{notice}", who=CLERK).body["signatures"]
    assert checks[-1]["field"] == "seal"
    assert all(one["certificate_check"]["result"] == "good" for one in checks)


def test_of_registers(call: Gateway) -> None:
    register = sealed(call.world)
    call.world.register_extending.extend(register.id, 1)
    path = f"/v1/agencies/{THUAN_HOA}/registers/{register.id}"
    found = call("GET", path, who=CLERK).body
    assert [one["level"] for one in found["revisions"]] == ["B-LT", "PAdES-BASELINE-LTA"]
    assert found["file"]["revision"] == 2
    assert found["file"]["sha256"] == found["revisions"][1]["sha256"]
    (check,), (stamp,) = found["signatures"], found["document_timestamps"]
    assert (check["field"], check["certificate_check"]["result"]) == ("seal", "good")
    assert (stamp["revision"], stamp["certificate_check"]["result"]) == (2, "good")
    for who in ("citizen", "clerk-phu-xuan"):
        assert call("GET", path, who=who).status == 404


def test_in_the_history_of_a_dossier_for_those_inside(call: Gateway) -> None:
    dossier = call.world.issued()
    call.world.extending.extend(dossier.id, first_result(dossier), 1)
    path = f"/v1/dossiers/{dossier.id}"
    history = call("GET", path, who=CLERK).body["history"]
    checked = [(one["type"], one["certificate_check"]["result"]) for one in history if one["certificate_check"]]
    assert checked == [("signature_prepared", "good")] * 2 + [("document_extended", "good")]
    assert not any(one["certificate_check"] for one in call("GET", path, who="citizen").body["history"])
