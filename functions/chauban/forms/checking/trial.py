"""Every document of every sample, rendered in a process of its own: one that hangs or eats memory is ended, and told."""

import contextlib
import importlib.util
import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from chauban.access.catalogue import Agency
from chauban.adapters.forms import FolderForms
from chauban.dossiers.annexes import given_annexes
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.parties import Party, Scheme
from chauban.dossiers.specimen import print_request, specimen, specimen_filing
from chauban.errors import RenderingError
from chauban.forms.checking.samples import Sample
from chauban.forms.definition import AnnexTemplate, FormDefinition
from chauban.forms.derived import with_derived
from chauban.forms.validation import normalised
from chauban.forms.visibility import without_hidden

SECONDS, STARTING = 30, 60
READY = "ready"
MAX_MEMORY = 3 * 1024**3
AT = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
REQUESTER = Party(scheme=Scheme.PERSONAL_NUMBER, identifier="046190000000", name="Nguyễn Thị Mẫu")


@dataclass(frozen=True)
class Job:
    """One document of one sample."""

    kind: DocumentKind
    sample: Sample
    ordinal: int = 1


@dataclass(frozen=True)
class Outcome:
    """The file, or why there is none ("timeout" where it took too long)."""

    job: Job
    pdf: bytes | None
    reason: str | None


def jobs_of(form: FormDefinition, samples: list[Sample]) -> list[Job]:
    """Application, result and annexes of every sample, and one receipt."""
    kinds = (DocumentKind.APPLICATION, DocumentKind.RESULT)
    receipts = [Job(DocumentKind.RECEIPT, samples[0])] if samples else []
    annexes = [
        Job(DocumentKind.ANNEX, sample, ordinal)
        for sample in samples
        for ordinal in range(1, len(annexes_of_sample(form, sample)) + 1)
    ]
    return [*(Job(kind, sample) for sample in samples for kind in kinds), *annexes, *receipts]


def annexes_of_sample(form: FormDefinition, sample: Sample) -> tuple[AnnexTemplate, ...]:
    """The annexes that a sample's result has."""
    answers = without_hidden(form.uischema, normalised(sample.answers))
    return given_annexes(form.head.results[0], answers, normalised(sample.decision))


def tried(folder: Path, jobs: list[Job], seconds: float = SECONDS) -> Iterator[Outcome]:
    """The outcome of each job; a version's folder is `<forms>/<slug>/<version>`."""
    context = multiprocessing.get_context("spawn")
    waiting = list(jobs)
    while waiting:
        mine, theirs = context.Pipe()
        process = context.Process(target=_render_all, args=(theirs, str(folder), list(waiting)), daemon=True)
        process.start()
        theirs.close()
        try:
            mine.poll(STARTING)
            while waiting:
                outcome = _next(mine, waiting[0], seconds)
                yield outcome
                waiting.pop(0)
                if outcome.reason in {"timeout", "died"}:
                    break
        finally:
            process.kill()
            process.join()
            mine.close()


def _next(pipe: Connection, job: Job, seconds: float) -> Outcome:
    try:
        if pipe.poll(seconds) and pipe.recv() == READY and pipe.poll(seconds):
            pdf, reason = pipe.recv()
        else:
            return Outcome(job, None, "timeout")
    except (EOFError, OSError):
        return Outcome(job, None, "died")
    return Outcome(job, pdf, reason)


def _render_all(pipe: Connection, folder: str, jobs: list[Job]) -> None:
    _limit_memory()
    for reply in replies(Path(folder), jobs):
        pipe.send(reply)


def replies(folder: Path, jobs: list[Job]) -> Iterator[str | tuple[bytes | None, str | None]]:
    """What the process says for each job: that it begins, then the file or the reason why there is none."""
    from chauban.documents.rendering import WeasyPrintRenderer

    library = FolderForms(folder.parent.parent)
    form = library.version(folder.parent.name, folder.name)
    renderer = WeasyPrintRenderer()
    for job in jobs:
        yield READY
        try:
            yield renderer.render(request_of(form, library, job)).pdf, None
        except RenderingError as fault:
            yield None, str(fault.values.get("reason"))
        except Exception as fault:  # the process's edge: told by its kind, and the next document is tried
            yield None, f"broken: {type(fault).__name__}"


def request_of(form: FormDefinition, library: FolderForms, job: Job) -> Any:
    """What the renderer is asked for."""
    head = form.head
    agency = Agency(
        id="co-quan-mau",
        identifier="H57.00.00",
        name="ỦY BAN NHÂN DÂN PHƯỜNG MẪU" if head.competent_level == "commune" else "ỦY BAN NHÂN DÂN THÀNH PHỐ HUẾ",
        place="Huế",
        address="1 Lê Lợi, thành phố Huế",
        competent_level=head.competent_level,
        valid_from=AT,
    )
    answers = without_hidden(form.uischema, normalised(job.sample.answers))
    filing = specimen_filing(form, head.procedures[0].code, agency, REQUESTER, answers, AT)
    decision = None
    if job.kind in {DocumentKind.RESULT, DocumentKind.ANNEX}:
        decision = with_derived(head.results[0].derived, answers, normalised(job.sample.decision))
    dossier = specimen(filing, form, decision)
    return print_request(dossier, form, agency, library, job.kind, ordinal=job.ordinal)


def _limit_memory() -> None:
    if importlib.util.find_spec("resource"):
        import resource

        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
