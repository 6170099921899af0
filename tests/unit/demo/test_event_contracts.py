"""The committed event schemas: their examples keep them, and they let nothing else through."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from infra.local.demo.checks.events import CONTRACTS, check_events
from infra.local.demo.failures import NotTrue

PATHS = sorted(CONTRACTS.glob("*.json"))


def example(path: Path) -> dict[str, Any]:
    return copy.deepcopy(json.loads(path.read_text(encoding="utf-8"))["examples"][0])


def test_there_is_a_contract_for_each_type() -> None:
    assert [path.stem for path in PATHS] == [
        "attachment.accepted.v1",
        "attachment.refused.v1",
        "document.extended.v1",
        "document.returned.v1",
        "document.signed.v1",
        "dossier.extended.v1",
        "dossier.received.v1",
        "dossier.refused.v1",
        "dossier.stopped.v1",
        "dossier.submitted.v1",
        "dossier.supplement_requested.v1",
        "dossier.supplemented.v1",
        "dossier.withdrawn.v1",
        "result.corrected.v1",
        "result.issued.v1",
        "result.replaced.v1",
        "result.revoked.v1",
    ]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_schema_and_example_are_sound(path: Path) -> None:
    Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))
    check_events([example(path)])


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_an_unknown_entry_is_refused_in_data_and_envelope(path: Path) -> None:
    talkative, wide = example(path), example(path)
    talkative["data"]["name"] = "Nguyễn Thị Ánh"
    wide["requester"] = "046190000001"
    for event in (talkative, wide):
        with pytest.raises(NotTrue, match="Additional properties"):
            check_events([event])


# Only results with annexes name them.
OPTIONAL = {"result.issued.v1": {"annexes"}}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_entry_of_data_is_required_unless_a_contract_says_otherwise(path: Path) -> None:
    for name in set(example(path)["data"]) - OPTIONAL.get(path.stem, set()):
        event = example(path)
        del event["data"][name]
        with pytest.raises(NotTrue, match=name):
            check_events([event])


def test_an_event_without_a_contract_is_refused() -> None:
    with pytest.raises(NotTrue, match="no contract"):
        check_events([{"type": "dossier.vanished.v1", "id": "1"}])
