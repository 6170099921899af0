"""What the demo says: one line a step with its time, a failure in three parts, and the summary at the end."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

_ACTOR, _ACTION = 12, 44


@dataclass
class Line:
    """The line of a running step; the step sets `fact`."""

    fact: str = ""


class Display:
    """Rich on a terminal, plain lines of text elsewhere."""

    def __init__(self, console: Console) -> None:
        """`console` decides by itself whether it is a terminal."""
        self._console = console
        self._started = time.monotonic()

    @classmethod
    def on_stdout(cls) -> Display:
        """The usual display."""
        return cls(Console(highlight=False, soft_wrap=True))

    def headline(self, text: str) -> None:
        """One line above the steps."""
        self._console.print(Text(text, style="bold"))

    @contextmanager
    def step(self, actor: str, action: str) -> Iterator[Line]:
        """Show the step while it runs (terminal only) and its line when it has ended well or badly."""
        line, started = Line(), time.monotonic()
        mark, style = "ok", "green"
        try:
            if self._console.is_terminal:
                with self._console.status(f"{actor}: {action} ..."):
                    yield line
            else:
                yield line
        except BaseException:
            mark, style = "!!", "bold red"
            raise
        finally:
            text = Text.assemble(
                (f"{mark} ", style),
                (f"{time.monotonic() - started:6.2f} s  ", "dim"),
                (f"{actor:<{_ACTOR}}", "cyan"),
                f"{action:<{_ACTION}}",
                (line.fact, "bold"),
            )
            text.rstrip()
            self._console.print(text)

    def trouble(self, where: str, what: str, look: str) -> None:
        """Which step failed, what was answered, where to look."""
        self._console.print(Text(f"\nFAILED: {where}", style="bold red"))
        self._console.print(Text(what))
        self._console.print(Text(f"-> {look}", style="dim"))

    def summary(self, folder: Path, meanings: Mapping[str, str], commands: Iterable[tuple[str, str]]) -> None:
        """The files left behind with what each is, then commands to copy."""
        total = time.monotonic() - self._started
        table = Table("file", "bytes", "what it is", box=SIMPLE if self._console.is_terminal else None)
        table.columns[1].justify = "right"
        for name, meaning in meanings.items():
            table.add_row(name, f"{(folder / name).stat().st_size:,}", meaning)
        self._console.print(Text(f"\nDone in {total:.1f} s. In {folder}:", style="bold"))
        self._console.print(table)
        self._console.print(Text("\nCheck them yourself:", style="bold"))
        for purpose, command in commands:
            self._console.print(Text(f"  # {purpose}", style="dim"))
            self._console.print(Text(f"  {command}"))
