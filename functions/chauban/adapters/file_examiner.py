"""Files from outside are looked into by a process of its own: no credentials, little memory, little time, and then it is gone."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from chauban.attachments import reasons

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
        # What the interpreter needs to start and nothing else of this environment, where a function has its credentials.
        environment = {name: os.environ[name] for name in NEEDED if name in os.environ}
        environment |= {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-s", "-m", MODULE, media_type, str(self.memory)]
        try:
            done = subprocess.run(  # noqa: S603 - our own module; the file is its standard input
                command, input=content, capture_output=True, env=environment, timeout=self.seconds, check=True
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return reasons.COMPLEX
        fault: str | None = json.loads(done.stdout)["fault"]
        return fault
