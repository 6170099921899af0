"""Files as phones, scanners and attackers make them, made here byte by byte."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """A small picture that is not of one colour."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def blank(pages: int = 1) -> pikepdf.Pdf:
    """A PDF of blank pages."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    return pdf


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    """Its bytes."""
    written = BytesIO()
    pdf.save(written, **options)
    return written.getvalue()


def document(change: Any = None, **options: Any) -> bytes:
    """A PDF of one page after `change` was applied to it."""
    pdf = blank()
    if change:
        change(pdf)
    return saved(pdf, **options)


def on_open(**action: Any) -> bytes:
    """A PDF that does something when it is opened."""

    def act(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(**action)

    return document(act)


def in_object_stream(change: Any) -> bytes:
    """A PDF whose objects are compressed away from a search for words."""
    return document(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def with_annotation(**entries: Any) -> bytes:
    """A PDF with one annotation."""

    def add(pdf: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[0, 0, 10, 10], **entries)
        pdf.pages[0].Annots = pdf.make_indirect([pdf.make_indirect(note)])

    return document(add)


def carrying(name: str, content: bytes) -> bytes:
    """A PDF that carries a file along."""

    def add(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name)

    return document(add)


def encrypted(**options: Any) -> bytes:
    """An encrypted PDF; without a user password every reader opens it, and still it is encrypted."""
    return document(encryption=pikepdf.Encryption(owner="owner", **options))


def with_many_objects(count: int) -> bytes:
    """A PDF that is small and leads to very many objects."""

    def fill(pdf: pikepdf.Pdf) -> None:
        rows = [pikepdf.Array([pikepdf.Array([]) for _ in range(1000)]) for _ in range(count // 1000 + 1)]
        pdf.Root.PieceInfo = pikepdf.Dictionary(Filling=pikepdf.Array(rows))

    return document(fill)


def exploding(size: int) -> bytes:
    """A PDF whose cross-reference stream becomes `size` bytes when a reader unpacks it."""
    packing, parts = zlib.compressobj(9), []
    for _ in range(size // 1_000_000):
        parts.append(packing.compress(bytes(1_000_000)))
    packed = b"".join([*parts, packing.flush()])
    entry = b"<</Type/XRef/Size 1/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % len(packed)
    body = b"%PDF-1.7\n1 0 obj\n" + entry + b"\nstream\n" + packed + b"\nendstream\nendobj\n"
    return body + b"startxref\n9\n%%EOF\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def plain_scan(side: int, *, decodes: bool = True) -> bytes:
    """A small PNG of one colour and very many pixels; without its rows it cannot be decoded."""
    packing = zlib.compressobj(9)
    row = bytes(1 + 4 * side)
    rows = [packing.compress(row) for _ in range(side if decodes else 0)]
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"".join([*rows, packing.flush()])) + chunk(b"IEND", b"")
