"""Files from outside are looked into by a process of its own: no credentials, little memory, little time, and then it is gone."""

import json
import os
import subprocess
import sys
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from chauban.attachments import reasons
from chauban.attachments.ports import Seen, SeenPage
from chauban.dossiers.attachments import SourceKind

MODULE = "chauban.attachments.looking"
# Where Lambda's interpreter finds its own libraries.
NEEDED = ("LD_LIBRARY_PATH",)


@dataclass(frozen=True)
class FileExaminer:
    """An `Examiner`. What takes more than `seconds` or `memory` bytes, or ends the process, is too complex to be kept."""

    seconds: float = 30.0
    memory: int = 1_000_000_000

    def fault(self, content: bytes, media_type: str) -> str | None:
        """See `Examiner.fault`."""
        told = self._told(content, media_type)
        return reasons.COMPLEX if told is None else told["fault"]

    def look(self, content: bytes, media_type: str, kind: SourceKind) -> Seen:
        """See `Examiner.look`."""
        told = self._told(content, media_type, kind.value)
        if told is None:
            return Seen(reasons.COMPLEX)
        pages = tuple(SeenPage(**{**page, "content": b64decode(page["content"])}) for page in told.pop("pages"))
        place = told.pop("place")
        return Seen(**told, place=tuple(place) if place else None, pages=pages)

    def _told(self, content: bytes, media_type: str, *more: str) -> Any:
        """What the process says; None where it ended without a word."""
        # What the interpreter needs to start and nothing else of this environment, where a function has its credentials.
        environment = {name: os.environ[name] for name in NEEDED if name in os.environ}
        environment |= {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-s", "-m", MODULE, media_type, str(self.memory), *more]
        try:
            done = subprocess.run(  # noqa: S603 - our own module; the file is its standard input
                command, input=content, capture_output=True, env=environment, timeout=self.seconds, check=True
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return None
        return json.loads(done.stdout)
