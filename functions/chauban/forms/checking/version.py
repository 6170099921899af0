"""The whole check of one version."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chauban.forms.checking.documents import Judge, document_findings
from chauban.forms.checking.papers import paper_findings
from chauban.forms.checking.prefill import prefill_findings
from chauban.forms.checking.reading import definition, unreadable
from chauban.forms.checking.requester import requester_findings
from chauban.forms.checking.samples import sample_findings, samples_of
from chauban.forms.checking.schemas import schema_findings
from chauban.forms.checking.template_sources import template_findings
from chauban.forms.checking.texts import text_findings
from chauban.forms.findings import Finding


@dataclass(frozen=True)
class Check:
    """How to check: the day in Vietnam, veraPDF where there is one, and whether documents are made at all."""

    today: date
    judge: Judge | None = None
    documents: bool = True

    @staticmethod
    def readable(folder: Path) -> list[Finding]:
        """What keeps the version from being read; the least that is looked at before publishing."""
        return unreadable(folder) or definition(folder)[1]

    def version(self, folder: Path) -> list[Finding]:
        """All faults of the version in `<forms>/<slug>/<version>`; none means that it can be published.

        What cannot be read is told alone, and documents are made only when nothing else is wrong: each fault would
        otherwise be told again and again.
        """
        if found := unreadable(folder):
            return found
        form, found = definition(folder)
        if form is None:
            return found
        found = [
            *schema_findings(form),
            *prefill_findings(form),
            *requester_findings(form),
            *paper_findings(form),
            *text_findings(form),
        ]
        found += template_findings(form, folder)
        if not any(one.code == "schema" for one in found):
            found += sample_findings(form, folder, self.today)
        if found or not self.documents:
            return found
        return document_findings(form, folder, samples_of(folder), self.judge)
