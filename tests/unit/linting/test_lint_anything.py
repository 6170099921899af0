"""Whatever stands in a file, the linter says something of it, and never breaks: values exchanged at random, each run the same."""

import random
import re
import zlib
from io import BytesIO

import pikepdf
import pytest
from chauban.signing.linting import Mode, lint
from pikepdf import Name, Stream

from tests.unit.linting.files import HEADER, appended, body, written

_TOKEN = re.compile(rb"/[A-Za-z0-9]+|\d+ 0 R|-?\d+\.?\d*|\([^()]*\)|<<|>>|\[|\]|true|false|null|[A-Za-z*]+")
_OTHERS = (
    *(b"null", b"1", b"-5", b"0", b"99999999999", b"1.5", b"true", b"(x)", b"<ff>", b"/X", b"/Type", b"[ ]", b"<< >>"),
    *(b"[ 1 2 3 4 ]", b"[ /a (b) ]", b"[ [ ] ]", b"<< /Type /Page >>", b"[ << >> ]"),
    *(b"1 0 R", b"2 0 R", b"5 0 R", b"7 0 R", b"999 0 R", b"q", b"Do", b"Tj", b"BT", b"W", b"f"),
)
SEEDS = range(60)


def objects_of(pdf: bytes) -> tuple[dict[int, bytes], int, int]:
    """The objects of a file, short streams unpacked, with the numbers of the catalog and the information dictionary."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        found = {}
        for item in opened.objects:
            if isinstance(item, Stream) and item.get("/Type") in (Name.ObjStm, Name.XRef):
                continue
            if isinstance(item, Stream) and item.get("/Filter") == Name.FlateDecode and "/Length1" not in item:
                item.write(zlib.decompress(item.read_raw_bytes()))
            found[item.objgen[0]] = body(item)
        return found, opened.Root.objgen[0], opened.trailer.Info.objgen[0]


def exchanged(content: bytes, chance: random.Random) -> bytes:
    """The object with one value exchanged for another, in its dictionary or in its data."""
    head, stream, data = content.partition(b"\nstream\n")
    data = data.removesuffix(b"\nendstream")
    if stream and chance.random() < 0.5:
        data = _exchanged(data, chance)
        head = re.sub(rb"/Length \d+", b"/Length %d" % len(data), head)
    else:
        head = _exchanged(head, chance)
    return head + stream + data + b"\nendstream" if stream else head


def _exchanged(content: bytes, chance: random.Random) -> bytes:
    tokens = [*_TOKEN.finditer(content)]
    if not tokens:
        return content
    token = chance.choice(tokens)
    return content[: token.start()] + chance.choice(_OTHERS) + content[token.end() :]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_value_exchanged_before_the_first_signature(result: bytes, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    objects, root, info = objects_of(result)
    for _ in range(1 + seed % 2):
        number = chance.choice(sorted(objects))
        objects[number] = exchanged(objects[number], chance)
    assert isinstance(lint(written(HEADER, objects, root, info), Mode.FIRST), list)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_value_exchanged_after_the_seal(sealed: bytes, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    objects, _, _ = objects_of(sealed)
    number = chance.choice(sorted(objects))
    assert lint(appended(sealed, {number: exchanged(objects[number], chance)}), Mode.NEXT)


def test_with_nothing_exchanged_the_file_is_clean(result: bytes) -> None:
    objects, root, info = objects_of(result)
    assert lint(written(HEADER, objects, root, info), Mode.FIRST) == []
