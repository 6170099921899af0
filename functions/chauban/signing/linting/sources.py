"""The file that a SAO LỤC or TRÍCH SAO embeds is the one that its data name by hash, and no other document embeds any."""

import hashlib
import json
from collections.abc import Mapping

from chauban.signing.linting.findings import Finding
from chauban.signing.linting.policy import SOURCE
from chauban.signing.linting.state import State
from chauban.signing.linting.values import Stream


def source_findings(state: State, roles: Mapping[int, str]) -> list[Finding]:
    """What is wrong with embedded sources, however they are reached; `roles` are those of the objects, found sound before."""
    sources, data = (with_role(state, roles, role) for role in ("embedded source", "embedded file"))
    if not sources:
        return []
    try:
        (told,) = data
        named = json.loads(told)["copy"]["source"]["sha256"]
    except (KeyError, TypeError, ValueError):
        named = None
    sound = [hashlib.sha256(source).hexdigest() for source in sources] == [named]
    return [] if sound else [Finding("undeclared-file", SOURCE)]


def with_role(state: State, roles: Mapping[int, str], role: str) -> list[bytes]:
    """The content of the streams that play a role."""
    found = (state.objects.get(number) for number, played in sorted(roles.items()) if played == role)
    return [each.data() for each in found if isinstance(each, Stream)]
