"""What a PDF signature covers: the two stretches of bytes around its own value (ISO 32000-2, 12.8.1)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from infra.local.demo.failures import NotTrue

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True)
class ByteRange:
    """One signature's range in its file."""

    digest: bytes
    """SHA-256 over the covered bytes, unless another hash was asked for."""
    is_empty: bool
    """The value between the two stretches is still all zeros."""
    reaches_end: bool
    """Nothing follows the second stretch."""


def last_byte_range(pdf: bytes, hashed: str = "sha256") -> ByteRange:
    """The range written last in the file, with the digest of that hash; raises `NotTrue` if there is none."""
    found = _BYTE_RANGE.findall(pdf)
    if not found:
        raise NotTrue("the file has no ByteRange")
    return read_byte_range(pdf, [int(number) for number in found[-1]], hashed)


def read_byte_range(pdf: bytes, numbers: list[int], hashed: str = "sha256") -> ByteRange:
    """The range given by `[0, length, start, length]`; raises `NotTrue` if it leaves out more than one hex string."""
    begin, length, start, rest = numbers
    hole = pdf[length:start]
    if begin != 0 or start + rest > len(pdf) or not re.fullmatch(rb"<[0-9A-Fa-f]*>", hole):
        raise NotTrue("the ByteRange leaves out something other than the signature's value")
    return ByteRange(
        digest=hashlib.new(hashed, pdf[:length] + pdf[start : start + rest]).digest(),
        is_empty=not hole.strip(b"<0>"),
        reaches_end=start + rest == len(pdf),
    )


def begins_with_file(pdf: bytes, sha256: str) -> bool:
    """Whether `pdf` is a file of that hash (hex) with something appended, as incremental updates do."""
    hashed, done = hashlib.sha256(), 0
    for end in re.finditer(rb"%%EOF\r?\n?", pdf):
        hashed.update(pdf[done : end.end()])
        done = end.end()
        if hashed.hexdigest() == sha256:
            return True
    return False
