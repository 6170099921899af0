"""Whether a version's files are there and can be read; a typing error is told with its line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from chauban.forms.definition import FormDefinition, FormHead
from chauban.forms.findings import Finding, FormFaults, finding
from chauban.forms.packaging import read_definition

HEAD = "form.yaml"
NEEDED = (HEAD, "schema.json", "uischema.json", "texts/vi.json", "texts/en.json", "samples")
MAX_BYTES = 500_000


def unreadable(folder: Path) -> list[Finding]:
    """What keeps the version from being read at all."""
    missing = [
        finding(
            name,
            "",
            "file-missing",
            "Thiếu tệp này. Xem docs/forms.md, hoặc tạo bằng `chauban forms new`.",
            "This file is missing. See docs/forms.md, or make it with `chauban forms new`.",
        )
        for name in NEEDED
        if not (folder / name).exists()
    ]
    return [*missing, *_syntax(folder), *_strange(folder)]


def definition(folder: Path) -> tuple[FormDefinition | None, list[Finding]]:
    """The version as it would be published, or why it cannot be."""
    try:
        return read_definition(folder), []
    except FormFaults as faults:
        return None, list(faults.findings)
    except ValidationError as refusal:
        return None, [_head_fault(error) for error in refusal.errors()]
    except FileNotFoundError as absent:
        name = Path(absent.filename or "?").name
        text = ("form.yaml nêu tệp này nhưng không có tệp.", "form.yaml names this file, but it is not there.")
        return None, [finding(name, "", "file-missing", *text)]
    except ValueError as fault:
        return None, [finding(HEAD, "", "unreadable", f"Không đọc được mẫu: {fault}", str(fault))]


def _syntax(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.rglob("*.json")):
        try:
            json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_no_duplicates)
        except json.JSONDecodeError as fault:
            yield _not_json(folder, path, f"{fault.lineno}:{fault.colno}", fault.msg)
        except (UnicodeDecodeError, ValueError) as fault:
            yield _not_json(folder, path, "", str(fault))
    head = folder / HEAD
    if head.is_file():
        try:
            FormHead.model_validate(yaml.safe_load(head.read_text(encoding="utf-8")))
        except yaml.MarkedYAMLError as fault:
            line = fault.problem_mark.line + 1 if fault.problem_mark else ""
            vietnamese = f"Không phải YAML hợp lệ: {fault.problem}. Kiểm tra thụt dòng, dấu hai chấm và dấu ngoặc kép."
            english = f"Not valid YAML: {fault.problem}. Check indentation, colons and quotes."
            yield finding(HEAD, str(line), "not-yaml", vietnamese, english)
        except ValidationError as refusal:
            yield from (_head_fault(error) for error in refusal.errors())


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"'{twice}' stands twice in one object")
    return dict(pairs)


def _not_json(folder: Path, path: Path, place: str, reason: str) -> Finding:
    vietnamese = f"Không phải JSON hợp lệ: {reason}. Kiểm tra dấu phẩy, ngoặc và dấu nháy kép."
    english = f"Not valid JSON: {reason}. Check commas, brackets and double quotes."
    return finding(path.relative_to(folder).as_posix(), place, "not-json", vietnamese, english)


def _head_fault(error: Any) -> Finding:
    place = ".".join(map(str, error["loc"]))
    wrong = {
        "missing": ("Thiếu mục này.", "This entry is missing."),
        "extra_forbidden": ("Không có mục nào tên như vậy.", "There is no entry of this name."),
    }.get(error["type"], (f"Giá trị chưa đúng ({error['msg']}).", f"The value is wrong ({error['msg']})."))
    return finding(HEAD, place, "head", *wrong)


def _strange(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            text = ("Không dùng liên kết; hãy chép tệp vào thư mục.", "No links: copy the file into the folder.")
            yield finding(name, "", "link", *text)
        elif path.is_file() and path.stat().st_size > MAX_BYTES:
            text = ("Tệp lớn hơn 500 KB. Hãy giảm kích thước.", "The file is larger than 500 KB. Make it smaller.")
            yield finding(name, "", "too-large", *text)
