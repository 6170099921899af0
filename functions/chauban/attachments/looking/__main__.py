"""The process that looks: limits itself first, then reads."""

import json
import resource
import sys
from base64 import b64encode
from typing import Any

from chauban.attachments import reasons
from chauban.attachments.looking.images import image_fault
from chauban.attachments.looking.pdf import is_signed, pdf_fault
from chauban.attachments.ports import Seen
from chauban.dossiers.attachments import SourceKind


def fault_of(content: bytes, media_type: str) -> str | None:
    """A word for what is wrong with a file of that media type; None where nothing is."""
    return pdf_fault(content) if media_type == "application/pdf" else image_fault(content, media_type)


def seen(content: bytes, media_type: str, kind: str) -> Seen:
    """What a file to be copied looks like."""
    if fault := fault_of(content, media_type):
        return Seen(fault)
    if kind == SourceKind.SIGNED_FILE:
        from chauban.attachments.looking.signed_files import see_signed_file

        return see_signed_file(content) if media_type == "application/pdf" else Seen(reasons.TYPE)
    if media_type == "application/pdf" and is_signed(content):
        return Seen(reasons.SIGNED_SCAN)
    from chauban.attachments.looking.scans import see_scan

    return see_scan(content, media_type)


def told(found: Seen) -> dict[str, Any]:
    """What was seen, as JSON has it."""
    pages = [{**vars(page), "content": b64encode(page.content).decode()} for page in found.pages]
    return {**vars(found), "pages": pages}


def main(media_type: str, memory: int, kind: str | None = None) -> None:
    """Looks at what comes on standard input; more memory than that ends the process with a `MemoryError`."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    found = told(seen(content, media_type, kind)) if kind else {"fault": fault_of(content, media_type)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
