"""A form version on disk, packed as the two objects that are published: `definition.json` and `print.zip`.

Packing the same files gives the same bytes, so that publishing again changes nothing and other bytes are noticed.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import rfc8785
import yaml

from chauban.forms.definition import FormDefinition, FormHead

LANGUAGES = ("vi", "en")
_PRINTED = {".html", ".css", ".ttf", ".svg", ".png", ".txt"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def versions(forms: Path) -> Iterator[Path]:
    """The folders of all versions below `forms/`, in order."""
    yield from sorted(head.parent for head in forms.glob("*/*/form.yaml"))


def read_definition(folder: Path) -> FormDefinition:
    """The version in a folder `<slug>/<major.minor>`; raises `ValueError` where its parts do not fit together."""
    head = FormHead.model_validate(yaml.safe_load((folder / "form.yaml").read_text(encoding="utf-8")))
    if (folder.parent.name, folder.name) != (head.slug, head.version):
        raise ValueError(f"{folder}: the folder's name and form.yaml disagree about slug or version")
    return FormDefinition(
        head=head,
        form_schema=_json(folder / "schema.json"),
        uischema=_json(folder / "uischema.json"),
        texts={language: _json(folder / "texts" / f"{language}.json") for language in LANGUAGES},
        decision_schemas={result.decision_schema: _json(folder / result.decision_schema) for result in head.results},
    )


def pack_definition(form: FormDefinition) -> bytes:
    """`definition.json`: the definition in the canonical form of RFC 8785."""
    return rfc8785.dumps(form.model_dump(mode="json"))


def unpack_definition(content: bytes) -> FormDefinition:
    """The definition in a published `definition.json`."""
    return FormDefinition.model_validate_json(content)


def pack_print(forms: Path, folder: Path) -> bytes:
    """`print.zip`: the version's templates and all of `_shared`, by path below `forms/`."""
    shared = [path for path in (forms / "_shared").rglob("*") if path.suffix in _PRINTED]
    own = [path for path in folder.iterdir() if path.suffix in _PRINTED]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(shared + own):
            entry = zipfile.ZipInfo(path.relative_to(forms).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def unpack_print(content: bytes) -> Mapping[str, bytes]:
    """The files of a published `print.zip` by path."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _json(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
