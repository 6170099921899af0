"""A blank at the end of a line hangs over the margin and breaks nothing: CSS Text 3, section 4.1.3.

WeasyPrint 70 measures a text that another inline element follows (a name in bold, a number that is kept together) with its
last blank. Where the text just fits its line and the blank does not, it breaks the line after the first word.
"""

from typing import Any

from weasyprint.layout import inline
from weasyprint.text.line_break import split_first_line

_RESUME_INDEX, _WIDTH = 2, 3
# A letter is hardly ever narrower than a quarter of its height.
_LETTERS_PER_HEIGHT = 4
_WRAPPED = {"normal", "pre-line"}


def install() -> None:
    """Has WeasyPrint's layout break lines by what can be seen of them; once or more often, with the same effect."""
    inline.split_first_line = _split_first_line


def _split_first_line(text: str, style: Any, context: Any, max_width: Any, *others: Any, **options: Any) -> Any:
    """As WeasyPrint's own, but a text that fits without its last blank is one line."""
    split = split_first_line(text, style, context, max_width, *others, **options)
    if split[_RESUME_INDEX] is None or not text.endswith(" ") or style["white_space"] not in _WRAPPED:
        return split
    if not style["font_size"] or len(text) > max_width / style["font_size"] * _LETTERS_PER_HEIGHT:
        return split
    bare = split_first_line(text.rstrip(" "), style, context, max_width, *others, **options)
    if bare[_RESUME_INDEX] is not None or bare[_WIDTH] > max_width:
        return split
    return split_first_line(text, style, context, None, *others, **options)
