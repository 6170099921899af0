"""What a signature covers is read from the file's own bytes."""

import hashlib

import pytest

from infra.local.demo.byte_range import begins_with_file, last_byte_range, read_byte_range
from infra.local.demo.failures import NotTrue
from tests.unit.demo.material import covered_digest, document


def test_everything_but_the_value_is_covered() -> None:
    pdf = document()
    covered = last_byte_range(pdf)
    assert covered.digest == covered_digest(pdf)
    assert covered.is_empty
    assert covered.reaches_end


def test_a_range_that_leaves_out_more_than_the_value_is_refused() -> None:
    pdf = document()
    start = pdf.index(b"<00") + 66
    with pytest.raises(NotTrue, match="leaves out"):
        read_byte_range(pdf, [0, 10, start, len(pdf) - start])


def test_a_range_beyond_the_file_is_refused() -> None:
    pdf = document()
    with pytest.raises(NotTrue):
        read_byte_range(pdf, [0, pdf.index(b"<00"), pdf.index(b"<00") + 66, len(pdf)])


def test_a_file_without_a_signature_is_refused() -> None:
    with pytest.raises(NotTrue, match="no ByteRange"):
        last_byte_range(b"%PDF-1.7\n%%EOF\n")


def test_a_draft_is_found_at_the_beginning_of_what_was_appended_to_it() -> None:
    draft = b"%PDF-1.7\nfirst\n%%EOF\n"
    sha256 = hashlib.sha256(draft).hexdigest()
    assert begins_with_file(draft + b"second\n%%EOF\n", sha256)
    assert not begins_with_file(draft.replace(b"first", b"other") + b"second\n%%EOF\n", sha256)
