"""Rules that no schema can say and only the server checks: named in `checks:` of form.yaml, each with a place and its fields.

`{rule: date-order, at: "#/stay", with: {from: from, to: to}}`: `at` is a pointer into the answers (at a list, each item is
checked by itself), the fields are dotted paths below it. A value that is absent or malformed is left to the schema.

The checks of a result stand at the result and look at `{"answers": ..., "decision": ...}`: their fields begin with `answers.` or
`decision.`, and what they find lies in the decision.
"""

from typing import Annotated

from pydantic import Field

from chauban.forms.checks.dates import Adult, DateOrder
from chauban.forms.checks.parts import Checker, CheckFault
from chauban.forms.checks.personal_number import PersonalNumberAgrees
from chauban.forms.checks.persons import SamePerson
from chauban.forms.checks.presence import AtLeastOne, UniqueRows

Check = Annotated[
    PersonalNumberAgrees | DateOrder | Adult | AtLeastOne | UniqueRows | SamePerson,
    Field(discriminator="rule"),
]

__all__ = ["Check", "CheckFault", "Checker"]
