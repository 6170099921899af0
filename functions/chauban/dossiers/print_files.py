"""With which published files the documents are printed that no form version has a template of its own for."""

from datetime import datetime

from chauban.dossiers.model import FormRef
from chauban.dossiers.numbering import local_day
from chauban.errors import NotConfigured
from chauban.ports import FormLibrary


def newest_print_files(forms: FormLibrary, now: datetime) -> FormRef:
    """The version published for the newest day: its shared files are the newest. Raises `NotConfigured` where there is none."""
    day = local_day(now)
    versions = [form for form in forms.all() if form.head.valid_from <= day]
    if not versions:
        raise NotConfigured(what="a published form")
    newest = max(versions, key=lambda form: (form.head.valid_from, form.order, form.slug))
    return FormRef(slug=newest.slug, version=newest.version)
