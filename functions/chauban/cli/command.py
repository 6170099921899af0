"""What all commands share."""

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from chauban.forms.findings import Finding

if TYPE_CHECKING:
    Topics = argparse._SubParsersAction[argparse.ArgumentParser]

Command = Callable[[argparse.Namespace], int | None]


def say(text: str) -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def tell(findings: Iterable[Finding]) -> None:
    """Each fault in Vietnamese and, below it, in English."""
    for one in findings:
        say(f"  ✗ {one.line('vi')}")
        say(f"    {one.text['en']}")
