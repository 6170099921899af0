"""Which dossier a document belongs to, for whoever has the document's id alone: an item beside its tasks, `T#<id>`."""

from typing import Any

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import put
from chauban.dossiers.changes import Change


def place_key(document: str) -> items.Item:
    """Where it lies which dossier a document belongs to."""
    return items.key(f"T#{document}", "PLACE")


def place_item(document: str, dossier: str) -> items.Item:
    """That a document belongs to a dossier."""
    return {**place_key(document), "dossier": dossier}


def place_writes(change: Change) -> list[dict[str, Any]]:
    """One item for each document that is new with a change."""
    known = {document.id for document in change.before.documents} if change.before else set()
    new = [document.id for document in change.after.documents if document.id not in known]
    return [put(place_item(document, change.after.id)) for document in new]
