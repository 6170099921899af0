"""EU DSS and veraPDF, asked from Python: builds the program beside this file once, and keeps one JVM for many questions."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chauban.signing.trust.material import ValidationMaterial

HERE = Path(__file__).parent
NEEDED = ("java", "javac", "mvn")
# For a life of a minute on a few processors: the first compiler only, and no collector in threads of its own, take half the work.
JAVA = ("java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
MAVEN = (
    "mvn",
    "-q",
    "-B",
    "dependency:copy-dependencies",
    "-DoutputDirectory=lib",
    "-DincludeScope=runtime",
    "compile",
)


def missing_programs() -> list[str]:
    """What has to be installed before there can be a judge."""
    return [program for program in NEEDED if shutil.which(program) is None]


class Judge:
    """A running judge; answers are what the Java classes say, as plain values."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def signatures(self, pdf: bytes, root: Path) -> list[dict[str, Any]]:
        """EU DSS on every signature of a file, offline, trusting the root certificate in a PEM file."""
        found: list[dict[str, Any]] = self._ask(pdf, ask="signatures", root=str(root.resolve()))["signatures"]
        return found

    def preserved(
        self,
        pdf: bytes,
        root: Path,
        at: datetime | None = None,
        retired: Mapping[str, str] | None = None,
        beside: ValidationMaterial | None = None,
    ) -> dict[str, list[dict[str, Any]]]:
        """EU DSS on the signatures and the document timestamps of a file, as of an aware moment; `retired` are hashes, by the
        names of EU DSS, that its policy takes for weak from a day on, and `beside` is what it knows that the file may lack."""
        moment = {"at": at.astimezone(UTC).isoformat().replace("+00:00", "Z")} if at else {}
        given = {"root": str(root.resolve()), "retired": dict(retired or {}), "beside": _in_base64(beside)}
        return self._ask(pdf, ask="signatures", **given, **moment)

    def broken_rules(self, pdf: bytes, flavours: Sequence[str] = ("3a", "ua1")) -> dict[str, dict[str, str]]:
        """veraPDF's broken rules, by flavour; flavours that the file conforms to are left out."""
        opinion = self._ask(pdf, ask="conformance", flavours=list(flavours))
        return {flavour: broken for flavour, broken in opinion.items() if broken}

    def _ask(self, pdf: bytes, **question: Any) -> dict[str, Any]:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            return self._answer({**question, "file": file.name})

    def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the judge was started without pipes")
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the judge has stopped")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer


@contextmanager
def running_judge() -> Iterator[Judge]:
    """A judge until the end of the block; building it takes a minute the first time."""
    home = _built()
    command = [*JAVA, "-cp", f"{home / 'target/classes'}{os.pathsep}{home / 'lib'}/*"]
    with subprocess.Popen(
        [*command, "vn.chauban.conformance.Service"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield Judge(process)
        finally:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(timeout=30)


def _in_base64(material: ValidationMaterial | None) -> dict[str, list[str]]:
    if material is None:
        return {}
    kinds = {"certificates": material.certificates, "ocsp": material.ocsp_responses, "crls": material.crls}
    return {kind: [b64encode(value).decode() for value in values] for kind, values in kinds.items()}


def _built() -> Path:
    """The folder with the compiled program, in the user's cache, named after what it was built from."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chauban-conformance"
    sources = sorted([HERE / "pom.xml", *(HERE / "src").rglob("*.java")])
    stamp = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    home = cache / stamp
    if not home.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Built beside and moved into place at once: a second run at the same time, or a broken one, spoils nothing.
        with tempfile.TemporaryDirectory(dir=cache) as workshop:
            building = Path(workshop) / "built"
            shutil.copytree(HERE / "src", building / "src")
            shutil.copy(HERE / "pom.xml", building)
            done = subprocess.run(MAVEN, cwd=building, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"the judge could not be built:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
            if not home.exists():
                building.rename(home)
    return home
