"""What a document that was handed out says: its signatures, its fields, the data in it."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from chauban.signing.pades.identity import certificates_from_pem
from chauban.signing.pades.inspection import signature_report
from chauban.signing.pades.lasting import timestamp_report

from tests.integration.journey import Journey, facts
from tests.integration.running_stack import RunningStack

Json = dict[str, Any]


def signed_by(journey: Journey, pdf: bytes) -> list[str]:
    """The fields of a document's signatures, none of them with a fault."""
    anchors = certificates_from_pem(Path(journey.stack.description["trust_root"]).read_text())
    report = signature_report(pdf, anchors)
    assert [signature.faults for signature in report] == [()] * len(report)
    stamps = timestamp_report(pdf, anchors)
    assert [stamp.faults for stamp in stamps] == [()] * len(stamps)
    assert (stamps or report)[-1].covers_whole_file
    return [signature.field for signature in report]


def opened(pdf: bytes) -> tuple[dict[str, str], Json]:
    """The text fields of a document and its embedded data."""
    with pikepdf.open(BytesIO(pdf)) as document:
        form = document.Root.get("/AcroForm", {"/Fields": []})
        fields = {str(f.T): str(f.get("/V", "")) for f in form["/Fields"] if f.FT == "/Tx"}
        return fields, json.loads(document.attachments["data.json"].get_file().read_bytes())


def assert_one_of_each(stack: RunningStack, journey: Journey) -> None:
    """One number, one official's signature, one issued result."""
    assert len(facts(stack, journey.id, "number_issued")) == 1
    assert len(facts(stack, journey.id, "document_signed")) == 1
    issued = [fact for fact in facts(stack, journey.id, "document_issued") if fact["data"]["kind"] == "result"]
    assert len(issued) == 1
    # What was issued, and perhaps the same file extended.
    assert [each["revision"] for each in journey.document("result")["revisions"]] in ([1], [1, 2])
