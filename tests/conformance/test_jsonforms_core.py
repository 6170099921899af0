"""JSON Forms core and Ajv in Node.js, on generated answers: the same questions shown, the same faults, as on the server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chauban.forms.definition import FormDefinition
from chauban.forms.field_errors import field_pointer
from chauban.forms.validation import examined, normalised
from chauban.forms.visibility import controls

from tests.conformance import node_project
from tests.property.answers import with_hidden_answers
from tests.property.conftest import FOLDERS, drawn, form_in
from tests.property.nested_form import nested_form
from tests.property.values import KEYWORDS, TODAY
from tests.property.variants import OF_EACH, variants

ANSWERS = 1000


@pytest.mark.parametrize("folder", [*FOLDERS, None], ids=lambda folder: folder.parent.name if folder else "nested")
def test_json_forms_shows_and_finds_what_the_server_does(folder: Path | None, programs: Any) -> None:
    programs("node", "npm")
    form = form_in(folder) if folder else nested_form()
    generated = drawn(with_hidden_answers(form), ANSWERS // OF_EACH)
    sets = [normalised(answers) for answers in variants(form, generated)]
    assert len(sets) == ANSWERS
    faulty, hiding = 0, 0
    for answers, theirs in zip(sets, _theirs(form, sets), strict=True):
        ours = examined(form, answers, TODAY)
        assert theirs["kept"] == ours.answers
        shown = {".".join(map(str, path)): seen for path, seen in controls(form.uischema, ours.answers).items()}
        assert theirs["shown"] == shown
        structural = {(fault.pointer, fault.code) for fault in ours.faults if fault.code in KEYWORDS}
        assert {(field_pointer("#/answers", path), keyword) for path, keyword in theirs["faults"]} == structural
        faulty += bool(structural)
        hiding += not all(shown.values())
    # Neither side agrees by never finding anything.
    assert ANSWERS // 3 < faulty < ANSWERS
    assert hiding > ANSWERS // 3


def _theirs(form: FormDefinition, sets: list[Any]) -> Iterator[Any]:
    definitions = {form.slug: {"schema": form.form_schema, "uischema": form.uischema}}
    lines = [json.dumps({"definitions": definitions, "today": TODAY.isoformat()})]
    lines += [json.dumps({"name": form.slug, "answers": answers}) for answers in sets]
    for line in node_project.run("agree.mjs", given="\n".join(lines) + "\n").splitlines():
        yield json.loads(line)
