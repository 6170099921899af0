"""A provider of the Cloud Signature Consortium's API, versions 1 and 2."""

from infra.local.providers.csc.service import Csc

__all__ = ["Csc"]
