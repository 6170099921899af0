"""The command `chauban`: what administrators, departments and deployments do from a shell.

What reaches AWS does it with the shell's own credentials.
"""

import argparse
import sys
from collections.abc import Sequence

from chauban.cli import administration, credentials, forms, preservation, signing
from chauban.cli.command import Command
from chauban.errors import ChaubanError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it did what it says, 1 when it could not, 2 for wrong use."""
    parser = argparse.ArgumentParser(prog="chauban", description=__doc__)
    topics = parser.add_subparsers(dest="topic", required=True)
    administration.add_topics(topics)
    credentials.add_topic(topics)
    forms.add_topic(topics)
    signing.add_topics(topics)
    preservation.add_topics(topics)
    options = parser.parse_args(arguments)
    run: Command = options.run
    try:
        return run(options) or 0
    except ChaubanError as refusal:
        sys.stderr.write(f"chauban: {refusal.detail('vi')}\nchauban: {refusal.detail('en')}\n")
        return 1
