"""The font files among a version's print files, and the hash that names them; light, so that any part may ask."""

import hashlib
from collections.abc import Mapping

FOLDER = "_shared/fonts/"
# With which fields are filled, upright.
WRITTEN_WITH = f"{FOLDER}ChaubanSerif-Regular.ttf"


def font_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The font files among `files`, by path, in a fixed order."""
    return {path: files[path] for path in sorted(files) if path.startswith(FOLDER) and path.endswith(".ttf")}


def fonts_sha256(files: Mapping[str, bytes]) -> str:
    """One hash (hex) over the names and hashes of all font files: it changes whenever a document may look different."""
    lines = (f"{path} {hashlib.sha256(content).hexdigest()}\n" for path, content in font_files(files).items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()
