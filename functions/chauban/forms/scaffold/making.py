"""Makes folders of new forms and new versions; nothing that is there is ever overwritten."""

import html
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

import yaml

from chauban.errors import ChaubanError

SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
VERSION = re.compile(r"^\d+\.\d+$")
_TEXT = {".json", ".yaml", ".html", ".css"}


class CannotMake(ChaubanError):
    """A new form or version cannot be made as it was asked for."""

    code, status = "form-not-made", 422
    text = MappingProxyType({"vi": "{vi}", "en": "{en}"})


@dataclass(frozen=True)
class NewForm:
    """What a new form is made from."""

    slug: str
    procedure: str
    title: str
    title_en: str
    result: str
    valid_from: date
    version: str = "1.0"
    level: str = "commune"
    hours: int = 24


def new_form(forms: Path, wanted: NewForm) -> Path:
    """The folder of a form that passes the check as it is; raises `CannotMake`."""
    _named(wanted.slug, wanted.version)
    if not re.fullmatch(r"\d\.\d{6}", wanted.procedure):
        raise CannotMake(vi="Mã thủ tục có dạng 1.004873.", en="The code of a procedure looks like this: 1.004873.")
    if not (forms / "_shared").is_dir():
        raise CannotMake(
            vi=f"{forms} không có thư mục _shared. Hãy đứng trong bản sao của dự án, hoặc nêu thư mục bằng --forms.",
            en=f"{forms} has no folder _shared. Work in a copy of the project, or name the folder with --forms.",
        )
    target = _free(forms / wanted.slug / wanted.version)
    _fill(files("chauban.forms.scaffold").joinpath("new"), target, _values(wanted))
    return target


def next_version(forms: Path, slug: str, version: str, earlier: str, valid_from: date) -> Path:
    """A copy of an earlier version under a new number, its `$id`s, paths and first day changed; raises `CannotMake`."""
    _named(slug, version)
    source = forms / slug / earlier
    if not (source / "form.yaml").is_file():
        raise CannotMake(vi=f"Không có phiên bản {source}.", en=f"There is no version {source}.")
    target = _free(forms / slug / version)
    shutil.copytree(source, target)
    for path in (one for one in target.rglob("*") if one.suffix in _TEXT):
        text = path.read_text(encoding="utf-8")
        for old, new in (
            (f"urn:chauban:form:{slug}:{earlier}", f"urn:chauban:form:{slug}:{version}"),
            (f"{slug}/{earlier}/", f"{slug}/{version}/"),
        ):
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    head = target / "form.yaml"
    text = head.read_text(encoding="utf-8")
    text = re.sub(r"^version:.*$", f'version: "{version}"', text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^valid_from:.*$", f"valid_from: {valid_from.isoformat()}", text, count=1, flags=re.MULTILINE)
    head.write_text(text, encoding="utf-8")
    return target


def _named(slug: str, version: str) -> None:
    if not SLUG.match(slug):
        raise CannotMake(
            vi=f"Tên thư mục “{slug}” chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối.",
            en=f"The name '{slug}' may only have small letters without marks, digits and hyphens.",
        )
    if not VERSION.match(version):
        raise CannotMake(vi="Phiên bản có dạng 1.0.", en="A version looks like this: 1.0.")


def _free(target: Path) -> Path:
    if target.exists():
        raise CannotMake(vi=f"Đã có {target}.", en=f"{target} is there already.")
    return target


def _values(wanted: NewForm) -> Mapping[str, str]:
    return {
        "slug": wanted.slug,
        "version": wanted.version,
        "procedure": wanted.procedure,
        "title": wanted.title,
        "title_en": wanted.title_en,
        "result": wanted.result,
        "valid_from": wanted.valid_from.isoformat(),
        "level": wanted.level,
        "hours": str(wanted.hours),
        "TITLE": wanted.title.upper(),
        "RESULT": wanted.result.upper(),
    }


def _fill(source: Traversable, target: Path, values: Mapping[str, str]) -> None:
    target.mkdir(parents=True)
    for entry in source.iterdir():
        if entry.is_dir():
            _fill(entry, target / entry.name, values)
        else:
            text = entry.read_text(encoding="utf-8")
            (target / entry.name).write_text(_with(text, values, Path(entry.name).suffix), encoding="utf-8")


def _with(text: str, values: Mapping[str, str], suffix: str) -> str:
    """A value that stands alone in YAML is quoted where it has to be; in JSON it is always inside a text."""

    def value(found: re.Match[str]) -> str:
        plain = values[found[2]]
        if suffix == ".json":
            return found[1] + json.dumps(plain, ensure_ascii=False)[1:-1]
        if suffix == ".yaml" and found[1] == ": " and found[2] in {"title", "title_en", "result"}:
            return found[1] + yaml.safe_dump(plain, allow_unicode=True, width=1000).splitlines()[0]
        return found[1] + (html.escape(plain) if suffix == ".html" else plain)

    return re.sub(r"(: |)@@(\w+)@@", value, text)
