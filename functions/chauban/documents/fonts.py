"""Fonts: only those that are published with the forms, never the machine's.

Fontconfig reads its configuration when WeasyPrint asks for one; pointed at an empty one, it knows no font but those that
the stylesheet loads. Import this module before anything of WeasyPrint.
"""

import hashlib
import os
import warnings
from collections.abc import Mapping
from pathlib import Path

os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
with warnings.catch_warnings():
    # WeasyPrint warns that no fonts are configured, which is what we want.
    warnings.simplefilter("ignore")
    from weasyprint.text.fonts import FontConfiguration

FOLDER = "_shared/fonts/"

__all__ = ["FOLDER", "FontConfiguration", "font_files", "fonts_sha256"]


def font_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The font files among `files`, by path, in a fixed order."""
    return {path: files[path] for path in sorted(files) if path.startswith(FOLDER) and path.endswith(".ttf")}


def fonts_sha256(files: Mapping[str, bytes]) -> str:
    """One hash (hex) over the names and hashes of all font files: it changes whenever a document may look different."""
    lines = (f"{path} {hashlib.sha256(content).hexdigest()}\n" for path, content in font_files(files).items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()
