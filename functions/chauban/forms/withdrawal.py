"""Withdrawal: a published version is closed to new filings; its dossiers go on, and it can still be read."""

from datetime import datetime

import rfc8785
from pydantic import BaseModel, ConfigDict, Field


class Withdrawal(BaseModel):
    """That a version was withdrawn, when, and why (for administrators; no personal data)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str
    version: str
    withdrawn_at: datetime
    reason: str = Field(default="", max_length=500)


def pack_withdrawal(withdrawal: Withdrawal) -> bytes:
    """`withdrawn.json`."""
    return rfc8785.dumps(withdrawal.model_dump(mode="json"))


def unpack_withdrawal(content: bytes) -> Withdrawal:
    """The withdrawal in a `withdrawn.json`."""
    return Withdrawal.model_validate_json(content)
