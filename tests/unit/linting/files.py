"""PDF files written out plainly, so that anything can be changed in them: what an attacker makes of a file of ours."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
Change = Callable[[Pdf], None]


def plain(pdf: bytes, change: Change | None = None) -> bytes:
    """The file written anew in one revision, every object by itself, after a change; without one it is as good as before."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        if change:
            change(opened)
        objects = {item.objgen[0]: body(item) for item in opened.objects if item.objgen[0] and not _is_container(item)}
        root, info = opened.Root.objgen[0], opened.trailer.Info.objgen[0]
    return written(HEADER, objects, root, info)


def written(before: bytes, objects: Mapping[int, bytes], root: int, info: int, *, prev: int | None = None) -> bytes:
    """`before` and then a revision of these objects, with its cross-reference stream."""
    parts, offsets, position = [before], {}, len(before)
    for number, content in sorted(objects.items()):
        offsets[number] = position
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        position += len(parts[-1])
    number = max([*objects, size_of(before) - 1]) + 1
    offsets[number] = position
    rows = {n: (1, offset) for n, offset in offsets.items()} | ({} if prev else {0: (0, 0)})
    index = " ".join(f"{n} 1" for n in sorted(rows))
    data = b"".join(
        kind.to_bytes(1, "big") + offset.to_bytes(4, "big") + bytes(2) for _, (kind, offset) in sorted(rows.items())
    )
    entries = f"/Type /XRef /W [1 4 2] /Index [{index}] /Size {number + 1} /Root {root} 0 R /Info {info} 0 R /Length {len(data)}"
    entries += f" /Prev {prev}" if prev else ""
    parts.append(b"%d 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n" % (number, entries.encode(), data))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % position)
    return b"".join(parts)


def appended(pdf: bytes, objects: Mapping[int, bytes], *, root: int | None = None, prev: int | None = None) -> bytes:
    """The file with one more revision that writes these objects, over others or new."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        own, info = opened.Root.objgen[0], opened.trailer.Info.objgen[0]
    return written(pdf, objects, root or own, info, prev=prev or last_startxref(pdf))


def changed(pdf: bytes, change: Callable[[Pdf], list[pikepdf.Object]], **more: int) -> bytes:
    """The file with one more revision that writes the objects that `change` has changed or made."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return appended(pdf, {item.objgen[0]: body(item) for item in change(opened)}, **more)


def body(item: pikepdf.Object) -> bytes:
    """An object as it is written in a file."""
    if not isinstance(item, Stream):
        return item.unparse(resolved=True)
    data = item.read_raw_bytes()
    entries = Dictionary({key: value for key, value in item.items() if key != "/Length"}).unparse()
    return b"%s /Length %d >>\nstream\n%s\nendstream" % (entries.removesuffix(b">>"), len(data), data)


def _is_container(item: pikepdf.Object) -> bool:
    return isinstance(item, Stream) and item.get("/Type") in (Name.ObjStm, Name.XRef)


def last_startxref(pdf: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def size_of(pdf: bytes) -> int:
    """The /Size of the last cross-reference stream."""
    found = re.findall(rb"/Size (\d+)", pdf)
    return int(found[-1]) if found else 1
