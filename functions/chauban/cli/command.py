"""What all commands share."""

import argparse
import sys
from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import TYPE_CHECKING

from chauban.errors import ChaubanError
from chauban.forms.findings import Finding

if TYPE_CHECKING:
    from chauban.adapters.dynamodb.catalogue import DynamoCatalogue

    Topics = argparse._SubParsersAction[argparse.ArgumentParser]

Command = Callable[[argparse.Namespace], int | None]


class CommandRefused(ChaubanError):
    """A command cannot do what it was asked: said in both languages, with what to do."""

    code, status = "command-refused", 400
    title = MappingProxyType({"vi": "Lệnh không thực hiện được.", "en": "The command cannot be carried out."})
    text = MappingProxyType({"vi": "{vi}", "en": "{en}"})

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(vi=vi, en=en)


def say(text: str) -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def tell(findings: Iterable[Finding]) -> None:
    """Each fault in Vietnamese and, below it, in English."""
    for one in findings:
        say(f"  ✗ {one.line('vi')}")
        say(f"    {one.text['en']}")


def catalogue_in(table: str) -> "DynamoCatalogue":
    """The catalogue in a table, with the shell's own credentials."""
    from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
    from chauban.adapters.dynamodb.table import Table
    from chauban.bootstrap import client, clock

    return DynamoCatalogue(Table(client("dynamodb"), table), clock())
