"""An error as the specification writes it."""

from __future__ import annotations


class Fault(Exception):
    """`error`, `error_description`, and the HTTP status."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status

    def told(self) -> dict[str, str]:
        return {"error": self.error, "error_description": self.description}
