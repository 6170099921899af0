"""veraPDF's own program, fetched by Maven into the user's cache: for machines with Java on which nobody installed it."""

import os
import shutil
import subprocess  # runs Maven, and Java on what Maven has fetched
import tempfile
from pathlib import Path

from chauban.forms.scaffold.making import CannotMake

VERSION = "1.28.2"
_MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
# For a life of seconds: the first compiler only, and no collector in threads of its own, take half the work.
_JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_MAVEN = ("mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib", "-DincludeScope=runtime")
_PROJECT = f"""<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>vn.chauban</groupId><artifactId>verapdf</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.verapdf.apps</groupId><artifactId>greenfield-apps</artifactId><version>{VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
"""


def installed_command() -> tuple[str, ...] | None:
    """How the installed veraPDF is called; None where there is none, or no Java."""
    if not _home().is_dir() or shutil.which("java") is None:
        return None
    return (*_JAVA, "-cp", f"{_home()}/*", _MAIN)


def install() -> Path:
    """The folder with veraPDF, which Maven fetches the first time; raises `CannotMake` where that fails."""
    lacking = [program for program in ("java", "mvn") if shutil.which(program) is None]
    if lacking:
        names = ", ".join(lacking)
        raise CannotMake(
            vi=f"Chưa cài {names}. Hãy cài Java và Maven (apt install default-jre maven) rồi chạy lại.",
            en=f"Not installed: {names}. Install Java and Maven (apt install default-jre maven) and try again.",
        )
    if not _home().is_dir():
        _home().parent.mkdir(parents=True, exist_ok=True)
        # Fetched beside and moved into place at once: what breaks on the way is never found.
        with tempfile.TemporaryDirectory(dir=_home().parent) as workshop:
            _fetch(Path(workshop))
            if not _home().is_dir():
                (Path(workshop) / "lib").rename(_home())
    return _home()


def _fetch(folder: Path) -> None:
    (folder / "pom.xml").write_text(_PROJECT, encoding="utf-8")
    done = subprocess.run(_MAVEN, cwd=folder, capture_output=True, text=True, check=False, timeout=900)  # noqa: S603
    if done.returncode != 0 or not any((folder / "lib").glob("greenfield-apps-*.jar")):
        reason = next((line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line), "Maven")[:300]
        raise CannotMake(
            vi=f"Không tải được veraPDF: {reason}. Kiểm tra mạng rồi chạy lại.",
            en=f"veraPDF cannot be fetched: {reason}. Check the network and try again.",
        )


def _home() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "chauban" / f"verapdf-{VERSION}"
