"""Expand the SAM template to plain CloudFormation, as AWS does.

Runs in the embedded stack's own environment (aws-sam-translator pins older libraries than the project), so it imports
nothing of the project: `python expand.py template.yaml [Parameter=value ...]` prints the expanded template as JSON; the
parameters are those that SAM itself reads. Needs no network and no account. Nested applications keep their `Location` in
`Metadata.Location`, because the translator wants a URL there.
"""

import json
import os
import sys
from pathlib import Path

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

CODE = "s3://local/code"
TEMPLATE_URL = "https://s3.amazonaws.com/local/template.yaml"


class NoManagedPolicies:
    """The roles name their own statements: an AWS managed policy in the template is an error."""

    def load(self) -> dict[str, str]:
        return {}


def _uploaded(template: dict) -> dict:
    """The template as `sam package` would leave it: local folders replaced by places in S3."""
    function_defaults = template.get("Globals", {}).get("Function", {})
    if "CodeUri" in function_defaults:
        function_defaults["CodeUri"] = CODE
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = CODE
        if resource["Type"] == "AWS::Serverless::Application":
            resource.setdefault("Metadata", {})["Location"] = properties["Location"]
            properties["Location"] = TEMPLATE_URL
    return template


def _unshared(template: dict) -> dict:
    """Without YAML aliases: the translator edits in place, and would edit every use at once."""
    return json.loads(json.dumps(template))


def expand(text: str, parameters: dict) -> dict:
    template = yaml_parse(text)
    if "Transform" not in template:
        return _unshared(template)
    return transform(_uploaded(_unshared(template)), parameters, NoManagedPolicies(), passthrough_metadata=True)


if __name__ == "__main__":
    os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-1")
    given = dict(argument.split("=", 1) for argument in sys.argv[2:])
    json.dump(expand(Path(sys.argv[1]).read_text(encoding="utf-8"), given), sys.stdout)
