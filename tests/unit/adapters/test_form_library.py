"""Published form versions: immutable, found soon, read once."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chauban.adapters.forms import AlreadyPublished, FolderForms, S3Forms
from chauban.dossiers.numbering import local_day
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
    definition, prints = keys
    assert definition == f"forms/{SLUG}/1.0/definition.json"
    sha256 = hashlib.sha256(s3.get_object(Bucket="forms", Key=prints)["Body"].read()).hexdigest()
    assert prints == f"forms/{SLUG}/1.0/print-{sha256}.zip"


def test_what_an_interrupted_publication_left_is_in_nobodys_way(
    library: S3Forms, folder: Path, s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ended after its print files; then the form was changed and is published under the same number."""
    write = s3.put_object

    def interrupted(**request: Any) -> Any:
        if request["Key"].endswith("definition.json"):
            raise ConnectionError
        return write(**request)

    monkeypatch.setattr(s3, "put_object", interrupted)
    with pytest.raises(ConnectionError):
        library.publish(FORMS, FORMS / SLUG / "1.0")
    monkeypatch.setattr(s3, "put_object", write)
    assert S3Forms(s3, "forms", SettableClock()).all() == ()
    template = folder / SLUG / "1.0" / "result.html"
    template.write_text(template.read_text(encoding="utf-8") + "<!-- another -->", encoding="utf-8")
    library.publish(folder, folder / SLUG / "1.0")
    shown = library.print_files(SLUG, "1.0")[f"{SLUG}/1.0/result.html"]
    assert shown.endswith(b"<!-- another -->")
    with pytest.raises(AlreadyPublished):
        library.publish(FORMS, FORMS / SLUG / "1.0")
    assert library.print_files(SLUG, "1.0")[f"{SLUG}/1.0/result.html"] == shown


def test_of_two_who_publish_at_once_one_wins_with_definition_and_print_files_alike(
    library: S3Forms, folder: Path, s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one comes between the print files and the definition."""
    template = folder / SLUG / "1.0" / "result.html"
    template.write_text(template.read_text(encoding="utf-8") + "<!-- theirs -->", encoding="utf-8")
    write = s3.put_object

    def overtaken(**request: Any) -> Any:
        if request["Key"].endswith("definition.json"):
            monkeypatch.setattr(s3, "put_object", write)
            S3Forms(s3, "forms", SettableClock()).publish(folder, folder / SLUG / "1.0")
        return write(**request)

    monkeypatch.setattr(s3, "put_object", overtaken)
    with pytest.raises(AlreadyPublished):
        library.publish(FORMS, FORMS / SLUG / "1.0")
    assert library.print_files(SLUG, "1.0")[f"{SLUG}/1.0/result.html"].endswith(b"<!-- theirs -->")


def test_a_version_is_in_force_from_its_first_day_or_from_its_publication(
    library: S3Forms, clock: SettableClock
) -> None:
    library.publish(FORMS, FORMS / SLUG / "1.0")
    form = library.version(SLUG, "1.0")
    assert library.in_force_from(form) == local_day(clock.now()) > form.head.valid_from
    early = form.model_copy(update={"head": form.head.model_copy(update={"valid_from": date(2027, 1, 1)})})
    assert library.in_force_from(early) == date(2027, 1, 1)
    assert FolderForms(FORMS).in_force_from(form) == form.head.valid_from


def test_an_object_that_says_nothing_of_itself_was_published_when_it_was_written(library: S3Forms, s3: Any) -> None:
    library.publish(FORMS, FORMS / SLUG / "1.0")
    key = f"forms/{SLUG}/1.0/definition.json"
    content = s3.get_object(Bucket="forms", Key=key)["Body"].read()
    s3.put_object(Bucket="forms", Key=key, Body=content)
    other = S3Forms(s3, "forms", SettableClock())
    written = s3.head_object(Bucket="forms", Key=key)["LastModified"]
    assert other.in_force_from(other.version(SLUG, "1.0")) == local_day(written)


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
