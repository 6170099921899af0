"""Where the answers name the one who applies: `requester:` of form.yaml. Who files for herself must be the one named there."""

from pydantic import Field

from chauban.forms.prefill_rules import POINTER
from chauban.values import Frozen


class RequesterPlace(Frozen):
    """One person of the answers: pointers to name and personal number.

    Of several places the first that is answered counts. `or_owner`: where the dossier has an owner beside the requester, the
    answers may name the owner here.
    """

    name: str = Field(pattern=POINTER, max_length=200)
    identifier: str | None = Field(default=None, pattern=POINTER, max_length=200)
    or_owner: bool = False
