"""Where the answers name the one who applies: `requester:` of form.yaml. Who files for herself must be the one named there."""

from pydantic import Field

from chauban.forms.prefill_rules import POINTER
from chauban.values import Frozen


class RequesterPlace(Frozen):
    """One person of the answers: pointers to name and personal number.

    Somewhere the answers name the requester. At a place with `or_owner` or `or_representative` another may stand if they do so
    elsewhere: the dossier's owner, or its representative, where it has one beside the requester.
    """

    name: str = Field(pattern=POINTER, max_length=200)
    identifier: str | None = Field(default=None, pattern=POINTER, max_length=200)
    or_owner: bool = False
    or_representative: bool = False
