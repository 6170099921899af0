"""Events against their committed schemas (`docs/events/`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from infra.local.demo.failures import NotTrue

CONTRACTS = Path(__file__).resolve().parents[4] / "docs" / "events"


def check_events(events: Iterable[Mapping[str, Any]]) -> None:
    """Raises `NotTrue` with every fault of the first event that does not keep its contract."""
    for event in events:
        faults = [f"{fault.json_path}: {fault.message}" for fault in _contract(event["type"]).iter_errors(dict(event))]
        if faults:
            raise NotTrue(f"event {event['id']} breaks {event['type']}:\n" + "\n".join(faults))


@cache
def _contract(kind: str) -> Draft202012Validator:
    path = CONTRACTS / f"{kind}.json"
    if not path.is_file():
        raise NotTrue(f"there is no contract for events of type {kind}")
    schema = json.loads(path.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
