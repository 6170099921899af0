"""`python -m infra.local.demo`: one dossier from application to signed result; exit code 0 only if all of it holds."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from infra.local.demo.display import Display
from infra.local.demo.journey import travel
from infra.local.demo.stack import Stack, StackUnavailable


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local.demo", description=__doc__)
    parser.add_argument(
        "--stack",
        type=Path,
        default=Path(os.environ.get("CHAUBAN_STACK", ".stack/stack.json")),
        help="the file that describes the running stack (default: $CHAUBAN_STACK or .stack/stack.json)",
    )
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the files (default: out)")
    parser.add_argument("--patience", type=float, default=90.0, help="seconds to wait for any one change (default: 90)")
    parser.add_argument("--seed", type=int, default=None, help="the same people and answers again (default: new ones)")
    parser.add_argument(
        "--official",
        default=None,
        help="account of the official who signs, which also chooses the agency (default: any that has a device)",
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the demo; 0 if every step did what it says, 1 if one did not, 2 if there is no stack to talk to."""
    arguments = _arguments(argv)
    display = Display.on_stdout()
    try:
        stack = Stack.read(arguments.stack)
    except StackUnavailable as unavailable:
        display.trouble("there is no stack", str(unavailable), "start one with `make up` (or `make demo`)")
        return 2
    complete = travel(
        stack, display, arguments.out, patience=arguments.patience, seed=arguments.seed, official=arguments.official
    )
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
