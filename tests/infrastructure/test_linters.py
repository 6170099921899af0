"""What AWS's own tools say of the template: cfn-lint, and SAM's validation in SAM's own environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.folder import REPOSITORY

SAM = Path(os.environ.get("CHAUBAN_SAM", REPOSITORY / "build" / "envs" / "tools" / "bin" / "sam"))
TEMPLATES = ("template.yaml", "infra/observability.yaml")


def test_cfn_lint_finds_nothing() -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--regions", "ap-southeast-1", "--", *TEMPLATES]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_sam_validates(tmp_path: Path) -> None:
    if not SAM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{SAM} is missing: `make infrastructure` installs it")
        pytest.skip("SAM's command line is not installed: `make infrastructure` installs it")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_DEFAULT_REGION": "ap-southeast-1",
        "SAM_CLI_TELEMETRY": "0",
    }
    # Started by its interpreter: a script's first line cannot hold a folder name with a space in it.
    command = [str(SAM.with_name("python")), "-m", "samcli", "validate", "--lint", "--template", TEMPLATES[0]]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
