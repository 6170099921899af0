"""What a function is told by its environment, read once into a frozen value.

Every variable has the prefix `CHAUBAN_`. A function is given only what it needs (see `template.yaml`), so a setting that is
absent fails when it is asked for, naming itself, and never at import.
"""

import os
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from chauban.errors import NotConfigured

PREFIX = "CHAUBAN_"


class Settings(BaseModel):
    """The environment as typed values; use `Settings.need` for a setting that not every function has."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stage: str = "local"
    table: str | None = None
    forms_bucket: str | None = None
    work_bucket: str | None = None
    archive_bucket: str | None = None
    uploads_bucket: str | None = None
    malware_scan: str = "none"
    access_secret_arn: str | None = None
    bus: str | None = None
    queue: str | None = None
    attempts: PositiveInt = 18
    queue_render: str | None = None
    queue_sign: str | None = None
    queue_seal: str | None = None
    queue_extend: str | None = None
    session_key: str | None = None
    audience: str | None = None
    issuer: str | None = None
    tsa_urls: str | None = None
    tsa_seconds: PositiveInt = 140
    renewal_seconds: PositiveInt = 240
    renewal_files: PositiveInt = 5000
    registry_url: str | None = None
    registry_secret_arn: str | None = None
    registry_login_level: int = Field(default=2, ge=1, le=4)
    trust_anchors: str = "trust/anchors.pem"
    lock_mode: str = "GOVERNANCE"
    retention_days: PositiveInt = 1
    public_url: str = ""
    session_minutes: PositiveInt = 30
    download_seconds: PositiveInt = 300

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings among `environment` (names in capitals with the prefix); empty values count as absent."""
        values = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(PREFIX) and value
        }
        return cls.model_validate(values)

    def need(self, name: str) -> str:
        """The text setting `name`; raises `NotConfigured` where this function was not given it."""
        value = getattr(self, name)
        if not isinstance(value, str) or not value:
            raise NotConfigured(what=PREFIX + name.upper())
        return value


@cache
def settings() -> Settings:
    """This process's settings, read on first use."""
    return Settings.from_environment(os.environ)
