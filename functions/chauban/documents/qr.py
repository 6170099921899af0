"""QR codes as inline SVG: drawn as vectors, so that they stay sharp in print and need no image file."""

import segno
from markupsafe import Markup, escape


def qr_svg(text: str, description: str) -> Markup:
    """An SVG element with the QR code of `text` (error correction M, quiet zone of 4 modules), sized by CSS.

    `description` becomes its <title>: the alternative text that PDF/UA-1 (ISO 14289-1, 7.3) asks of a figure.
    """
    code = segno.make(text, error="m", micro=False)
    side = code.symbol_size(border=4)[0]
    runs = "".join(_runs([bytes(row) for row in code.matrix_iter(border=4)]))
    return Markup(  # noqa: S704 -- numbers and escaped text only
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {side} {side}">'
        f'<title>{escape(description)}</title><path d="{runs}"/></svg>'
    )


def _runs(rows: list[bytes]) -> list[str]:
    """One rectangle for every horizontal run of dark modules, as SVG path data."""
    path = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                path.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return path
