"""`python -m infra.local.trust issue|revoke|suspend|reinstate`: the development authority from the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from infra.local.trust.authority import TrustDataError
from infra.local.trust.issuing import issue_certificate, reinstate, revoke, suspend


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command; the chain of `issue` goes to standard output."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.trust", description=__doc__)
    parser.add_argument("command", choices=["issue", "revoke", "suspend", "reinstate"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--label", required=True)
    parser.add_argument("--subject", help="common name (issue)")
    parser.add_argument("--public-key", type=Path, help="PEM file (issue)")
    parser.add_argument("--profile", choices=["official", "seal"], default="official")
    options = parser.parse_args(arguments)
    if options.command == "issue" and not (options.subject and options.public_key):
        parser.error("issue needs --subject and --public-key")
    try:
        if options.command == "issue":
            key = options.public_key.read_bytes()
            sys.stdout.write(issue_certificate(options.data, options.label, options.subject, key, options.profile))
        else:
            {"revoke": revoke, "suspend": suspend, "reinstate": reinstate}[options.command](options.data, options.label)
    except (TrustDataError, OSError) as error:
        parser.exit(2, f"{error}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
