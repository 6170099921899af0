"""Which fields of a form are filled from a register, and whether the citizen may change them: `prefill:` of form.yaml."""

from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from chauban.values import Frozen


class Attribute(StrEnum):
    """What a register of people can tell about a person; only what a form names is ever kept."""

    FULL_NAME = "full_name"
    PERSONAL_NUMBER = "personal_number"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    NATIONALITY = "nationality"
    HOMETOWN = "hometown"
    BIRTH_REGISTERED_AT = "birth_registered_at"
    RESIDENCE = "residence"
    CURRENT_RESIDENCE = "current_residence"
    MARITAL_STATUS = "marital_status"


POINTER = r"^#(/[A-Za-z0-9_]+)+$"


class When(Frozen):
    """An answer on which it depends whether a field is about the person who was looked up: at `at` stands `equals`."""

    # Written `is` in form.yaml, and either way in a published definition.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    at: str = Field(pattern=POINTER, max_length=200)
    equals: str = Field(alias="is")


class PrefilledField(Frozen):
    """One field: `to` is its pointer into the answers as a URI fragment ("#/requester/full_name").

    With `when` it is filled, and locked, only where another answer says that the field is about the same person.
    """

    # Written `from` in form.yaml, and either way in a published definition.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    to: str = Field(pattern=POINTER, max_length=200)
    source: Attribute = Field(alias="from")
    locked: bool = False
    when: When | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the answers down to the field."""
        return tuple(self.to.split("/")[1:])


class PrefillRules(Frozen):
    """The fields that a register fills, each at most once."""

    registry: Literal["population"]
    fields: tuple[PrefilledField, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> "PrefillRules":
        places = [field.to for field in self.fields]
        if len(set(places)) != len(places):
            raise ValueError("prefill: a field is named twice")
        return self
