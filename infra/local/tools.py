"""The emulator's environment, which `make setup` makes beside the project's own."""

from __future__ import annotations

import os

from infra.local.folder import REPOSITORY


class NotInstalled(Exception):
    """The emulator's environment is missing; the message says what to run."""


def stack_python() -> str:
    """The interpreter with ministack and SAM's translator (CHAUBAN_STACK_PYTHON names another one)."""
    chosen = os.environ.get("CHAUBAN_STACK_PYTHON", str(REPOSITORY / "build" / "envs" / "stack" / "bin" / "python"))
    if not os.access(chosen, os.X_OK):
        raise NotInstalled(f"{chosen} is missing: run `make setup` first")
    return chosen
