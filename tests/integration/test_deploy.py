"""A running stack follows its template and its code, and refuses what it could only pretend to change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from infra.local.deployer import CannotChange
from infra.local.folder import REPOSITORY
from tests.integration.running_stack import RunningStack


def _template_with(tmp_path: Path, old: str, new: str) -> Path:
    """A copy of the project's template with one thing changed."""
    text = (REPOSITORY / "template.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    changed = tmp_path / "template.yaml"
    changed.write_text(text.replace(old, new), encoding="utf-8")
    return changed


def _seal_policy(stack: RunningStack) -> str:
    policy = stack.aws("iam").get_role_policy(RoleName=stack.resource("SealRole"), PolicyName="seal")
    return str(policy["PolicyDocument"])


def test_changed_templates_and_code_arrive_and_changes_can_be_taken_back(
    own_stack: RunningStack, tmp_path: Path
) -> None:
    without_sign = _template_with(tmp_path, "[kms:Sign, kms:GetPublicKey]", "[kms:GetPublicKey]")
    own_stack.deploy(without_sign)
    assert "kms:Sign" not in _seal_policy(own_stack)
    own_stack.deploy()
    assert "kms:Sign" in _seal_policy(own_stack)

    other_key = _template_with(
        tmp_path, "{AttributeName: pk, KeyType: HASH}", "{AttributeName: party_pk, KeyType: HASH}"
    )
    with pytest.raises(CannotChange, match="KeySchema"):
        own_stack.deploy(other_key)

    changed = tmp_path / "functions"
    shutil.copytree(REPOSITORY / "functions" / "chauban", changed / "chauban")
    handler = changed / "chauban" / "handlers" / "api.py"
    handler.write_text("def handler(event, context):\n    return {'statusCode': 418, 'body': 'new code'}\n")
    own_stack.stack.functions = changed
    own_stack.deploy()
    assert own_stack.api().get("/v1/procedures").status_code == 418
