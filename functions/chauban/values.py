"""What all domain values have in common."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A domain value: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
