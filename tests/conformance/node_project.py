"""The npm project in `jsonforms/`: installed once for each lock file into the user's cache, then run from there."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PROJECT = Path(__file__).with_name("jsonforms")
LOCKED = ("package.json", "package-lock.json", ".npmrc")
INSTALL_SECONDS = 600
FONT_FOLDER = Path(__file__).parents[2] / "forms" / "_shared" / "fonts"
FONTS = """<?xml version="1.0"?><fontconfig><dir>{fonts}</dir><cachedir>{cache}/fontconfig</cachedir></fontconfig>"""


def cache() -> Path:
    """Where the installed project lies, named after the content of its lock file."""
    root = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    digest = hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()[:16]
    return root / "chauban" / f"jsonforms-{digest}"


def installed() -> Path:
    """The folder of the installed project, with the present sources of its programs in it."""
    folder = cache()
    if not (folder / "installed").exists():
        _install(folder)
    for source in (*PROJECT.glob("*.mjs"), *PROJECT.glob("*.jsx")):
        shutil.copy(source, folder / source.name)
    return folder


def _install(folder: Path) -> None:
    """Made beside and moved into place at once: two processes may want it at the same time."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as workshop:
        building = Path(workshop) / "built"
        building.mkdir()
        for name in LOCKED:
            shutil.copy(PROJECT / name, building / name)
        command = ["npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit"]
        done = subprocess.run(
            command, cwd=building, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
        if done.returncode:
            raise RuntimeError(f"npm ci failed: {done.stderr[-2000:]}")
        (building / "installed").touch()
        if not (folder / "installed").exists():
            building.rename(folder)


def run(program: str, *arguments: str, given: str = "", seconds: int = 600) -> str:
    """What a program of the project prints."""
    folder = installed()
    (folder / "fonts.conf").write_text(FONTS.format(fonts=FONT_FOLDER, cache=folder), encoding="utf-8")
    done = subprocess.run(
        ["node", program, *arguments],
        cwd=folder,
        # A browser without fonts fails; rendering in this process may have pointed fontconfig at none.
        env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stderr[-3000:]}")
    return done.stdout
