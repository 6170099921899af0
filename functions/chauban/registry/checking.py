"""The check at submission: does the prefill that a request names belong to it, and are its locked fields unchanged?"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from chauban.dossiers.model import FormRef
from chauban.errors import FieldError, InvalidRequest
from chauban.registry.inquiry import Prefill, PrefillStore
from chauban.registry.locking import locked_faults

_UNKNOWN = {
    "vi": "Dữ liệu điền sẵn này không còn hiệu lực hoặc không phải của hồ sơ này. Hãy lấy lại dữ liệu điền sẵn rồi gửi.",
    "en": "This prefill has expired or does not belong to this dossier. Fill the form in again from the register and send it.",
}


@dataclass(frozen=True)
class PrefillCheck:
    """Checks answers against the prefill that they started from."""

    prefills: PrefillStore

    def check(
        self,
        token: str | None,
        form: FormRef,
        parties: Collection[str],
        answers: dict[str, Any],
        dossier: str | None = None,
    ) -> Prefill | None:
        """The prefill named, if any; raises `InvalidRequest` at `#/prefill` or at the locked fields that differ.

        `parties` are the access keys of the people whose dossier it is.
        """
        if token is None:
            return None
        found = self.prefills.of_token(token)
        fits = found and found.form == form and found.person in parties and found.dossier in (None, dossier)
        if found is None or not fits:
            raise InvalidRequest([FieldError("#/prefill", "unknown-prefill", _UNKNOWN)])
        if faults := locked_faults(found, answers):
            raise InvalidRequest(faults)
        return found
