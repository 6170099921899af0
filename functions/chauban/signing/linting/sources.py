"""The file that a SAO LỤC or TRÍCH SAO embeds is the one that its data name by hash, and no other document embeds any."""

import hashlib
import json
from collections.abc import Iterator

from chauban.signing.linting.findings import Finding
from chauban.signing.linting.policy import DATA, SOURCE
from chauban.signing.linting.state import State
from chauban.signing.linting.values import Stream, elements_of, entries_of


def source_findings(state: State) -> list[Finding]:
    """What is wrong with an embedded source; raises `Unfit` for a stream that cannot be read."""
    files = dict(_embedded(state))
    if SOURCE not in files:
        return []
    try:
        named = json.loads(files[DATA])["copy"]["source"]["sha256"]
    except (KeyError, TypeError, ValueError, RecursionError):
        named = None
    sound = named == hashlib.sha256(files[SOURCE]).hexdigest()
    return [] if sound else [Finding("undeclared-file", SOURCE)]


def _embedded(state: State) -> Iterator[tuple[str, bytes]]:
    for reference in elements_of(state.root.get("AF")):
        entries = entries_of(state.resolve(reference))
        content, name = state.resolve(entries_of(entries.get("EF")).get("F")), entries.get("UF")
        if isinstance(content, Stream) and isinstance(name, bytes):
            yield name.decode("ascii", "replace"), content.data()
