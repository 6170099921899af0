"""A provider that speaks VNPT SmartCA's interface, version 4."""

from infra.local.providers.smartca.service import SmartCa

__all__ = ["SmartCa"]
