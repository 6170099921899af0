"""What rendering the samples shows: undefined names, missing glyphs, forbidden references, and files that do not conform."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from chauban.dossiers.documents import DocumentKind
from chauban.forms.checking.conformance import structural_faults
from chauban.forms.checking.form_fields import field_faults
from chauban.forms.checking.samples import Sample
from chauban.forms.checking.trial import Job, Outcome, annexes_of_sample, jobs_of, tried
from chauban.forms.definition import FormDefinition
from chauban.forms.findings import Finding, finding
from chauban.signing.linting import Mode, lint

Judge = Callable[[dict[str, bytes]], dict[str, list[str]]]
"""Files by name in, broken rules by name out (files without any left out): veraPDF."""

_REASONS: tuple[tuple[str, str, str, str], ...] = (
    (
        r"UndefinedError: (?P<what>.*)",
        "undefined-name",
        "Khuôn mẫu dùng một tên không có trong dữ liệu ({what}). Sửa tên, hoặc viết `ten | default(none)` nếu có thể vắng mặt.",
        "The template uses a name that is not in the data ({what}). Correct it, or write `name | default(none)` where it may be "
        "absent.",
    ),
    (
        r"SecurityError: (?P<what>.*)",
        "forbidden",
        "Khuôn mẫu làm điều không được phép ({what}).",
        "The template does what it may not ({what}).",
    ),
    (
        r"no glyph for (?P<what>.*)",
        "no-glyph",
        "Phông chữ không có ký tự {what}. Hãy thay ký tự đó trong khuôn mẫu hoặc hồ sơ mẫu.",
        "The fonts have no character {what}. Replace it in the template or in the sample.",
    ),
    (
        r"the style sheets load no font",
        "no-font",
        "Không có phông chữ nào được tải. Hãy dùng <link> tới _shared/print.css, hoặc @font-face với tệp trong _shared/fonts.",
        "No font is loaded. Link to _shared/print.css, or use @font-face with a font file in _shared/fonts.",
    ),
    (
        r"cannot load the font (?P<what>.*)",
        "no-font",
        "Không tải được phông chữ {what}. Kiểm tra src của @font-face và tệp phông chữ (TrueType, OpenType).",
        "The font {what} cannot be loaded. Look at the src of its @font-face and at the font file (TrueType, OpenType).",
    ),
    (
        r"(?P<what>a template (?:may not load|asks for).*)",
        "outside-reference",
        "Khuôn mẫu tải tệp không được công bố cùng nó ({what}).",
        "The template loads what is not published with it ({what}).",
    ),
    (
        r"timeout|.*makes more than a document may hold.*|more than \d+ pages",
        "too-much",
        "Tạo văn bản mất quá nhiều thời gian hoặc quá dài. Kiểm tra vòng lặp và hình vẽ trong khuôn mẫu.",
        "Making the document takes too long, or it is too large. Look at the loops and drawings in the template.",
    ),
)
_OTHER = ("Không tạo được văn bản: {what}.", "The document cannot be made: {what}.")
_PLACE = re.compile(r"^(?P<file>[^\s:]+\.html):?(?P<line>\d*): ")


def document_findings(form: FormDefinition, folder: Path, samples: list[Sample], judge: Judge | None) -> list[Finding]:
    """Every fault that shows in a document of a sample; the same fault is told once."""
    found: dict[tuple[str, str, str], Finding] = {}
    files: dict[str, bytes] = {}
    for outcome in tried(folder, jobs_of(form, samples)):
        for fault in _of_outcome(form, outcome):
            found.setdefault((fault.file, fault.place, fault.text["en"]), fault)
        if outcome.pdf is not None:
            files[f"{template_of(form, outcome.job)} {outcome.job.sample.file}"] = outcome.pdf
    told = list(found.values())
    return told + list(_judged(judge(files).items() if judge else ()))


def _of_outcome(form: FormDefinition, outcome: Outcome) -> Iterator[Finding]:
    template = template_of(form, outcome.job)
    if outcome.pdf is None:
        yield _told(template, outcome.job.sample.file, outcome.reason or "?")
        return
    for vietnamese, english in structural_faults(outcome.pdf):
        yield finding(template, outcome.job.sample.file, "conformance", vietnamese, english)
    for vietnamese, english in field_faults(form.head, outcome.job.kind, outcome.pdf):
        yield finding(template, outcome.job.sample.file, "fields", vietnamese, english)
    if outcome.job.kind is not DocumentKind.APPLICATION:
        yield from _unsafe(template, outcome.job.sample.file, outcome.pdf)


def _unsafe(template: str, sample: str, pdf: bytes) -> Iterator[Finding]:
    """What would keep the service from signing such a document."""
    for fault in lint(pdf, Mode.FIRST):
        yield finding(
            template,
            sample,
            "unsafe-to-sign",
            f"Văn bản này sẽ không được ký: {fault.detail('vi')}. Hãy sửa cách trình bày trong khuôn mẫu.",
            f"Such a document would not be signed: {fault.detail('en')}. Change how the template draws it.",
        )


def template_of(form: FormDefinition, job: Job) -> str:
    """The template of a job, as its author knows it."""
    if job.kind is DocumentKind.ANNEX:
        return annexes_of_sample(form, job.sample)[job.ordinal - 1].template
    names = {DocumentKind.APPLICATION: form.head.application, DocumentKind.RESULT: form.head.results[0].template}
    return names.get(job.kind, "_shared/receipt.html")


def _told(template: str, sample: str, reason: str) -> Finding:
    place = _PLACE.match(reason)
    file = place["file"].split("/")[-1] if place and not place["file"].startswith("_shared") else template
    file = place["file"] if place and place["file"].startswith("_shared") else file
    where = f"{place['line']} ({sample})" if place and place["line"] else sample
    rest = reason[place.end() :] if place else reason
    for pattern, code, vietnamese, english in _REASONS:
        if match := re.fullmatch(pattern, rest):
            what = match.groupdict().get("what", "")
            return finding(file, where, code, vietnamese.format(what=what), english.format(what=what))
    return finding(file, where, "rendering", _OTHER[0].format(what=rest), _OTHER[1].format(what=rest))


def _judged(broken: Iterable[tuple[str, list[str]]]) -> Iterator[Finding]:
    for name, rules in broken:
        template, _, sample = name.partition(" ")
        for rule in rules:
            text = f"Tệp PDF không đạt chuẩn: {rule}.", f"The PDF file does not conform: {rule}."
            yield finding(template, sample, "verapdf", *text)
