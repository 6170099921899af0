"""The QR code as drawn: the same modules as the code itself, and words for those who cannot see it."""

import re

import segno
from chauban.documents.qr import qr_svg

LINK = "https://tra-cuu.example/H57.40.01-260105-0007?a=1&b=<2>"


def test_every_dark_module_is_drawn_and_no_light_one():
    drawing = qr_svg(LINK, description="x")
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawing)
    drawn = {(int(x) + step, int(y)) for x, y, width in runs for step in range(int(width))}
    code = segno.make(LINK, error="m", micro=False)
    dark = {(x, y) for y, row in enumerate(code.matrix_iter(border=4)) for x, module in enumerate(row) if module}
    assert drawn == dark
    assert f'viewBox="0 0 {code.symbol_size()[0]} {code.symbol_size()[0]}"' in drawing


def test_the_description_is_escaped():
    assert "<title>a &lt;b&gt; &amp; c</title>" in qr_svg("x", description="a <b> & c")
