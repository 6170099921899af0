"""Published form versions: immutable, found soon, read once."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chauban.adapters.forms import AlreadyPublished, FolderForms, S3Forms
from chauban.errors import NotFound

from tests.unit.adapters.conftest import REGION
from tests.unit.fakes.catalogue import ROOT, SLUG, real_form
from tests.unit.fakes.time_and_ids import SettableClock

FORMS = ROOT / "forms"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def s3(aws: Callable[[str], Any]) -> Any:
    client = aws("s3")
    client.create_bucket(Bucket="forms", CreateBucketConfiguration={"LocationConstraint": REGION})
    return client


@pytest.fixture
def library(s3: Any, clock: SettableClock) -> S3Forms:
    return S3Forms(s3, "forms", clock)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FORMS, tmp_path / "forms"))


def test_what_is_published_is_what_is_in_the_folder(library: S3Forms, s3: Any) -> None:
    library.publish(FORMS, FORMS / SLUG / "1.0")
    assert library.all() == (real_form(),)
    assert real_form() in FolderForms(FORMS).all()
    assert library.version(SLUG, "1.0") == FolderForms(FORMS).version(SLUG, "1.0")
    assert library.print_files(SLUG, "1.0") == FolderForms(FORMS).print_files(SLUG, "1.0")
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket="forms")["Contents"]]
    assert keys == [f"forms/{SLUG}/1.0/definition.json", f"forms/{SLUG}/1.0/print.zip"]


def test_publishing_the_same_bytes_again_changes_nothing(library: S3Forms, s3: Any) -> None:
    library.publish(FORMS, FORMS / SLUG / "1.0")
    before = s3.list_objects_v2(Bucket="forms")["Contents"]
    library.publish(FORMS, FORMS / SLUG / "1.0")
    assert s3.list_objects_v2(Bucket="forms")["Contents"] == before


@pytest.mark.parametrize("file", ["result.html", "texts/vi.json"])
def test_publishing_other_bytes_is_refused(library: S3Forms, folder: Path, file: str) -> None:
    library.publish(folder, folder / SLUG / "1.0")
    changed = folder / SLUG / "1.0" / file
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("Tình trạng", "Hoàn cảnh").replace("</", " </", 1), encoding="utf-8")
    assert changed.read_text(encoding="utf-8") != text
    with pytest.raises(AlreadyPublished, match="new version"):
        library.publish(folder, folder / SLUG / "1.0")
    assert library.version(SLUG, "1.0") == real_form()


def test_an_unknown_version_is_not_found(library: S3Forms) -> None:
    for where in (library, FolderForms(FORMS)):
        for slug, version in ((SLUG, "9.9"), ("khong-co", "1.0")):
            with pytest.raises(NotFound):
                where.version(slug, version)


def test_a_version_published_by_another_process_is_listed_within_half_a_minute(
    library: S3Forms, s3: Any, clock: SettableClock
) -> None:
    assert library.all() == ()
    S3Forms(s3, "forms", clock).publish(FORMS, FORMS / SLUG / "1.0")
    clock.forward(seconds=29)
    assert library.all() == ()
    clock.forward(seconds=1)
    assert library.all() == (real_form(),)
