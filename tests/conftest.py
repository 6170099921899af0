"""The order of files: what takes longest begins, so that no process is alone with it at the end."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# The stack's tests have an order of their own (integration/conftest.py).
LONGEST = (
    "unit/documents/test_form_documents.py",
    "conformance/test_forms.py",
    "chaos/test_killed_renewals.py",
    "conformance/test_shadow.py",
    "property/test_rendering.py",
    "conformance/test_signers.py",
    "unit/signers/test_faults.py",
    "unit/forms_publishing/test_check.py",
    "conformance/test_jsonforms_core.py",
    "conformance/test_levels.py",
    "unit/linting/test_lint_next.py",
    "unit/documents/test_signature_blocks.py",
    "property/test_generated_answers.py",
    "conformance/test_thirty_years.py",
    "unit/preservation/test_many_renewals.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    name = item.path.relative_to(HERE).as_posix()
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)
