"""A published form version: what `form.yaml` and its neighbours say, as one value.

A version is immutable; a dossier stays with the one it was filed with. Schema: JSON Schema 2020-12; layout: the JSON Forms
UI schema; texts: one object per language.
"""

from collections.abc import Iterable
from datetime import date, time
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, field_validator

from chauban.access.catalogue import Capacity
from chauban.forms.amendment_policy import AmendmentNumbering
from chauban.forms.checks import Check
from chauban.forms.derived import Derivation
from chauban.forms.glyphs import GlyphCoverage
from chauban.forms.notice_policy import NoticePolicies, default_policies
from chauban.forms.prefill_rules import PrefillRules
from chauban.forms.requester_rules import RequesterPlace
from chauban.signing.algorithms import Algorithm
from chauban.signing.terms import ALLOWED, SealMode, SignaturePolicy, SigningTerms


class FormPart(BaseModel):
    """A part of a definition: immutable, no unknown entries, so that a typing error in `form.yaml` is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ProcedureRef(FormPart):
    """A code of the national procedure catalogue, with the days on which the form serves it."""

    code: str = Field(pattern=r"^\d\.\d{6}$")
    name: str
    valid_from: date
    valid_to: date | None = None


class Numbering(FormPart):
    """From which book a result takes its number, and the symbol printed after it."""

    book: str
    symbol: str


MOST_ANNEXES = 10
"""Of one result: it is issued with all of them in one transaction of the table."""


class AnnexTemplate(FormPart):
    """An annex of a result in a file of its own; `given` is the dotted path of an answer or of a part of the decision without which
    there is no such annex."""

    template: str
    title: str
    given: str | None = Field(default=None, pattern=r"^(answers|decision)(\.[A-Za-z0-9_]+)+$")


class ResultTemplate(FormPart):
    """A document that the procedure ends with. `checks` and `derived` look at `{"answers": ..., "decision": ...}`."""

    kind: Literal["result"]
    template: str
    title: str
    decision_schema: str
    numbering: Numbering
    copies_from: str | None = None
    checks: tuple[Check, ...] = ()
    derived: tuple[Derivation, ...] = ()
    annexes: tuple[AnnexTemplate, ...] = Field(default=(), max_length=MOST_ANNEXES)


# The signature fields of officials, in the order of signing.
OFFICIAL_FIELDS = ("official", "official2")


class Signatory(FormPart):
    """Who signs, in order; `field` is the signature field of the document, `capacities` in whose stead that may be."""

    role: Literal["official"]
    field: Literal["official", "official2"]
    capacities: tuple[Capacity, ...] = Field(default=tuple(Capacity), min_length=1)


ATTACHMENT_TYPES = ("application/pdf", "image/jpeg", "image/png")
"""What can be examined before anybody opens it; `chauban forms check` tells authors."""


class AttachmentRule(FormPart):
    """A paper that is asked for: types as media types, size in bytes."""

    name: str
    title: dict[str, str]
    required: bool
    types: tuple[str, ...]
    max_bytes: PositiveInt


class Component(FormPart):
    """A default row of the receipt's table."""

    name: str
    original: int = 0
    certified_copy: int = 0
    photocopy: int = 0


class FormHead(FormPart):
    """What `form.yaml` says."""

    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    version: str = Field(pattern=r"^\d+\.\d+$")
    title: dict[str, str]
    procedures: tuple[ProcedureRef, ...] = Field(min_length=1)
    legal_basis: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    grace_days: int = 0
    competent_level: str
    processing_hours: PositiveInt
    same_day_until: time | None = None
    fee: int = 0
    application: str = "application.html"
    signatories: tuple[Signatory, ...] = Field(min_length=1, max_length=len(OFFICIAL_FIELDS))
    algorithms: tuple[Algorithm, ...] = Field(default=ALLOWED, min_length=1)
    signature_policy: SignaturePolicy | None = None
    seal: SealMode
    results: tuple[ResultTemplate, ...] = Field(min_length=1)
    attachments: tuple[AttachmentRule, ...] = ()
    components: tuple[Component, ...] = ()
    checks: tuple[Check, ...] = ()
    notices: NoticePolicies = Field(default_factory=default_policies)
    amendments: AmendmentNumbering = AmendmentNumbering()
    prefill: PrefillRules | None = None
    requester: tuple[RequesterPlace, ...] = ()

    @field_validator("signatories")
    @classmethod
    def _in_order(cls, signatories: tuple[Signatory, ...]) -> tuple[Signatory, ...]:
        if tuple(each.field for each in signatories) != OFFICIAL_FIELDS[: len(signatories)]:
            raise ValueError(f"the fields of the signatories are, in order: {', '.join(OFFICIAL_FIELDS)}")
        return signatories

    def terms(self, kind: str) -> tuple[SigningTerms, ...]:
        """What is asked of each official's signature of a document, in order; a notice has one."""
        results = {result.kind for result in self.results}
        signatories = self.signatories if kind in results else (Signatory(role="official", field="official"),)
        return tuple(
            SigningTerms(
                field=each.field,
                capacities=each.capacities,
                algorithms=self.algorithms,
                policy=self.signature_policy,
            )
            for each in signatories
        )


class FormDefinition(FormPart):
    """A whole version as published: schemas without foreign references, conditions in schema and UI schema alike.

    `decision_schemas` holds the schema of each result's decision data by file name; `glyphs` what the version's fonts print.
    """

    head: FormHead
    form_schema: dict[str, Any]
    uischema: dict[str, Any]
    texts: dict[str, dict[str, Any]]
    decision_schemas: dict[str, dict[str, Any]]
    glyphs: GlyphCoverage | None = None

    @property
    def slug(self) -> str:
        return self.head.slug

    @property
    def version(self) -> str:
        return self.head.version

    @property
    def order(self) -> tuple[int, ...]:
        """What versions are ordered by."""
        return tuple(int(part) for part in self.version.split("."))

    def procedure(self, code: str, day: date) -> ProcedureRef | None:
        """The procedure of that code if the form serves it on a day."""
        for procedure in self.head.procedures:
            if procedure.code == code and covers(procedure.valid_from, procedure.valid_to, day):
                return procedure
        return None

    def current(self, day: date) -> bool:
        """Whether a day lies within the version's own time; a successor may have ended it before (`succession`)."""
        return covers(self.head.valid_from, self.head.valid_to, day)


def covers(start: date, end: date | None, day: date) -> bool:
    """Whether a day lies from `start` to `end`, both included; no end means for ever."""
    return start <= day and (end is None or day <= end)


def current_version(versions: Iterable[FormDefinition], slug: str, day: date) -> FormDefinition | None:
    """The version of a form that takes submissions on a day: the one that began last."""
    candidates = [form for form in versions if form.slug == slug and form.current(day)]
    return max(candidates, key=lambda form: (form.head.valid_from, form.order), default=None)
