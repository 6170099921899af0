"""Where a file is uploaded to: ids and nothing else, for keys are seen in logs and events."""


def upload_key(dossier: str, attachment: str) -> str:
    """The key of an upload."""
    return f"uploads/{dossier}/{attachment}"


def upload_of(key: str) -> tuple[str, str] | None:
    """The dossier and the attachment of an upload's key; None for another key."""
    match key.split("/"):
        case ["uploads", str(dossier), str(attachment)] if dossier and attachment:
            return dossier, attachment
    return None
