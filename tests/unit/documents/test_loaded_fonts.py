"""A process that makes documents does not grow with their number, and ends as any other, whatever Pango's threads still do."""

import subprocess
import sys

from tests.unit.documents.material import FORMS

# What is called last of all, after the interpreter has let go of everything, is in the library whose threads may begin then.
SCRIPT = """
import ctypes
import chauban.documents.fonts
from weasyprint.text.ffi import ffi, pangoft2
last = int(ffi.cast("uintptr_t", ffi.addressof(pangoft2, "pango_ft2_font_map_new")))
assert ctypes.pythonapi.Py_AtExit(ctypes.c_void_p(last)) == 0
"""


def test_pango_stays_loaded_until_the_process_has_ended() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# The same short page again and again: how many megabytes there are after the first fifty, and after a hundred and fifty more.
PAGES = """
import gc, sys
from chauban.documents.fonts import LoadedFonts
from weasyprint import HTML

def megabytes():
    gc.collect()
    return int(open("/proc/self/statm").read().split()[1]) * 4096 / 1024**2

page = f"<style>@font-face {{ font-family: Text; src: url({sys.argv[1]}) }}</style><p style='font-family: Text'>Huế</p>"
for made in range(201):
    kept = HTML(string=page).render(font_config=LoadedFonts())
    if made in {50, 200}:
        print(megabytes())
"""


def test_the_fonts_of_a_document_go_with_it() -> None:
    font = (FORMS / "_shared" / "fonts" / "ChaubanText-Regular.ttf").as_uri()
    command = [sys.executable, "-c", PAGES, font]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    before, after = map(float, done.stdout.split())
    assert after - before < 10
