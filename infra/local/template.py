"""The project's template, expanded by SAM's own translator (in the emulator's environment), and what it depends on."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from infra.local.folder import REPOSITORY
from infra.local.intrinsics import Scope, references, resolve
from infra.local.processes import plain_environment
from infra.local.tools import stack_python

EXPAND = Path(__file__).with_name("expand.py")
CACHE = REPOSITORY / "build" / "expanded"
# The deployer notices by itself what of a function changed, so here one release does for all deployments.
RELEASE = "0000000000"


class TemplateRefused(Exception):
    """SAM's translator does not accept the template."""


@dataclass(frozen=True)
class Template:
    """An expanded template; `path` is the file it came from (nested templates are named relative to it)."""

    path: Path
    body: dict[str, Any]

    @classmethod
    def load(cls, path: Path, release: str = RELEASE) -> Template:
        """Expand a template, or take the result of an earlier expansion of the same text for the same release."""
        text = path.read_bytes()
        cached = CACHE / f"{hashlib.sha256(text + EXPAND.read_bytes() + release.encode()).hexdigest()}.json"
        if not cached.exists():
            command = [stack_python(), str(EXPAND), str(path), f"Release={release}"]
            done = subprocess.run(command, capture_output=True, env=plain_environment(), check=False)
            if done.returncode:
                raise TemplateRefused(done.stderr.decode(errors="replace"))
            cached.parent.mkdir(parents=True, exist_ok=True)
            cached.write_bytes(done.stdout)
        return cls(path, json.loads(cached.read_bytes()))

    def nested(self, logical_id: str) -> Template:
        """The template of a nested application; its place is relative to this one, or to the repository for a copy."""
        location = self.body["Resources"][logical_id]["Metadata"]["Location"]
        beside = self.path.parent / location
        return Template.load(beside if beside.exists() else REPOSITORY / location)

    def scope(self, given: dict[str, str], pseudo: dict[str, str]) -> Scope:
        """Parameters with their defaults, and the conditions; a parameter without value or an unknown one is an error."""
        declared = self.body.get("Parameters", {})
        if unknown := set(given) - set(declared):
            raise TemplateRefused(f"no such parameters: {sorted(unknown)}")
        values = {name: given.get(name, parameter.get("Default")) for name, parameter in declared.items()}
        if missing := [name for name, value in values.items() if value is None]:
            raise TemplateRefused(f"parameters without a value: {missing}")
        scope = Scope({**pseudo, **values}, self.body.get("Conditions", {}))
        for name, rule in self.body.get("Rules", {}).items():
            if resolve(rule.get("RuleCondition", True), scope):
                for assertion in rule["Assertions"]:
                    if not resolve(assertion["Assert"], scope):
                        raise TemplateRefused(f"{name}: {assertion['AssertDescription']}")
        return scope

    def order(self, scope: Scope) -> list[str]:
        """The resources that exist under these conditions, each after what it refers to."""
        resources = {
            name: resource
            for name, resource in self.body["Resources"].items()
            if "Condition" not in resource or scope.condition(resource["Condition"])
        }
        graph = {}
        for name, resource in resources.items():
            explicit = resource.get("DependsOn", [])
            named = {explicit} if isinstance(explicit, str) else set(explicit)
            graph[name] = (references(resource.get("Properties", {})) | named) & set(resources)
        return list(TopologicalSorter(graph).static_order())
