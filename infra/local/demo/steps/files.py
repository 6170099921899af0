"""Anyone: checks the files without the service, and leaves them in a folder."""

from __future__ import annotations

import json

from infra.local.demo.checks import pdfsig
from infra.local.demo.checks.embedded import embedded_data, text_fields
from infra.local.demo.checks.signatures import signatures_of
from infra.local.demo.failures import NotTrue
from infra.local.demo.story import Story


def opens_signatures(story: Story) -> str:
    root = story.stack.trust_root.read_bytes()
    result = signatures_of(story.files["result.pdf"], root)
    receipt = signatures_of(story.files["receipt.pdf"], root)
    if [s.field for s in result] != ["official", "seal", "document-timestamp-1"] or [s.field for s in receipt] != [
        "seal"
    ]:
        raise NotTrue(f"unexpected signatures: {result}, {receipt}")
    if not (result[-1].covers_all and receipt[-1].covers_all):
        raise NotTrue("something follows the last signature")
    if result[0].signer != story.device.holder:
        raise NotTrue(f"the first signature is by {result[0].signer}")
    return "result: " + ", then ".join(s.signer for s in result)


def reads_data(story: Story) -> str:
    document = story.document("result")
    content = embedded_data(story.files["result.pdf"])
    fields = text_fields(story.files["result.pdf"])
    if not document or not fields.get("date"):
        raise NotTrue(f"the date is not filled in: {fields}")
    if fields.get("number") != document["number"]:
        raise NotTrue(f"the page says number {fields.get('number')}, the dossier says {document['number']}")
    if not story.files["result.pdf"].startswith(story.to_sign[:4096]):
        raise NotTrue("the result does not begin with what the official saw")
    story.files["data.json"] = content
    return f"Số: {fields['number']}, {fields['date']}; data.json {len(content)} bytes"


def leaves_files(story: Story) -> str:
    lines = [json.dumps(event, ensure_ascii=False) + "\n" for event in story.events]
    story.files["events.jsonl"] = "".join(lines).encode()
    story.files["trust-root.pem"] = story.stack.trust_root.read_bytes()
    story.folder.mkdir(parents=True, exist_ok=True)
    for name, content in story.files.items():
        (story.folder / name).write_bytes(content)
    return str(story.folder)


def asks_pdfsig(story: Story) -> str:
    if not pdfsig.available():
        return "skipped: install poppler-utils and libnss3-tools to have it checked"
    root = story.folder / "trust-root.pem"
    pdfsig.verdict(story.folder / "receipt.pdf", root, signatures=1)
    return pdfsig.verdict(story.folder / "result.pdf", root, signatures=2)
