"""What the validator accepts always prints: application and result of generated answers and decisions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from chauban.access.catalogue import Agency
from chauban.access.loading import load_catalogue
from chauban.adapters.forms import FolderForms
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.parties import Party
from chauban.dossiers.specimen import print_request, specimen, specimen_filing
from chauban.errors import InvalidRequest
from chauban.forms.definition import FormDefinition
from chauban.forms.validation import accepted_answers, accepted_decision
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.property.answers import answers_of, decisions_of
from tests.property.conftest import FOLDERS, FORMS, form_in
from tests.property.values import TODAY
from tests.unit.fakes.catalogue import THUAN_HOA, MemoryCatalogue

# Hypothesis says that a form makes a long description; nobody reads it.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
# Two documents each: about fifteen a form.
EXAMPLES = 8
AT = datetime(TODAY.year, TODAY.month, TODAY.day, 2, 30, tzinfo=UTC)
REQUESTER = Party(scheme="personal_number", identifier="046198000101", name="Nguyễn Thị Ánh")


class _Library(FolderForms):
    """Reads the print files of a version once."""

    @cache  # noqa: B019 -- one library for the whole run
    def print_files(self, slug: str, version: str) -> Mapping[str, bytes]:
        return super().print_files(slug, version)


LIBRARY = _Library(FORMS)


@cache
def agency() -> Agency:
    catalogue = MemoryCatalogue()
    load_catalogue(FORMS.parent / "catalogue", catalogue)
    return catalogue.agencies[THUAN_HOA]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    # Making a failing example smaller would print hundreds of documents.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_what_is_accepted_prints(folder: Path, data: st.DataObject) -> None:
    form = form_in(folder)
    answers = accepted_answers(form, data.draw(answers_of(form)), TODAY)
    decision = _accepted(form, answers, data.draw(_decisions(form, answers)))
    filing = specimen_filing(form, form.head.procedures[0].code, agency(), REQUESTER, answers, AT)
    for kind in (DocumentKind.APPLICATION, DocumentKind.RESULT):
        dossier = specimen(filing, form, decision)
        made = WeasyPrintRenderer().render(print_request(dossier, form, agency(), LIBRARY, kind))
        assert made.pages >= 1
        assert form.glyphs is not None
        assert made.fonts_sha256 == form.glyphs.fonts_sha256


def _decisions(form: FormDefinition, answers: Any) -> Any:
    generated = decisions_of(form, form.head.results[0], answers)
    return generated.filter(lambda decision: _accepted(form, answers, decision) is not None)


def _accepted(form: FormDefinition, answers: Any, decision: Any) -> Any:
    try:
        return accepted_decision(form, form.head.results[0], answers, decision, TODAY)
    except InvalidRequest:
        return None
