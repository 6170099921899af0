"""The samples: filled-in forms that the service would take as they are; they are what a form is tried out on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from chauban.errors import FieldError, InvalidRequest
from chauban.forms.definition import FormDefinition
from chauban.forms.findings import Finding, finding
from chauban.forms.validation import accepted_decision, examined, normalised

FOLDERS = ("samples", "long")


@dataclass(frozen=True)
class Sample:
    """A sample by its file's name below the version's folder."""

    file: str
    answers: dict[str, Any]
    decision: dict[str, Any]


def samples_of(folder: Path) -> list[Sample]:
    """All samples, those with long values too; a file that is no sample is left to `sample_findings`."""
    return [sample for _, sample in _read(folder) if sample]


def sample_findings(form: FormDefinition, folder: Path, today: date) -> list[Finding]:
    """What the service would say to each sample."""
    found = []
    read = list(_read(folder))
    if not any(file.startswith("samples/") for file, _ in read):
        text = "Cần ít nhất một hồ sơ mẫu trong samples/.", "There has to be at least one sample in samples/."
        found.append(finding("samples", "", "no-sample", *text))
    for file, sample in read:
        if sample is None:
            text = (
                'Hồ sơ mẫu có dạng {"answers": {...}, "decision": {...}}.',
                'A sample is {"answers": {...}, "decision": {...}}.',
            )
            found.append(finding(file, "", "sample-shape", *text))
        else:
            found += _of_sample(form, sample, today)
    return found


def _of_sample(form: FormDefinition, sample: Sample, today: date) -> Iterator[Finding]:
    state = examined(form, sample.answers, today)
    yield from (_told(sample.file, fault) for fault in state.faults)
    if not state.faults and state.answers != normalised(sample.answers):
        text = (
            "Có câu trả lời cho mục đang bị ẩn; hệ thống sẽ bỏ. Hãy xóa khỏi hồ sơ mẫu.",
            "It answers questions that are hidden, which the service drops. Take them out of the sample.",
        )
        yield finding(sample.file, "/answers", "hidden-answers", *text)
    for result in form.head.results:
        try:
            accepted_decision(form, result, state.answers, sample.decision, today)
        except InvalidRequest as refusal:
            yield from (_told(sample.file, fault, "/decision") for fault in refusal.errors)


def _told(file: str, fault: FieldError, root: str = "/answers") -> Finding:
    place = root + fault.pointer.removeprefix("#/answers").removeprefix("#/data")
    return Finding(file, place, f"sample-{fault.code}", fault.detail)


def _read(folder: Path) -> Iterator[tuple[str, Sample | None]]:
    for name in FOLDERS:
        for path in sorted((folder / name).glob("*.json")):
            file = path.relative_to(folder).as_posix()
            try:
                given = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                given = None
            right = isinstance(given, dict) and isinstance(given.get("answers"), dict)
            decision = given.get("decision", {}) if right else None
            fits = right and isinstance(decision, dict) and set(given) <= {"answers", "decision"}
            yield file, Sample(file, given["answers"], decision) if fits and decision is not None else None
