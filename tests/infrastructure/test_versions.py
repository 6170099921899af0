"""What is deployed becomes live: `live` names a published version, so every deployment must publish new ones.

SAM's own hash does not see a parameter's value or the layer's content (it hashes references as they are written). So the
version's name comes from the parameter Release alone, which scripts/deploy gives another value each time.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from infra.local.folder import REPOSITORY
from infra.local.template import Template

DEPLOY = REPOSITORY / "scripts" / "deploy"
FAKE = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
"""


def _resources(release: str) -> dict[str, Any]:
    resources: dict[str, Any] = Template.load(REPOSITORY / "template.yaml", release).body["Resources"]
    return resources


def _live(release: str) -> dict[str, str]:
    """The version that each function's alias names."""
    return {
        alias["Properties"]["FunctionName"]["Ref"]: alias["Properties"]["FunctionVersion"]["Fn::GetAtt"][0]
        for alias in _resources(release).values()
        if alias["Type"] == "AWS::Lambda::Alias"
    }


def test_another_release_is_another_version_of_every_function() -> None:
    before, after = _live("1700000000"), _live("1700000001")
    functions = {name for name, one in _resources("1700000000").items() if one["Type"] == "AWS::Lambda::Function"}
    assert set(before) == set(after) == functions
    assert all(before[name] != after[name] for name in functions)


def test_another_release_changes_every_function_itself() -> None:
    # Lambda publishes no version of a function that is as the last version was.
    before, after = _resources("1700000000"), _resources("1700000001")
    for name in _live("1700000000"):
        assert before[name]["Properties"] != after[name]["Properties"]


def test_a_release_cannot_be_left_out_and_all_of_it_counts() -> None:
    release = Template.load(REPOSITORY / "template.yaml").body["Parameters"]["Release"]
    assert "Default" not in release
    # SAM takes the first ten characters.
    assert re.fullmatch(release["AllowedPattern"], "1700000000")
    assert not re.fullmatch(release["AllowedPattern"], "17000000001")


def _deployed(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    sam = folder / "sam"
    sam.write_text(FAKE)
    sam.chmod(0o755)
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([DEPLOY, *arguments], env=environment, capture_output=True, check=False)
    calls = folder / "calls"
    return done.returncode, calls.read_text().splitlines() if calls.exists() else []


def test_the_deploy_script_gives_each_deployment_a_release_of_its_own(tmp_path: Path) -> None:
    code, (build, deploy) = _deployed(
        tmp_path, "chauban-staging", "Issuer=https://login.example", "LockMode=GOVERNANCE"
    )
    assert code == 0
    assert build.startswith("build")
    assert "--stack-name chauban-staging" in deploy
    assert re.search(r"--parameter-overrides Release=\d{10} Issuer=https://login.example LockMode=GOVERNANCE$", deploy)


def test_the_deploy_script_wants_a_stack_and_takes_no_release(tmp_path: Path) -> None:
    assert _deployed(tmp_path) == (2, [])
    assert _deployed(tmp_path, "chauban-staging", "Release=1700000000") == (2, [])
