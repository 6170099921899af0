"""What callers send to have a form filled in."""

from typing import Annotated

from pydantic import Field

from chauban.dossiers.requests import RequestBody


class RequestPrefill(RequestBody):
    """`POST /v1/forms/{slug}/{version}/prefills`.

    A citizen sends `consent`; a clerk names the `dossier` whose requester is meant, and the `purpose`.
    """

    consent: bool | None = None
    purpose: Annotated[str, Field(min_length=5, max_length=300)] | None = None
    dossier: Annotated[str, Field(min_length=1, max_length=64)] | None = None
