"""Reading a form's fonts when it is published, so that the API can tell what prints without them.

fontTools is loaded on use: only publishing and its tools come here.
"""

import io
import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from chauban.documents.font_files import fonts_sha256
from chauban.forms.glyphs import GlyphCoverage, ranges_of

_FACE = re.compile(r"@font-face\s*\{(?P<body>[^}]*)\}")
_FAMILY = re.compile(r"font-family\s*:\s*[\"']?(?P<family>[^;\"']+)")
_SOURCE = re.compile(r"url\(\s*[\"']?(?P<path>[^)\"']+)")


def coverage(files: Mapping[str, bytes]) -> GlyphCoverage:
    """What the fonts of a version's print files can print.

    A family prints what each of its faces has (a name may stand in bold or italics), and all families together what any has:
    text falls back from one to the next. Fonts that no stylesheet loads do not count.
    """
    families: dict[str, list[frozenset[int]]] = defaultdict(list)
    for path in sorted(files):
        if path.endswith(".css"):
            for family, font in _faces(path, files[path].decode("utf-8")):
                if font in files:
                    families[family].append(_code_points(files[font]))
    points = (frozenset.intersection(*faces) for faces in families.values())
    return GlyphCoverage(fonts_sha256=fonts_sha256(files), ranges=ranges_of(frozenset().union(*points)))


def _faces(path: str, css: str) -> list[tuple[str, str]]:
    """Family and file of every `@font-face`."""
    found = []
    for face in _FACE.finditer(css):
        family, source = _FAMILY.search(face["body"]), _SOURCE.search(face["body"])
        if family and source:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), source["path"]))
            found.append((family["family"].strip(), file))
    return found


@lru_cache(maxsize=32)
def _code_points(font: bytes) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(font), lazy=True) as opened:
        # Glyph 0 and glyphs without a name stand for "no such character".
        return frozenset(point for point, glyph in opened.getBestCmap().items() if glyph != ".notdef")
