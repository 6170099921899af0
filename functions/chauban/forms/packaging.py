"""A form version on disk, packed as the two objects that are published: `definition.json` and the zip of its print files.

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

from chauban.forms.bundling import bundled
from chauban.forms.coverage import coverage
from chauban.forms.definition import FormDefinition, FormHead
from chauban.forms.findings import FormFaults
from chauban.forms.refusals import check_refusals, refusals
from chauban.forms.result_refusals import result_refusals
from chauban.forms.rules import with_conditions, with_strict_conditions

LANGUAGES = ("vi", "en")
SHARED_DEFINITIONS = "definitions.schema.json"
_PRINTED = {".html", ".css", ".ttf", ".svg", ".png", ".txt"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def versions(forms: Path) -> Iterator[Path]:
    """The folders of all versions below `forms/`, in order."""
    yield from sorted(head.parent for head in forms.glob("*/*/form.yaml"))


def read_definition(folder: Path) -> FormDefinition:
    """The version in a folder `<slug>/<major.minor>` of `forms/`, as it is published.

    Raises `FormFaults` where schema and UI schema do not fit together, another `ValueError` for files that cannot be read.
    """
    head = FormHead.model_validate(yaml.safe_load((folder / "form.yaml").read_text(encoding="utf-8")))
    if (folder.parent.name, folder.name) != (head.slug, head.version):
        raise ValueError(f"{folder}: the folder's name and form.yaml disagree about slug or version")
    forms = folder.parent.parent
    schema, uischema = _json(folder / "schema.json"), _json(folder / "uischema.json")
    shared = _shared_definitions(forms)
    bundle = bundled(schema, shared)
    decisions = {
        result.decision_schema: bundled(
            _json(folder / result.decision_schema), [*shared, schema], result.decision_schema
        )
        for result in head.results
    }
    of_results = [
        fault
        for number, result in enumerate(head.results)
        for fault in result_refusals(bundle, decisions[result.decision_schema], result, number)
    ]
    if found := [*refusals(bundle, uischema), *check_refusals(bundle, head.checks), *of_results]:
        raise FormFaults(found)
    return FormDefinition(
        head=head,
        form_schema=with_conditions(bundle, uischema),
        uischema=with_strict_conditions(uischema),
        texts={language: _json(folder / "texts" / f"{language}.json") for language in LANGUAGES},
        decision_schemas=decisions,
        glyphs=coverage({name: path.read_bytes() for name, path in _print_paths(forms, folder, {".css", ".ttf"})}),
    )


def _shared_definitions(forms: Path) -> list[dict[str, Any]]:
    path = forms / "_shared" / SHARED_DEFINITIONS
    return [_json(path)] if path.is_file() else []


def pack_definition(form: FormDefinition) -> bytes:
    """`definition.json`: the definition in the canonical form of RFC 8785."""
    return rfc8785.dumps(form.model_dump(mode="json"))


def unpack_definition(content: bytes) -> FormDefinition:
    """The definition in a published `definition.json`."""
    return FormDefinition.model_validate_json(content)


def same_definition(published: bytes, content: bytes) -> bool:
    """Whether two `definition.json` say the same; one written before an entry with a default existed says its default."""
    return published == content or unpack_definition(published) == unpack_definition(content)


def pack_print(forms: Path, folder: Path) -> bytes:
    """The print files: the version's templates and all of `_shared`, by path below `forms/`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in _print_paths(forms, folder, _PRINTED):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def _print_paths(forms: Path, folder: Path, suffixes: set[str]) -> Iterator[tuple[str, Path]]:
    shared = [path for path in (forms / "_shared").rglob("*") if path.suffix in suffixes]
    own = [path for path in folder.iterdir() if path.suffix in suffixes]
    for path in sorted(shared + own):
        yield path.relative_to(forms).as_posix(), path


def unpack_print(content: bytes) -> Mapping[str, bytes]:
    """The print files of a published version by path."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _json(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
