"""One trust server and one pair of unsigned documents for all signing tests."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chauban.documents.rendering import RenderRequest, WeasyPrintRenderer

from tests.unit.signing.world import KeyOwner, World, running_world

SHARED = Path(__file__).parents[3] / "forms" / "_shared"
RESULT = """<!DOCTYPE html><html lang="vi"><head><title>Văn bản thử</title>
<link rel="stylesheet" href="../_shared/print.css"></head><body><main>
<p>Số:</p><blockquote id="field-number" style="margin:0;width:140pt;height:18pt"></blockquote>
<p>Thuận Hóa,</p><blockquote id="field-date" style="margin:0;width:180pt;height:18pt"></blockquote>
<h1>Văn bản thử</h1><div style="position:relative;height:110pt">
<blockquote id="field-official" style="margin:0;width:150pt;height:60pt"></blockquote>
<blockquote id="field-seal" style="margin:0;width:100pt;height:100pt"></blockquote></div>
<blockquote id="field-copy" style="margin:0;width:180pt;height:36pt"></blockquote>
</main></body></html>"""
RECEIPT = """<!DOCTYPE html><html lang="vi"><head><title>Giấy thử</title>
<link rel="stylesheet" href="../_shared/print.css"></head><body><main><h1>Giấy thử</h1>
<blockquote id="field-seal" style="margin:0;width:100pt;height:100pt"></blockquote></main></body></html>"""


def rendered(html: str) -> bytes:
    """An unsigned document with the data of no form."""
    files = {
        str(path.relative_to(SHARED.parent)): path.read_bytes()
        for path in SHARED.rglob("*")
        if path.is_file() and path.suffix in (".css", ".ttf", ".html", ".txt")
    }
    request = RenderRequest(
        template="test/page.html",
        files={**files, "test/page.html": html.encode()},
        context={},
        data=json.dumps({"answers": {}}).encode(),
        title="Văn bản thử",
        language="vi",
        made_at=datetime(2026, 1, 5, 2, 30, tzinfo=UTC),
        document_id="01JDOCUMENT000000000000000",
    )
    return WeasyPrintRenderer().render(request).pdf


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running_world(tmp_path_factory.mktemp("kho chứng thư") / "Huế") as started:
        yield started


@pytest.fixture(scope="session")
def result() -> bytes:
    """An unsigned result with the fields number, date, official, seal and copy."""
    return rendered(RESULT)


@pytest.fixture(scope="session")
def receipt() -> bytes:
    """An unsigned receipt with the field seal."""
    return rendered(RECEIPT)


@pytest.fixture(scope="session")
def official(world: World) -> KeyOwner:
    return world.owner("official", "rsa")


@pytest.fixture(scope="session")
def seal(world: World) -> KeyOwner:
    return world.owner("seal", "ec", "seal")


@pytest.fixture(scope="session")
def signed(world: World, result: bytes, official: KeyOwner) -> bytes:
    """The result with the official's signature."""
    return world.by_official(result, official)


@pytest.fixture(scope="session")
def sealed(world: World, signed: bytes, seal: KeyOwner) -> bytes:
    """The result as issued: signed, numbered, sealed."""
    return world.by_organisation(signed, seal, {"number": "05/XNTTHN-UBND", "date": "ngày 05 tháng 01 năm 2026"})
