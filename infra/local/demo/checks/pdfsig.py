"""The verdict of Poppler's `pdfsig`, which trusts the roots of an NSS database."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from infra.local.demo.failures import NotTrue


def available() -> bool:
    """Both programs are installed (Debian: poppler-utils, libnss3-tools)."""
    return bool(shutil.which("pdfsig") and shutil.which("certutil"))


def commands(pdf: Path, root: Path, database: Path) -> list[str]:
    """The shell commands that make the database and show the verdict.

    `-no-ocsp`: pdfsig asks online and never reads the file's own validation data, so it would need the running stack.
    """
    where, nss = shlex.quote(f"sql:{database}"), shlex.quote(str(database))
    made = shlex.quote(str(database / "cert9.db"))
    return [
        # Asked to make a database that exists, certutil would wait for its password for ever.
        f"[ -e {made} ] || {{ mkdir -p {nss} && certutil -N -d {where} --empty-password"
        f" && certutil -A -d {where} -n chauban-root -t CT,C,C -i {shlex.quote(str(root))}; }}",
        f"pdfsig -no-ocsp -nssdir {where} {shlex.quote(str(pdf))}",
    ]


def verdict(pdf: Path, root: Path, *, signatures: int) -> str:
    """A short verdict; raises `NotTrue` unless all are valid and trusted and the last covers the whole document."""
    with tempfile.TemporaryDirectory() as folder:
        for command in commands(pdf, root, Path(folder) / "nss"):
            shown = subprocess.run(  # noqa: S602  (our own command, quoted above, the same that the summary prints)
                command,
                shell=True,
                capture_output=True,
                text=True,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                timeout=60,
                check=False,
            )
            if shown.returncode != 0:
                raise NotTrue(f"{command}\n{shown.stdout}{shown.stderr}")
    return read_verdict(shown.stdout, signatures=signatures)


def read_verdict(shown: str, *, signatures: int) -> str:
    """What `pdfsig` printed (in the C locale) as a short verdict; raises `NotTrue` like `verdict`."""
    found = re.split(r"^Signature #\d+:", shown, flags=re.MULTILINE)[1:]
    # Empty fields (a result has one for copies) are listed too.
    filled = [part for part in found if "is not signed" not in part]
    # Document timestamps (ETSI.RFC3161) are nothing that Poppler validates; it only says what they cover.
    parts = [part for part in filled if "Signature Field Name: document-timestamp-" not in part]
    if len(parts) != signatures:
        raise NotTrue(f"pdfsig sees {len(parts)} signatures, not {signatures}\n{shown}")
    for part in parts:
        if "Signature is Valid." not in part or "Certificate is Trusted." not in part:
            raise NotTrue(f"pdfsig does not accept a signature:{part}")
    if sum("- Total document signed" in part for part in filled) != 1:
        raise NotTrue(f"pdfsig: nothing covers the whole document\n{shown}")
    last = "the document timestamp after them" if len(filled) > len(parts) else "the last"
    return f"pdfsig: {len(parts)} valid and trusted, {last} covers the whole document"
