"""Each of the seven procedures from its sample over the API to the issued result, with answers that nobody was asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from chauban.forms.definition import FormDefinition
from chauban.forms.schema_nodes import EVERY, node_at
from chauban.forms.visibility import Path as Place
from chauban.forms.visibility import controls

from tests.integration.journey import Journey, Json, good, key
from tests.integration.running_stack import RunningStack, eventually
from tests.unit.documents import pages
from tests.unit.documents.material import CASES, SECRET, SLUGS, Case, definition, given, with_answer

LONG_ENOUGH = 180


def a_case(slug: str) -> tuple[Json, Json, Json]:
    """Answers as sent, as they must be stored, and the decision: of the sample that hides most, all that it hides answered."""
    hidden, sample = max(
        ((_hidden(case), case.name) for case in CASES if (case.slug, case.folder) == (slug, "samples")),
        key=lambda one: len(one[0]),
    )
    assert len(hidden) > 1
    data = given(Case(slug, "samples", sample))
    sent = data["answers"]
    for path, value in hidden:
        sent = with_answer(sent, path, value)
    assert json.dumps(sent, ensure_ascii=False).count(SECRET) == len(hidden)
    return sent, data["answers"], data["decision"]


def _hidden(case: Case) -> list[tuple[str, Any]]:
    """The paths that a sample does not show, each with an answer of the kind that it takes."""
    form = definition(case.slug)
    shown = controls(form.uischema, given(case)["answers"])
    return [(".".join(map(str, path)), _secret(form, path)) for path, is_shown in shown.items() if not is_shown]


def _secret(form: FormDefinition, path: Place) -> Any:
    kind = (node_at(form.form_schema, [EVERY if isinstance(part, int) else part for part in path]) or {}).get("type")
    return {"object": {"full_name": SECRET}, "array": [{"full_name": SECRET}]}.get(str(kind), SECRET)


def stored_decision(slug: str, decision: Json) -> Json:
    """A decision as it is stored and embedded: with what the service computes from it."""
    derived = {"monthly_amount": 750_000} if slug == "tro-cap-xa-hoi-hang-thang" else {}
    return {**decision, **derived}


@dataclass
class Filed:
    journey: Journey
    answers: Json
    decision: Json


@pytest.fixture(scope="module")
def filed(stack: RunningStack) -> dict[str, Filed]:
    """A dossier of each form, received, decided and signed: all seven decisions in one session."""
    dossiers = {}
    for slug in SLUGS:
        sent, stored, decision = a_case(slug)
        journey = Journey(stack)
        procedure = definition(slug).head.procedures[-1].code
        journey.file(form={"slug": slug, "version": definition(slug).version}, procedure=procedure, answers=sent)
        journey.receive()
        clerk = stack.api(f"clerk-{journey.ward}")
        good(clerk.post(f"/v1/dossiers/{journey.id}/decision", json={"data": decision}, headers=key()), 202)
        dossiers[slug] = Filed(journey, stored, stored_decision(slug, decision))
    tasks = eventually(lambda: _tasks(stack, dossiers), seconds=LONG_ENOUGH, what="seven tasks in the official's list")
    first = dossiers[SLUGS[0]].journey
    session = first.open_session(*tasks)
    first.hand_in(session, first.signatures(session))
    return dossiers


def _tasks(stack: RunningStack, dossiers: dict[str, Filed]) -> list[str] | None:
    """The tasks of these dossiers, once all are there."""
    wanted = {one.journey.id for one in dossiers.values()}
    official = stack.api(f"official-{dossiers[SLUGS[0]].journey.ward}")
    listed = good(official.get("/v1/signing/tasks", params={"limit": 100}))["items"]
    found = [task["id"] for task in listed if task["dossier"]["id"] in wanted]
    return found if len(found) == len(wanted) else None


@pytest.mark.parametrize("slug", SLUGS)
def test_a_filing_ends_with_an_application_and_a_result_that_hold_its_data(slug: str, filed: dict[str, Filed]) -> None:
    one = filed[slug]
    one.journey.issued("result", LONG_ENOUGH)
    for kind in ("application", "receipt", "result"):
        pdf = one.journey.download(kind)
        with pikepdf.open(BytesIO(pdf)) as file:
            embedded = file.attachments["data.json"].get_file().read_bytes().decode()
        data = json.loads(embedded)
        assert data["answers"] == one.answers
        assert data["schema"] == f"urn:chauban:form:{slug}:{definition(slug).version}"
        assert data.get("decision") == (one.decision if kind == "result" else None)
        assert SECRET not in embedded
        assert SECRET not in pages.flowing(pdf)


def test_what_nobody_was_asked_for_is_in_no_item_and_in_no_log(stack: RunningStack, filed: dict[str, Filed]) -> None:
    reader = stack.aws("dynamodb").get_paginator("scan")
    items = json.dumps(
        [item for page in reader.paginate(TableName=stack.resource("Table")) for item in page["Items"]],
        ensure_ascii=False,
        default=str,
    )
    assert filed[SLUGS[0]].journey.id in items
    assert SECRET not in items
    assert json.dumps(SECRET)[1:-1] not in items
    logs = {log.name: log.read_text(errors="replace") for log in Path(stack.description["logs"]).glob("*.log")}
    done = [line for line in logs["functions.log"].splitlines() if '"message":"order-done"' in line]
    # An application, a receipt and a result of each form were rendered by functions that wrote a line.
    assert len(done) >= 3 * len(SLUGS)
    for name, text in logs.items():
        assert SECRET not in text, name
        assert json.dumps(SECRET)[1:-1] not in text, name


def test_a_decision_that_contradicts_the_answers_is_refused_and_a_computed_value_is_not_taken(
    stack: RunningStack,
) -> None:
    wrong = {
        "dang-ky-khai-sinh": ("registered_on", "2025-01-01", "date-order"),
        "tro-cap-xa-hoi-hang-thang": ("monthly_amount", 1, "derived"),
    }
    for slug, (name, value, code) in wrong.items():
        sent, _, decision = a_case(slug)
        journey = Journey(stack)
        procedure = definition(slug).head.procedures[-1].code
        journey.file(form={"slug": slug, "version": definition(slug).version}, procedure=procedure, answers=sent)
        journey.receive()
        body = {"data": {**decision, name: value}}
        refused = stack.api(f"clerk-{journey.ward}").post(
            f"/v1/dossiers/{journey.id}/decision", json=body, headers=key()
        )
        assert refused.status_code == 422
        assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [(f"#/data/{name}", code)]
