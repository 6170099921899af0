"""What is wrong with a form that somebody writes: file, place and a sentence per language that says what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One fault. `file` is relative to the version's folder; `place` is a JSON pointer, a line or a name, or empty."""

    file: str
    place: str
    code: str
    text: Mapping[str, str]

    def line(self, language: str) -> str:
        """The fault as one line for people."""
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{where}: {self.text[language]}"


class FormFaults(ValueError):
    """A form that cannot be read because of these faults."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(finding.line("en") for finding in self.findings))


def finding(file: str, place: str, code: str, vietnamese: str, english: str) -> Finding:
    """A fault with its two sentences."""
    return Finding(file, place, code, {"vi": vietnamese, "en": english})
