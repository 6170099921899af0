"""A provider that speaks Viettel MySign's interface."""

from infra.local.providers.mysign.service import MySign

__all__ = ["MySign"]
