"""What was seen is what is signed: equal requests give equal bytes, different ones do not."""

import dataclasses
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from chauban.documents.rendering import WeasyPrintRenderer

from tests.unit.documents.conftest import TEMPLATES, context_of, request_for

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_the_same_request_gives_the_same_bytes_at_another_moment(kind, rendered):
    first = rendered(kind, "never-married")
    time.sleep(1.1)  # dates in a PDF have a resolution of one second
    second = WeasyPrintRenderer().render(request_for(kind, context_of("never-married")))
    assert second.pdf == first.pdf
    assert second == first


def test_another_process_with_another_hash_seed_gives_the_same_bytes(rendered):
    code = (
        "from tests.unit.documents.conftest import _document;"
        "print(_document('result', 'never-married').sha256)"  # the hash is enough
    )
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "77",
        "TZ": "America/New_York",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'functions'}",
    }
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    )
    assert other.stdout.strip() == rendered("result", "never-married").sha256


@pytest.mark.parametrize(
    "change",
    [
        {"document_id": "01JDOCUMENT000000000000001"},
        {"title": "Tên khác"},
        {"data": b"{}"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_a_request_is_in_the_bytes(change, rendered):
    request = dataclasses.replace(request_for("receipt", context_of("never-married")), **change)
    assert WeasyPrintRenderer().render(request).sha256 != rendered("receipt", "never-married").sha256


def test_the_moment_of_making_is_in_the_bytes(rendered):
    request = request_for("receipt", context_of("never-married"))
    later = dataclasses.replace(request, made_at=request.made_at + timedelta(seconds=1))
    assert WeasyPrintRenderer().render(later).sha256 != rendered("receipt", "never-married").sha256


def test_the_hash_of_the_fonts_tells_one_set_of_fonts_from_another(rendered):
    request = request_for("application", context_of("never-married"))
    path = "_shared/fonts/ChaubanSerif-Italic.ttf"
    other = dataclasses.replace(request, files={**request.files, path: request.files[path] + b"\0"})
    assert WeasyPrintRenderer().render(other).fonts_sha256 != rendered("application", "never-married").fonts_sha256
