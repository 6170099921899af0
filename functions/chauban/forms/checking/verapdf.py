"""veraPDF as a department has it: named with `--verapdf`, on the PATH, or fetched by `chauban forms verapdf`."""

import re
import shutil
import subprocess  # runs the one program that the user named
import tempfile
from pathlib import Path

from chauban.errors import NotConfigured
from chauban.forms.checking.verapdf_installing import installed_command

FLAVOURS = ("3a", "ua1")
_RULE = re.compile(r'<rule\b[^>]*clause="(?P<clause>[^"]+)"[^>]*testNumber="(?P<test>\d+)"[^>]*status="failed"')
_JOB = re.compile(r"<job>.*?</job>", re.DOTALL)
_NAME = re.compile(r"<name>(?P<path>[^<]+)</name>")


class VeraPdf:
    """Asks veraPDF about many files at once: its start takes longer than its work."""

    def __init__(self, *command: str) -> None:
        self._command = command

    @classmethod
    def found(cls, named: str | None) -> "VeraPdf | None":
        """The one named, on the PATH, or fetched, in this order, or none; raises `NotConfigured` for a name that is no program."""
        if named and shutil.which(named) is None:
            raise NotConfigured(what=f"veraPDF ({named})")
        program = named or shutil.which("verapdf")
        command = (program,) if program else installed_command()
        return cls(*command) if command else None

    def __call__(self, files: dict[str, bytes]) -> dict[str, list[str]]:
        """The broken rules of the files that have any, such as "3a 6.2.11.4-1"."""
        with tempfile.TemporaryDirectory() as folder:
            paths = {str(number): name for number, name in enumerate(files)}
            for number, name in paths.items():
                (Path(folder) / f"{number}.pdf").write_bytes(files[name])
            broken: dict[str, list[str]] = {}
            for flavour in FLAVOURS if files else ():
                for number, rules in self._ask(flavour, sorted(Path(folder).glob("*.pdf"))).items():
                    broken.setdefault(paths[number], []).extend(f"{flavour} {rule}" for rule in rules)
            return broken

    def _ask(self, flavour: str, paths: list[Path]) -> dict[str, list[str]]:
        command = [*self._command, "--format", "xml", "-f", flavour, *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603
        reports = {Path(name["path"]).stem: job for job in _JOB.findall(done.stdout) if (name := _NAME.search(job))}
        if set(reports) != {path.stem for path in paths}:
            raise NotConfigured(what=f"veraPDF ({done.stderr.strip()[:200] or 'no report'})")
        return {stem: rules for stem, job in reports.items() if (rules := _broken(job))}


def _broken(job: str) -> list[str]:
    if 'isCompliant="true"' in job:
        return []
    return [f"{rule['clause']}-{rule['test']}" for rule in _RULE.finditer(job)] or ["not compliant"]
