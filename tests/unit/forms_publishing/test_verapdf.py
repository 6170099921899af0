"""veraPDF as a department has it: a program; here one that answers in veraPDF's own report format."""

import stat
from pathlib import Path

import pytest
from chauban.errors import NotConfigured
from chauban.forms.checking.verapdf import VeraPdf

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
    with pytest.raises(NotConfigured):
        VeraPdf.found("verapdf-that-is-not-there")
    assert VeraPdf.found(None) is None
