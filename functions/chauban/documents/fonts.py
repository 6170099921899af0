"""Fonts: only those that are published with the forms, never the machine's.

Fontconfig reads its configuration when WeasyPrint asks for one; pointed at an empty one, it knows no font but those that
the stylesheet loads. Import this module before anything of WeasyPrint.
"""

import os
import warnings
from pathlib import Path

os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
with warnings.catch_warnings():
    # WeasyPrint warns that no fonts are configured, which is what we want.
    warnings.simplefilter("ignore")
    from weasyprint.text.fonts import FontConfiguration

from chauban.documents.font_files import FOLDER, font_files, fonts_sha256

__all__ = ["FOLDER", "FontConfiguration", "font_files", "fonts_sha256"]
