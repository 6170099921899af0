"""The process that looks: limits itself first, then reads."""

import json
import resource
import sys

from chauban.attachments.looking.images import image_fault
from chauban.attachments.looking.pdf import pdf_fault


def fault_of(content: bytes, media_type: str) -> str | None:
    """A word for what is wrong with a file of that media type; None where nothing is."""
    return pdf_fault(content) if media_type == "application/pdf" else image_fault(content, media_type)


def main(media_type: str, memory: int) -> None:
    """Looks at what comes on standard input; more memory than that ends the process with a `MemoryError`."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps({"fault": fault_of(content, media_type)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
