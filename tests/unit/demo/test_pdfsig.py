"""The verdict is read from what pdfsig prints, and only a full success is one."""

import pytest

from infra.local.demo.checks.pdfsig import commands, read_verdict
from infra.local.demo.failures import NotTrue

EMPTY = "Signature #1:\n  - Signature Field Name: copy\n  The signature form field is not signed.\n"
OFFICIAL = """Signature #2:
  - Signature Field Name: official
  - Not total document signed
  - Signature Validation: Signature is Valid.
  - Certificate Validation: Certificate is Trusted.
"""
SEAL = """Signature #3:
  - Signature Field Name: seal
  - Total document signed
  - Signature Validation: Signature is Valid.
  - Certificate Validation: Certificate is Trusted.
"""


def test_two_good_signatures_of_which_the_last_covers_everything() -> None:
    assert "2 valid and trusted" in read_verdict(EMPTY + OFFICIAL + SEAL, signatures=2)


TIMESTAMP = """Signature #4:
  - Signature Field Name: document-timestamp-1
  - Signature Type: unknown
  - Total document signed
  - Signature Validation: Signature has not yet been verified.
"""


def test_a_document_timestamp_covers_everything_and_is_for_others_to_judge() -> None:
    shown = EMPTY + OFFICIAL + SEAL.replace("- Total", "- Not total") + TIMESTAMP
    assert "document timestamp after them covers" in read_verdict(shown, signatures=2)


@pytest.mark.parametrize(
    "shown",
    [
        "File 'result.pdf' does not contain any signatures\n",
        EMPTY + OFFICIAL,
        EMPTY + OFFICIAL + SEAL.replace("Signature is Valid.", "Digest Mismatch."),
        EMPTY + OFFICIAL.replace("Certificate is Trusted.", "Certificate issuer isn't Trusted.") + SEAL,
        EMPTY + OFFICIAL + SEAL.replace("- Total", "- Not total"),
        EMPTY + OFFICIAL + SEAL + SEAL.replace("#3", "#4"),
        EMPTY + OFFICIAL + TIMESTAMP,
        EMPTY + OFFICIAL + SEAL.replace("- Total", "- Not total") + TIMESTAMP.replace("- Total", "- Not total"),
    ],
    ids=[
        "none",
        "one missing",
        "changed file",
        "unknown issuer",
        "something follows",
        "one too many",
        "a timestamp is no seal",
        "something follows the timestamp",
    ],
)
def test_anything_less_is_a_failure(shown: str) -> None:
    with pytest.raises(NotTrue):
        read_verdict(shown, signatures=2)


def test_commands_survive_spaces_and_diacritics(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("hồ sơ")
    for command in commands(folder / "result.pdf", folder / "trust-root.pem", folder / "nss"):
        assert f"'{folder}" in command or f"'sql:{folder}" in command
