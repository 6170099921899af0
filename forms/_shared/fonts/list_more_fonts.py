"""Lists the fonts of the folder `more/` in `more.css`, so that documents print names in other scripts too.

    python list_more_fonts.py

A font (TrueType, with its licence beside it) that is put there counts from the next published version on: its letters are taken
at submission, and stand where Chauban Text has none. In alphabetical order the first font that has a letter prints it.
"""

from pathlib import Path

HERE = Path(__file__).parent
MOST = 9
"""As many families as `print.css` names."""


def style_sheet(names: list[str]) -> str:
    """The style sheet for font files with these names."""
    if len(names) > MOST:
        raise SystemExit(f"print.css knows {MOST} more fonts; there are {len(names)}")
    faces = [
        f'@font-face {{ font-family: "More {number}"; src: url(more/{name}) }}'
        for number, name in enumerate(names, start=1)
    ]
    return "\n".join(["/* Fonts for other scripts, written by list_more_fonts.py */", *faces]) + "\n"


if __name__ == "__main__":
    found = sorted(path.name for path in (HERE / "more").glob("*.ttf"))
    (HERE / "more.css").write_text(style_sheet(found), encoding="utf-8")
