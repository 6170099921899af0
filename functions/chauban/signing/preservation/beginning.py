"""Where a document begins to last: its entry, and the order to raise it, in the transaction that issues it."""

from dataclasses import replace
from datetime import datetime

from chauban.dossiers.changes import Change
from chauban.dossiers.documents import Document
from chauban.events.orders import OrderMaker
from chauban.signing.preservation.entries import PreservationEntry, is_preserved


def preserved(change: Change, issued: Document, orders: OrderMaker, now: datetime) -> Change:
    """With the order to raise a document that is kept for good; what becomes of the order, the entry stays."""
    if not is_preserved(issued):
        return change
    entry = PreservationEntry.raised_soon(change.after.id, issued, now)
    order = orders.extend(change.after.id, entry.document, entry.revision)
    return replace(change, messages=(*change.messages, order), preservations=(*change.preservations, entry))
