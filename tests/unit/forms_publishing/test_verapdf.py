"""veraPDF as a department has it: a program; here one that answers in veraPDF's own report format."""

import stat
from pathlib import Path

import pytest
from chauban.errors import NotConfigured
from chauban.forms.checking.verapdf import VeraPdf
from chauban.forms.checking.verapdf_installing import VERSION, install
from chauban.forms.scaffold.making import CannotMake

REPORT = """#!/bin/sh
flavour="$4"; shift 4
echo '<?xml version="1.0" encoding="utf-8"?><report><jobs>'
for file in "$@"; do
  echo "<job><item size=\\"1\\"><name>$file</name></item>"
  if grep -q broken "$file" && [ "$flavour" = 3a ]; then
    echo '<validationReport isCompliant="false"><details failedRules="1"><rule specification="ISO 19005-3:2012"'
    echo ' clause="6.2.11.4.1" testNumber="1" status="failed" failedChecks="2"></rule></details></validationReport></job>'
  else
    echo '<validationReport isCompliant="true"></validationReport></job>'
  fi
done
echo '</jobs></report>'
"""


def program(folder: Path, text: str) -> VeraPdf:
    path = folder / "verapdf"
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    found = VeraPdf.found(str(path))
    assert found
    return found


def test_broken_rules_are_told_by_file_and_flavour(tmp_path: Path) -> None:
    judge = program(tmp_path, REPORT)
    assert judge({"result a": b"broken", "result b": b"good"}) == {"result a": ["3a 6.2.11.4.1-1"]}
    assert judge({}) == {}


def test_a_judge_that_says_nothing_is_no_approval(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured):
        program(tmp_path, "#!/bin/sh\nexit 1\n")({"result a": b"good"})


def test_a_named_program_has_to_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(NotConfigured):
        VeraPdf.found("verapdf-that-is-not-there")
    assert VeraPdf.found(None) is None


def executable(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of programs, of which the machine has no others but a shell's; and a cache of its own."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("mkdir", "touch", "grep"):
        (programs / name).symlink_to(f"/bin/{name}" if Path(f"/bin/{name}").exists() else f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return programs


MAVEN = "#!/bin/sh\nmkdir lib && touch lib/greenfield-apps-1.jar\n"


def test_without_java_and_maven_it_is_told_what_to_install(machine: Path) -> None:
    with pytest.raises(CannotMake) as refusal:
        install()
    assert "java, mvn" in refusal.value.detail("en")
    assert VeraPdf.found(None) is None


def test_what_maven_fetches_is_found_and_asked(machine: Path, tmp_path: Path) -> None:
    executable(machine / "mvn", MAVEN)
    # Java is called with two options, the class path and the main class before veraPDF's own arguments.
    executable(machine / "java", REPORT.replace("#!/bin/sh\n", "#!/bin/sh\nshift 5\n"))
    assert VeraPdf.found(None) is None
    assert install() == tmp_path / "cache" / "chauban" / f"verapdf-{VERSION}"
    found = VeraPdf.found(None)
    assert found
    assert found({"result a": b"broken", "result b": b"good"}) == {"result a": ["3a 6.2.11.4.1-1"]}
    executable(machine / "mvn", "#!/bin/sh\nexit 1\n")
    assert install().is_dir()
    (machine / "java").unlink()
    assert VeraPdf.found(None) is None


@pytest.mark.parametrize("maven", ["#!/bin/sh\necho '[ERROR] no network'; exit 1\n", "#!/bin/sh\nmkdir lib\n"])
def test_a_failed_fetch_leaves_nothing_behind(machine: Path, tmp_path: Path, maven: str) -> None:
    executable(machine / "java", REPORT)
    executable(machine / "mvn", maven)
    with pytest.raises(CannotMake):
        install()
    assert VeraPdf.found(None) is None
    assert list((tmp_path / "cache" / "chauban").iterdir()) == []
