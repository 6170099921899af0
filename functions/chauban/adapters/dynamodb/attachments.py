"""Attachments in the table: items of their dossier's partition, written with it and forgotten where none was accepted."""

from typing import Any

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import put
from chauban.dossiers.attachments import FORGOTTEN_AFTER, Attachment, AttachmentStatus
from chauban.dossiers.changes import Change


def attachment_writes(wanted: Change) -> list[dict[str, Any]]:
    """The writes for new and changed attachments of a change; each holds only if the attachment is what it was."""
    before = {one.id: one for one in wanted.before.attachments} if wanted.before else {}
    changed = [one for one in wanted.after.attachments if one != before.get(one.id)]
    return [_write(wanted.after.id, one, before.get(one.id)) for one in changed]


def _write(dossier: str, attachment: Attachment, before: Attachment | None) -> dict[str, Any]:
    item = _item(dossier, attachment)
    if before is None:
        return put(item, "attribute_not_exists(pk)")
    return put(item, "attachment_status = :was", was=before.status.value)


def _item(dossier: str, attachment: Attachment) -> items.Item:
    item = {
        **items.attachment_key(dossier, attachment.id),
        "attachment_status": attachment.status.value,
        "value": attachment.model_dump_json(),
    }
    if attachment.status in {AttachmentStatus.ACCEPTED, AttachmentStatus.REFUSED}:
        return item
    return {**item, "expires_at": items.epoch(attachment.announced_at + FORGOTTEN_AFTER)}
