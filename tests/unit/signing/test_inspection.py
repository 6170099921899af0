import hashlib
import logging
import re
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from chauban.errors import VerificationFailed
from chauban.signing.pades.cms import signature_cms
from chauban.signing.pades.document_timestamps import add_validation_material
from chauban.signing.pades.evidence import gather_evidence, lacking
from chauban.signing.pades.file_report import file_report
from chauban.signing.pades.inspection import Beside, require_valid, signature_report
from chauban.signing.pades.levels import Level, lowest
from chauban.signing.pades.revisions import SignedRegion
from chauban.signing.pades.signatures import PreparedSignature
from chauban.signing.trust.material import ValidationMaterial
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from infra.local.trust import configuration
from tests.unit.signing.world import NUMBER, KeyOwner, World, running_world

FIELDS = ["official", "seal"]


def test_an_issued_file_holds_with_nothing_but_itself_and_the_root(world: World, sealed: bytes) -> None:
    before = len(world.fetch.asked)
    assert [verdict.faults for verdict in require_valid(sealed, world.anchors, FIELDS)] == [(), ()]
    assert len(world.fetch.asked) == before


@pytest.mark.parametrize("where", ["page", "number", "attributes"])
def test_a_changed_byte_is_found(world: World, sealed: bytes, where: str) -> None:
    places = {
        "page": sealed.index(b"stream\n") + 40,
        "number": sealed.rindex(rb"/V (05\057XNTTHN") + 5,
        "attributes": sealed.rindex(b"/Contents <308") + 900,
    }
    changed = bytearray(sealed)
    changed[places[where]] ^= 1
    with pytest.raises(VerificationFailed):
        require_valid(bytes(changed), world.anchors, FIELDS)


def test_a_revision_after_the_seal_is_found(world: World, sealed: bytes) -> None:
    with pytest.raises(VerificationFailed):
        require_valid(_revision(sealed, "/Lang", generic.pdf_string("en")), world.anchors, FIELDS)


def test_a_revision_with_an_empty_cross_reference_table_is_found(world: World, sealed: bytes) -> None:
    previous = int(re.findall(rb"startxref\s+(\d+)", sealed)[-1])
    appended = b"\nxref\n0 0\ntrailer\n<< /Size 900 /Prev %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    with pytest.raises(VerificationFailed):
        require_valid(sealed + appended % (previous, len(sealed) + 1), world.anchors, FIELDS)


def test_bytes_after_the_end_are_found(world: World, sealed: bytes) -> None:
    with pytest.raises(VerificationFailed):
        require_valid(sealed + b"%hidden\n", world.anchors, FIELDS)


def test_another_number_after_the_official_signed_is_form_filling_but_after_the_seal_is_not(
    world: World, sealed: bytes
) -> None:
    with pytest.raises(VerificationFailed):
        require_valid(_field_value(sealed, "number", "99/XNTTHN-UBND"), world.anchors, FIELDS)


def test_a_file_without_signatures_is_a_failure(world: World, result: bytes) -> None:
    assert signature_report(result, world.anchors) == []
    with pytest.raises(VerificationFailed, match="other-signatures"):
        require_valid(result, world.anchors)
    with pytest.raises(VerificationFailed, match="unreadable"):
        require_valid(b"no pdf at all", world.anchors)


def test_the_officials_signature_alone_is_not_a_finished_file(world: World, signed: bytes) -> None:
    with pytest.raises(VerificationFailed, match="other-signatures"):
        require_valid(signed, world.anchors, FIELDS)


def test_without_validation_material_nothing_is_trusted_offline(
    world: World, result: bytes, official: KeyOwner, seal: KeyOwner
) -> None:
    bare = world.by_official(result, official, bare=True)
    prepared = world.prepared(bare, seal, field="seal", first=False, fill=NUMBER)
    with pytest.raises(VerificationFailed, match="official: not-trusted"):
        require_valid(world.completed(prepared, seal), world.anchors, FIELDS)


def test_the_level_is_what_each_signature_has(
    world: World, result: bytes, signed: bytes, sealed: bytes, official: KeyOwner, seal: KeyOwner
) -> None:
    assert _levels(world, sealed) == [Level.LT, Level.LT]
    assert _levels(world, world.by_official(result, official, bare=True)) == [Level.T]
    without = world.prepared(signed, seal, field="seal", first=False, fill=NUMBER)
    assert _levels(world, world.completed(without, seal)) == [Level.LT, Level.T]
    untimed = _without_timestamp(world, world.prepared(result, official, field="official"), official)
    assert _levels(world, untimed) == [Level.B]


def test_a_file_has_the_level_of_its_lowest_signature() -> None:
    assert lowest([Level.LT, Level.B, Level.T]) is Level.B
    assert lowest([Level.LT, Level.T]) is Level.T


def test_material_gathered_a_while_before_the_timestamp_still_counts(
    result: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker may stop between preparing and completing; OCSP answers name an end of their own, which is then past."""
    services = configuration._services()
    for responder in services["ocsp"].values():
        responder["validity-period"] = {"seconds": 1}
    monkeypatch.setattr(configuration, "_services", lambda: services)
    with running_world(tmp_path / "trust") as world:
        seal = world.owner("seal", "ec", "seal")
        signed = world.by_official(result, world.owner("official", "ec"))
        evidence = gather_evidence(
            signed,
            seal.identity,
            trust=world.trust(),
            timestamps=world.timestamps(),
            at=datetime.now(UTC),
            policy=world.policy,
        )
        prepared = world.prepared(signed, seal, field="seal", first=False, fill=NUMBER, validation=evidence.material)
        time.sleep(3)
        require_valid(world.completed(prepared, seal), world.anchors, FIELDS)


def test_under_another_root_nothing_is_trusted(sealed: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        running_world(tmp_path_factory.mktemp("other")) as stranger,
        pytest.raises(VerificationFailed, match="official: not-trusted"),
    ):
        require_valid(sealed, stranger.anchors, FIELDS)


def _levels(world: World, pdf: bytes) -> list[Level]:
    return [verdict.level for verdict in signature_report(pdf, world.anchors)]


def _without_timestamp(world: World, prepared: PreparedSignature, owner: KeyOwner) -> bytes:
    value = owner.sign(prepared.signed_attributes)
    token = world.timestamps().timestamp(hashlib.sha256(value).digest(), "sha256")
    content = cms.ContentInfo.load(signature_cms(owner.identity, prepared.signed_attributes, value, token.der))
    del content["content"]["signer_infos"][0]["unsigned_attrs"]
    return SignedRegion.find(prepared.pdf, prepared.field).fill(prepared.pdf, content.dump(force=True))


def _revision(pdf: bytes, key: str, value: generic.PdfObject) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root[key] = value
    writer.update_root()
    return _written(writer)


def _field_value(pdf: bytes, name: str, value: str) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    fields = (reference.get_object() for reference in writer.root["/AcroForm"]["/Fields"])
    field = next(field for field in fields if field["/T"] == name)
    field["/V"] = generic.pdf_string(value)
    writer.update_container(field)
    return _written(writer)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_nobody_is_named_in_the_log_when_a_signature_is_not_trusted(
    world: World, result: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    bare = world.by_official(result, world.owner("named-in-the-certificate"), bare=True)
    with caplog.at_level(logging.DEBUG):
        (verdict,) = signature_report(bare, world.anchors)
    assert "not-trusted" in verdict.faults
    assert [record for record in caplog.records if record.name.startswith("pyhanko")] == []


def test_what_is_known_beside_the_file_saves_a_signature_and_gives_it_no_level(world: World, result: bytes) -> None:
    owner = world.owner("beside")
    bare = world.by_official(result, owner, bare=True)
    material = world.material(result, owner)
    (verdict,) = signature_report(bare, world.anchors, beside=Beside(material, world.now()))
    assert (verdict.faults, verdict.level) == ((), Level.T)
    (stranger,) = signature_report(bare, world.anchors, beside=Beside(ValidationMaterial(), world.now()))
    assert "not-trusted" in stranger.faults


def with_material_behind(world: World, signed: bytes) -> bytes:
    return add_validation_material(signed, lacking(signed, world.trust(), world.now()))


def test_nothing_but_material_may_follow_the_last_signature_of_a_valid_file(world: World, result: bytes) -> None:
    bare = world.by_official(result, world.owner("material-behind"), bare=True)
    kept = with_material_behind(world, bare)
    report = file_report(kept, world.anchors)
    assert (report.valid, report.signatures[0].level) == (True, "PAdES-BASELINE-LT")
    writer = IncrementalPdfFileWriter(BytesIO(kept))
    writer.prev.trailer["/Info"]["/Title"] = generic.pdf_string("Một văn bản khác")
    writer.mark_update(writer.prev.trailer.raw_get("/Info"))
    written = BytesIO()
    writer.write(written)
    assert not file_report(written.getvalue(), world.anchors).valid
    # Nor may the gate before the archive be passed by what nothing covers.
    with pytest.raises(VerificationFailed, match="changed-after-last-signature"):
        require_valid(kept, world.anchors, ["official"])
