"""The linter "safe to sign": see `linter.py`."""

from chauban.signing.linting.findings import Finding
from chauban.signing.linting.linter import Mode, lint, require_clean
from chauban.signing.linting.policy import LintPolicy

__all__ = ["Finding", "LintPolicy", "Mode", "lint", "require_clean"]
