"""What a request says in free text, as it is kept and will be printed."""

from typing import Any

from chauban.dossiers.requests import RequestBody
from chauban.forms.definition import FormDefinition
from chauban.forms.validation import normalised, refuse_forbidden_text, refuse_unprintable_text


def tidied(request: RequestBody) -> dict[str, Any]:
    """The request as JSON values in NFC; raises `InvalidRequest` for hidden characters and controls."""
    said = request.model_dump(mode="json")
    refuse_forbidden_text(said)
    tidy: dict[str, Any] = normalised(said)
    return tidy


def printable(form: FormDefinition, request: RequestBody) -> dict[str, Any]:
    """As `tidied`; raises `InvalidRequest` also where a text cannot be printed in the form's fonts."""
    tidy = tidied(request)
    refuse_unprintable_text(tidy, "#", form)
    return tidy
