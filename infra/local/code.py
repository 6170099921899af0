"""The functions' code as one zip, the same bytes for the same sources."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from infra.local.folder import REPOSITORY

_THE_EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def function_code(root: Path = REPOSITORY / "functions") -> bytes:
    """The package `chauban` and its data files, without its libraries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted((root / "chauban").rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), _THE_EPOCH_OF_ZIP)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
