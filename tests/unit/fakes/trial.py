"""Documents as `chauban forms check` makes them, without a process for them alone."""

from collections.abc import Iterator
from pathlib import Path

from chauban.forms.checking.trial import READY, Job, Outcome, replies


def tried_here(folder: Path, jobs: list[Job]) -> Iterator[Outcome]:
    """As `chauban.forms.checking.trial.tried`, for templates that end by themselves."""
    told = [reply for reply in replies(folder, jobs) if reply != READY]
    for job, (pdf, reason) in zip(jobs, told, strict=True):
        yield Outcome(job, pdf, reason)
