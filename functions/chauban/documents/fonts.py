"""Fonts: only those that are published with the forms, never the machine's.

Fontconfig reads its configuration when WeasyPrint asks for one; pointed at an empty one, it knows no font but those that
the stylesheet loads. Import this module before anything of WeasyPrint.
"""

import ctypes
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
with warnings.catch_warnings():
    # WeasyPrint warns that no fonts are configured, which is what we want.
    warnings.simplefilter("ignore")
    from weasyprint.text.ffi import ffi, fontconfig, pangoft2
    from weasyprint.text.fonts import FontConfiguration

from chauban.documents.font_files import FOLDER, font_files, fonts_sha256
from chauban.errors import RenderingError

__all__ = ["FOLDER", "LoadedFonts", "font_files", "fonts_sha256"]

# Pango has a thread of its own read the default configuration as soon as there is a font map, while we read others: read here
# first, alone, it is not read again.
fontconfig.FcConfigGetFonts(ffi.NULL, fontconfig.FcSetSystem)
# One of Pango's threads may begin when everything is done. The interpreter would unload Pango as it ends: it never lets go of it.
ctypes.pythonapi.Py_IncRef(ctypes.py_object(pangoft2))


class LoadedFonts(FontConfiguration):  # type: ignore[misc]  # WeasyPrint publishes no types
    """The fonts that one document's style sheets load; there has to be one before a text is measured.

    Without any, Pango answers with null pointers, and the process ends when the first text is drawn, whatever else it was doing.
    """

    _ready = False

    def __init__(self) -> None:
        self._faces: set[str] = set()
        super().__init__()
        self._ready = True

    def add_font_face(self, rule_descriptors: Mapping[str, Any], url_fetcher: Any) -> None:
        """Load the font of an `@font-face`.

        Raises RenderingError where it cannot be loaded: the text would be set in another font, and nobody told.
        """
        face = str(rule_descriptors)
        if face in self._faces:
            return
        before = self._count()
        super().add_font_face(rule_descriptors, url_fetcher)
        if self._count() == before:
            raise RenderingError(reason=f"cannot load the font {rule_descriptors['font_family']}")
        self._faces.add(face)

    @property
    def font_map(self) -> Any:
        """Where Pango looks for fonts; WeasyPrint asks for it when there is a text.

        Raises RenderingError where the style sheets have loaded no font.
        """
        if self._ready and not self._count():
            raise RenderingError(reason="the style sheets load no font")
        return self._font_map

    @font_map.setter
    def font_map(self, made: Any) -> None:
        self._font_map = made

    def __del__(self) -> None:
        """Give the configuration back, which a font map keeps for ever: a fifth of a megabyte for each document."""
        if self._ready:
            pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", self._font_map), ffi.NULL)
        super().__del__()

    def _count(self) -> int:
        fonts = fontconfig.FcConfigGetFonts(self._config, fontconfig.FcSetApplication)
        return 0 if fonts == ffi.NULL else int(fonts.nfont)
