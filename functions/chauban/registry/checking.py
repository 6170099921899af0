"""The check at submission: does the prefill that a request names belong to it, are its locked fields unchanged, and which
answers are therefore the register's own?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from chauban.dossiers.model import Dossier, FormRef
from chauban.errors import FieldError, InvalidRequest
from chauban.forms.definition import FormDefinition
from chauban.registry.inquiry import Prefill, PrefillStore
from chauban.registry.locking import locked_faults, meets, same_at, unchanged, value_at

_UNKNOWN = {
    "vi": "Dữ liệu điền sẵn này không còn hiệu lực hoặc không phải của hồ sơ này. Hãy lấy lại dữ liệu điền sẵn rồi gửi.",
    "en": "This prefill has expired or does not belong to this dossier. Fill the form in again from the register and send it.",
}


@dataclass(frozen=True)
class PrefillCheck:
    """Checks answers against the prefill that they started from."""

    prefills: PrefillStore

    def origins(
        self,
        token: str | None,
        form: FormDefinition,
        parties: Collection[str],
        answers: dict[str, Any],
        before: Dossier | None = None,
    ) -> Mapping[str, str]:
        """Which answers are a register's own: pointers into them, each with the inquiry that gave it. All others are declared.

        Only what a named prefill holds counts, and what was the register's in the dossier `before`, is unchanged, and still meets
        its condition. Raises `InvalidRequest` at `#/prefill`, or at the locked fields that differ. `parties` are the access keys
        of the people whose dossier it is.
        """
        kept = _still(before, form, answers) if before else {}
        if token is None:
            return kept
        found = self._fitting(
            token, FormRef(slug=form.slug, version=form.version), parties, before.id if before else None
        )
        if faults := locked_faults(found, answers):
            raise InvalidRequest(faults)
        return {**kept, **dict.fromkeys(unchanged(found, answers), found.request_id)}

    def _fitting(self, token: str, form: FormRef, parties: Collection[str], dossier: str | None) -> Prefill:
        found = self.prefills.of_token(token)
        fits = found and found.form == form and found.person in parties and found.dossier in (None, dossier)
        if found is None or not fits:
            raise InvalidRequest([FieldError("#/prefill", "unknown-prefill", _UNKNOWN)])
        return found


def _still(before: Dossier, form: FormDefinition, answers: dict[str, Any]) -> dict[str, str]:
    """What was the register's own, is unchanged, and is still about the person whom it was asked about."""
    rules = form.head.prefill.fields if form.head.prefill else ()
    when = {field.to: field.when for field in rules}
    return {
        pointer: inquiry
        for pointer, inquiry in before.from_registry.items()
        if meets(when.get(pointer), answers) and same_at(pointer, answers, value_at(before.answers, pointer))
    }
