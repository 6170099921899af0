"""Requests and answers by their JSON Schemas: `schemas/<provider>/.../<call>.request.json` and `.answer.json`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

SCHEMAS = Path(__file__).with_name("schemas")


class Misshapen(Exception):
    """The value is not of its shape; the message names the place and the rule, never the value."""


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def require(name: str, value: Any) -> None:
    """Raises `Misshapen` unless `value` is as `schemas/<name>.json` says."""
    for error in _validator(name).iter_errors(value):
        place = "/".join(str(part) for part in error.instance_path)
        raise Misshapen(f"{name}: /{place} ({'/'.join(str(part) for part in error.schema_path)})")


def known() -> list[str]:
    """The names of all shapes."""
    return sorted(path.relative_to(SCHEMAS).with_suffix("").as_posix() for path in SCHEMAS.rglob("*.json"))
