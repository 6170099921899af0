"""What an agency issued goes on: its registers last, older documents get their entries, a successor answers for it."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from infra.local.folder import REPOSITORY
from tests.integration.journey import OTHER_WARD, WARD, Journey, good, key
from tests.integration.papers import opened, signed_by
from tests.integration.running_stack import RunningStack, eventually
from tests.integration.test_amendments_and_copies import ERRORS, LTA, WHY

LONG = os.environ.get("CHAUBAN_LONG") == "1"
CLERK, AGENCY = f"clerk-{WARD}", f"ubnd-phuong-{WARD}"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def journey(stack: RunningStack) -> Journey:
    """A dossier whose result is issued."""
    issued = Journey(stack)
    issued.whole()
    return issued


def test_a_sealed_register_is_raised_in_the_background(stack: RunningStack, journey: Journey) -> None:
    clerk, path = stack.api(CLERK), f"/v1/agencies/{AGENCY}/registers"
    code = journey.dossier()["code"].split("-")[1]
    day = f"20{code[:2]}-{code[2:4]}-{code[4:]}"
    asked = good(clerk.post(path, json={"from": day, "to": day}, headers=key()), 202)["id"]

    def raised() -> Json | None:
        found = good(clerk.get(f"{path}/{asked}"))
        return found if len(found["revisions"]) > 1 else None

    register = eventually(raised, seconds=90, what="the register to be raised")
    assert [one["level"] for one in register["revisions"]] == ["PAdES-BASELINE-LT", LTA]
    assert register["file"]["sha256"] == register["revisions"][1]["sha256"]
    assert signed_by(journey, httpx.get(register["file"]["url"]).content) == ["seal"]
    (check,), (stamp,) = register["signatures"], register["document_timestamps"]
    assert check["certificate_check"]["result"] == stamp["certificate_check"]["result"] == "good"


def test_older_documents_get_their_entry_and_are_found_again(stack: RunningStack, journey: Journey) -> None:
    result, table = journey.document("result")["id"], stack.resource("Table")
    dynamodb, clerk = stack.aws("dynamodb"), stack.api(CLERK)
    entry = {"pk": {"S": f"L#{result}"}, "sk": {"S": "DUE"}}
    eventually(lambda: len(_one(clerk, result)["revisions"]) > 1 or None, seconds=90, what="the result to be raised")
    known = dynamodb.get_item(TableName=table, Key=entry)["Item"]
    for lost in (entry, {"pk": {"S": f"T#{result}"}, "sk": {"S": "PLACE"}}):
        dynamodb.delete_item(TableName=table, Key=lost)
    assert clerk.get(f"/v1/documents/{result}").status_code == 404
    for _ in range(2):
        done = stack.chauban("preservation", "backfill", "--table", table, "--days", "366")
        assert done.returncode == 0, done.stderr
    assert "đã thêm (added): 0 mục (entries), 0 văn bản" in done.stdout
    assert _one(clerk, result)["id"] == result
    found, before = (json.loads(item["value"]["S"]) for item in (_entry(dynamodb, table, entry), known))
    assert (found["dossier"], found["revision"]) == (before["dossier"], before["revision"]) == (journey.id, 2)


def _entry(dynamodb: Any, table: str, place: Json) -> Json:
    item: Json = dynamodb.get_item(TableName=table, Key=place)["Item"]
    return item


def _one(client: httpx.Client, document: str) -> Json:
    found: Json = good(client.get(f"/v1/documents/{document}"))["document"]
    return found


@pytest.mark.skipif(not LONG, reason="a stack of its own, whose catalogue is another one")
def test_the_successor_of_an_agency_corrects_and_copies_what_it_issued(own_stack: RunningStack, tmp_path: Path) -> None:
    journey = Journey(own_stack)
    journey.whole()
    result = journey.document("result")["id"]
    before = journey.download("result")
    heir, office = own_stack.api(f"clerk-{OTHER_WARD}"), own_stack.api(f"records-{OTHER_WARD}")
    assert heir.get(f"/v1/documents/{result}").status_code == 404
    ended = own_stack.chauban("catalogue", "load", "--table", own_stack.resource("Table"), str(_succeeded(tmp_path)))
    assert ended.returncode == 0, ended.stderr
    eventually(
        lambda: heir.get(f"/v1/documents/{result}").status_code == 200 or None, seconds=60, what="the succession"
    )

    path = f"/v1/documents/{result}/correction"
    letter = good(heir.post(path, json={**WHY, "errors": ERRORS}, headers=key()), 202)["document"]["id"]
    successor = Journey(own_stack, ward=OTHER_WARD, id=journey.id)
    successor.sign()
    issued = successor.issued("correction")
    assert issued["number"].startswith("01/")
    content = successor.download("correction")
    pages, data = opened(content)
    assert data["agency"]["id"] == f"ubnd-phuong-{OTHER_WARD}"
    assert "PHƯỜNG THUẬN HÓA" in data["original"]["issuer"]
    assert signed_by(successor, content) == ["official", "seal"]
    assert pages
    assert _one(heir, result)["corrected_by"] == [letter]
    assert journey.download("result").startswith(before)

    order = {"kind": "sao_y", "purpose": "Lưu hồ sơ"}
    copy = good(office.post(f"/v1/documents/{result}/copies", json=order, headers=key()), 202)["document"]["id"]
    eventually(lambda: _one(heir, copy)["status"] == "issued" or None, seconds=60, what="the copy to be issued")
    old = own_stack.api(CLERK)
    refused = old.post(path, json={**WHY, "errors": ERRORS}, headers=key())
    assert (refused.status_code, refused.json()["code"]) == (403, "competent-agency-only")


def _succeeded(folder: Path) -> Path:
    """The catalogue, in which the ward ends now and the other one has come in its place."""
    copied = folder / "catalogue"
    shutil.copytree(REPOSITORY / "catalogue", copied)
    place = copied / "agencies.yaml"
    agencies = yaml.safe_load(place.read_text(encoding="utf-8"))
    old = next(one for one in agencies if one["id"] == AGENCY)
    old |= {"valid_to": datetime.now(UTC).isoformat(), "successor": f"ubnd-phuong-{OTHER_WARD}"}
    place.write_text(yaml.safe_dump(agencies, allow_unicode=True), encoding="utf-8")
    return copied
