"""The templates as they are written: what can be told from a line before anything is rendered."""

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import TemplateSyntaxError

from chauban.documents.templates import environment_of
from chauban.forms.definition import FormDefinition
from chauban.forms.findings import Finding, finding

_OUTSIDE = re.compile(r"(?:https?|ftp|file|data|javascript)\s*:|(?:src|href|url\()\s*=?\s*[\"'(]?\s*//", re.IGNORECASE)
_SHOWN_ADDRESS = re.compile(r"xmlns(?::\w+)?=[\"'][^\"']*[\"']")
_ACTIVE = re.compile(r"<\s*(script|iframe|object|embed|form|input)\b", re.IGNORECASE)


def template_findings(form: FormDefinition, folder: Path) -> list[Finding]:
    """Templates that are named and not there, do not parse, or reach for something outside."""
    found = []
    results = form.head.results
    annexes = (annex.template for result in results for annex in result.annexes)
    for name in (form.head.application, *(result.template for result in results), *annexes):
        if not (folder / name).is_file():
            text = "form.yaml nêu tệp này nhưng không có tệp.", "form.yaml names this file, but it is not there."
            found.append(finding(name, "", "file-missing", *text))
    for path in sorted([*folder.glob("*.html"), *folder.glob("*.css")]):
        found += _of_source(path)
    return found


def _of_source(path: Path) -> Iterator[Finding]:
    try:
        source = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        yield finding(path.name, "", "not-utf8", "Hãy lưu tệp bằng mã UTF-8.", "Save the file as UTF-8.")
        return
    for number, line in enumerate(source.splitlines(), 1):
        if _OUTSIDE.search(_SHOWN_ADDRESS.sub("", line)):
            yield finding(
                path.name,
                str(number),
                "outside-reference",
                "Không được trỏ ra mạng hoặc tới tệp khác. Chép tệp cần dùng vào thư mục và trỏ bằng đường dẫn tương đối.",
                "No address of the network or of another file. Put what is needed into the folder and refer to it by a "
                "relative path.",
            )
        if active := _ACTIVE.search(line):
            text = f"Không dùng thẻ <{active[1]}> trong văn bản in.", f"A printed document has no <{active[1]}>."
            yield finding(path.name, str(number), "active-element", *text)
    if path.suffix == ".html":
        try:
            environment_of({path.name: source.encode()}).parse(source, path.name)
        except TemplateSyntaxError as fault:
            reason = fault.message or "syntax"
            text = f"Lỗi cú pháp của khuôn mẫu: {reason}.", f"The template has a syntax error: {reason}."
            yield finding(path.name, str(fault.lineno), "template-syntax", *text)
