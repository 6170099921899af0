"""A process that has made documents ends as any other, whatever Pango's threads still do."""

import subprocess
import sys

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
