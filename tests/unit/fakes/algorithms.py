"""The project's policy on algorithms, as its catalogue has it."""

import yaml
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy

from tests.unit.fakes.catalogue import ROOT


def project_policy() -> AlgorithmPolicy:
    return AlgorithmPolicy.model_validate(
        yaml.safe_load((ROOT / "catalogue" / "algorithms.yaml").read_text(encoding="utf-8"))
    )
