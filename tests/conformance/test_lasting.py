"""What EU DSS and veraPDF say of files that are raised and renewed, with the network out of reach."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from chauban.signing.pades.form_filling import fill_text_fields
from chauban.signing.pades.lasting import require_lasting
from chauban.signing.pades.preservation import PadesPreservation
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from infra.local.trust import revoke
from tests.conformance.judge import Judge
from tests.unit.preservation.test_algorithm_policy import policy
from tests.unit.signing.world import NUMBER, World

pytestmark = pytest.mark.java

KINDS = [("rsa", "ec"), ("ec", "rsa")]


def raised(world: World, pdf: bytes) -> bytes:
    return PadesPreservation(world.trust(), world.timestamps(), world.now).extend(pdf, policy()).pdf


def numbered(pdf: bytes) -> bytes:
    """The file with number and date filled in, and not sealed yet."""
    writer, written = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    fill_text_fields(writer, NUMBER)
    writer.write(written)
    return written.getvalue()


def before_timestamp(pdf: bytes, kept: bytes) -> bytes:
    """The file with the validation data that raising it added, and without the document timestamp over them."""
    end = kept.rindex(b"%%EOF", 0, kept.rindex(b"%%EOF")) + len(b"%%EOF\n")
    assert kept.startswith(pdf)
    assert end > len(pdf)
    return kept[:end]


def steps(world: World, result: bytes, first: str, second: str) -> Iterator[tuple[str, bytes]]:
    """A result after each step of its life, and the level that EU DSS gives its last signature then."""
    official, seal = world.owner(f"lasting-{first}", first), world.owner(f"lasting-seal-{second}", second, "seal")
    pdf = world.by_official(result, official)
    yield "PAdES-BASELINE-T", pdf
    yield "PAdES-BASELINE-T", numbered(pdf)
    pdf = world.by_organisation(pdf, seal, NUMBER)
    yield "PAdES-BASELINE-T", pdf
    yield "PAdES-BASELINE-LT", before_timestamp(pdf, raised(world, pdf))
    for _ in range(3):
        pdf = raised(world, pdf)
        yield "PAdES-BASELINE-LTA", pdf


@pytest.mark.parametrize(("first", "second"), KINDS, ids=["pss-then-ecdsa", "ecdsa-then-pss"])
def test_a_result_conforms_and_passes_offline_after_each_step_of_its_life(
    judge: Judge, world: World, result: bytes, first: str, second: str
) -> None:
    for level, pdf in steps(world, result, first, second):
        assert judge.broken_rules(pdf) == {}
        found = judge.preserved(pdf, world.authority.root_file)
        assert all(each["indication"] == "TOTAL_PASSED" for each in found["signatures"]), (level, found)
        assert all(each["unexplained"] == [] for each in found["signatures"]), (level, found)
        # The seal's lock says nothing against a document timestamp.
        warnings = [warning for each in found["signatures"] for warning in each["warnings"]]
        assert not any("Lock" in warning or "MDP" in warning for warning in warnings), (level, found)
        assert found["signatures"][-1]["level"] == level
    # The last step: raised and renewed twice.
    assert [each["level"] for each in found["signatures"]] == ["PAdES-BASELINE-LTA"] * 2
    assert [(each["indication"], each["digest"]) for each in found["timestamps"]] == [("PASSED", "SHA256")] * 3
    assert found["timestamps"][-1]["field"] == "document-timestamp-3"


def test_a_signature_without_timestamp_or_material_is_given_no_more_than_it_has(
    judge: Judge, world: World, result: bytes
) -> None:
    bare = world.by_official(result, world.owner("lasting-bare"), bare=True)
    (opinion,) = judge.preserved(bare, world.authority.root_file)["signatures"]
    assert opinion["level"] == "PAdES-BASELINE-T"
    assert opinion["indication"] != "TOTAL_PASSED"
    # Raised, it has what it lacked.
    for pdf in (raised(world, bare), raised(world, raised(world, bare))):
        (opinion,) = judge.preserved(pdf, world.authority.root_file)["signatures"]
        assert (opinion["level"], opinion["indication"]) == ("PAdES-BASELINE-LTA", "TOTAL_PASSED")
        assert judge.broken_rules(pdf) == {}


def test_what_was_raised_stands_after_its_certificates_were_revoked_and_have_ended(
    judge: Judge, world: World, result: bytes
) -> None:
    official = world.owner("lasting-revoked", valid_to=datetime.now(UTC) + timedelta(days=2))
    sealed = world.by_organisation(
        world.by_official(result, official), world.owner("lasting-seal", "ec", "seal"), NUMBER
    )
    kept = raised(world, sealed)
    revoke(world.authority.data, official.label)
    later = datetime.now(UTC) + timedelta(days=3 * 365)
    found = judge.preserved(kept, world.authority.root_file, later)
    assert [each["indication"] for each in found["signatures"]] == ["TOTAL_PASSED"] * 2
    assert require_lasting(kept, world.anchors).value == "PAdES-BASELINE-LTA"


def test_the_judge_knows_a_retired_hash_and_a_lapsed_timestamp(judge: Judge, world: World, receipt: bytes) -> None:
    kept = raised(world, world.by_organisation(receipt, world.owner("lasting-receipt", "ec", "seal")))
    root, now = world.authority.root_file, datetime.now(UTC)
    (good,) = judge.preserved(kept, root, now + timedelta(days=365))["signatures"]
    (weak,) = judge.preserved(kept, root, now + timedelta(days=365), {"SHA256": now.date().isoformat()})["signatures"]
    (late,) = judge.preserved(kept, root, now + timedelta(days=6 * 365))["signatures"]
    assert good["indication"] == "TOTAL_PASSED"
    assert (weak["indication"], weak["sub_indication"]) == ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
    assert late["indication"] == "INDETERMINATE"
