"""Publishing and withdrawing on a bucket (moto), the command line's answers, and where forms begin."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from chauban.adapters.forms import AlreadyPublished, S3Forms
from chauban.cli import main
from chauban.errors import NotFound
from chauban.forms.closing import Afterwards, Closing
from chauban.forms.publishing import Publishing, Step
from chauban.forms.scaffold.making import CannotMake, NewForm, new_form, next_version
from chauban.forms.withdrawal import Withdrawal
from moto import mock_aws

from tests.unit.fakes.time_and_ids import SettableClock
from tests.unit.forms_publishing.conftest import SLUG, TODAY, WANTED, edit, rewrite, without_reason

BUCKET = "mau"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x", "DEFAULT_REGION": "ap-southeast-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
        yield client


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def shelf(s3: Any, clock: SettableClock) -> S3Forms:
    return S3Forms(s3, BUCKET, clock)


@pytest.fixture
def publish(shelf: S3Forms) -> Callable[[Path], Any]:
    return Publishing(shelf, lambda _folder: []).publish


def withdrawal(version: str = "1.0") -> Withdrawal:
    return Withdrawal(slug=SLUG, version=version, withdrawn_at=datetime(2026, 11, 23, tzinfo=UTC), reason="Sai mẫu")


def test_publishing_again_changes_nothing_and_other_bytes_are_refused(folder: Path, publish: Any) -> None:
    assert publish(folder) == (Step.PUBLISHED, ())
    assert publish(folder) == (Step.UNCHANGED, ())
    rewrite(folder / "result.html", "Theo đề nghị", "Xét đề nghị")
    with pytest.raises(AlreadyPublished):
        publish(folder)


def test_what_the_check_finds_is_not_published(folder: Path, shelf: S3Forms) -> None:
    step, found = Publishing(shelf, lambda _folder: ["fault"]).publish(folder)  # type: ignore[arg-type, return-value]
    assert (step, list(found), shelf.all()) == (Step.REFUSED, ["fault"], ())


def test_a_major_change_needs_a_major_number(forms: Path, folder: Path, publish: Any) -> None:
    publish(folder)
    for version in ("1.1", "2.0"):
        newer = next_version(forms, SLUG, version, "1.0", TODAY)
        without_reason(newer)
    step, (fault,) = publish(forms / SLUG / "1.1")
    assert (step, fault.code) == (Step.REFUSED, "major-change")
    assert "2.0" in fault.text["vi"]
    assert publish(forms / SLUG / "2.0") == (Step.PUBLISHED, ())


def test_a_version_that_would_never_be_current_is_refused(forms: Path, folder: Path, publish: Any) -> None:
    publish(folder)
    earlier = next_version(forms, SLUG, "1.1", "1.0", date(2025, 12, 31))
    step, (fault,) = publish(earlier)
    assert (step, fault.code) == (Step.REFUSED, "never-current")


def test_a_withdrawn_version_is_known_and_readable_and_takes_nothing(
    folder: Path, publish: Any, shelf: S3Forms
) -> None:
    publish(folder)
    assert shelf.withdraw(withdrawal()) is True
    assert shelf.withdraw(withdrawal()) is False
    assert [form.version for form in shelf.all()] == ["1.0"]
    assert shelf.taking() == ()
    assert shelf.version(SLUG, "1.0").slug == SLUG
    assert shelf.print_files(SLUG, "1.0")


def test_one_forms_versions_are_found_without_reading_the_others(
    forms: Path, folder: Path, publish: Any, shelf: S3Forms, s3: Any
) -> None:
    publish(folder)
    publish(new_form(forms, NewForm(**(vars(WANTED) | {"slug": "mau-khac"}))))
    s3.put_object(Bucket=BUCKET, Key="forms/mau-khac/1.0/definition.json", Body=b"not readable")
    assert [form.slug for form in shelf.taking(SLUG)] == [SLUG]
    with pytest.raises(ValueError, match="JSON"):
        shelf.taking()
    assert shelf.taking("mau") == ()


def test_what_was_never_published_cannot_be_withdrawn(shelf: S3Forms) -> None:
    with pytest.raises(NotFound):
        shelf.withdraw(withdrawal("9.9"))


@pytest.fixture
def two_versions(forms: Path, folder: Path, publish: Any) -> None:
    """1.0, and 1.1 that has replaced it."""
    publish(folder)
    publish(next_version(forms, SLUG, "1.1", "1.0", TODAY))


@pytest.mark.usefixtures("two_versions")
def test_an_earlier_version_does_not_come_back_unsaid(shelf: S3Forms) -> None:
    came = Closing(shelf).withdraw(withdrawal("1.1"), TODAY, None)
    assert (came.undecided, came.done, came.current and came.current.version) == (True, False, "1.0")
    assert [form.version for form in shelf.taking()] == ["1.0", "1.1"]


@pytest.mark.usefixtures("two_versions")
@pytest.mark.parametrize(
    ("afterwards", "current", "closed", "taking"),
    [(Afterwards.REVIVE, "1.0", (), ["1.0"]), (Afterwards.CLOSE, None, ("1.0",), [])],
)
def test_whoever_withdraws_says_what_becomes_of_the_earlier_ones(
    shelf: S3Forms, afterwards: Afterwards, current: str | None, closed: tuple[str, ...], taking: list[str]
) -> None:
    came = Closing(shelf).withdraw(withdrawal("1.1"), TODAY, afterwards)
    assert (came.done, came.closed, came.current.version if came.current else None) == (True, closed, current)
    assert [form.version for form in shelf.taking()] == taking
    again = Closing(shelf).withdraw(withdrawal("1.1"), TODAY, afterwards)
    assert (again.done, again.undecided) == (False, False)


@pytest.mark.usefixtures("two_versions")
def test_where_nothing_comes_back_nothing_has_to_be_said(shelf: S3Forms) -> None:
    """The replaced version, and one whose time has not begun."""
    before = Closing(shelf).withdraw(withdrawal("1.1"), TODAY - timedelta(days=1), None)
    assert (before.done, before.current and before.current.version) == (True, "1.0")
    old = Closing(shelf).withdraw(withdrawal("1.0"), TODAY, None)
    assert (old.done, old.current) == (True, None)


@pytest.mark.usefixtures("two_versions")
@pytest.mark.parametrize(
    ("version", "days", "in_force"),
    [("1.0", 0, "1.1"), ("1.1", -1, "1.0"), ("1.1", -10_000, None)],
    ids=["replaced", "not yet", "none yet"],
)
def test_only_the_version_in_force_takes_the_earlier_ones_with_it(
    shelf: S3Forms, version: str, days: int, in_force: str | None
) -> None:
    """Closing beside it would end the form that people fill in, or do nothing that was meant."""
    came = Closing(shelf).withdraw(withdrawal(version), TODAY + timedelta(days=days), Afterwards.CLOSE)
    assert (came.done, came.beside, came.closed) == (False, True, ())
    assert (came.current.version if came.current else None) == in_force
    assert [form.version for form in shelf.taking()] == ["1.0", "1.1"]
    alone = Closing(shelf).withdraw(withdrawal(version), TODAY + timedelta(days=days), None)
    assert (alone.done, alone.beside, alone.closed) == (True, False, ())


@pytest.mark.usefixtures("two_versions")
def test_the_command_line_says_that_closing_does_not_apply(
    monkeypatch: pytest.MonkeyPatch, shelf: S3Forms, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("chauban.cli.forms._shelf", lambda _bucket: shelf)
    monkeypatch.setattr("chauban.cli.forms._today", lambda: TODAY - timedelta(days=1))
    assert main(["forms", "withdraw", "--bucket", BUCKET, SLUG, "1.1", "--close"]) == 1
    told = capsys.readouterr().out
    assert "không dùng được --close; chưa thay đổi gì" in told
    assert "--close does not apply: this is not the version in force (1.0)" in told
    assert [form.version for form in shelf.taking()] == ["1.0", "1.1"]


@pytest.mark.usefixtures("two_versions")
def test_a_closing_that_is_interrupted_brings_nothing_back(shelf: S3Forms, monkeypatch: pytest.MonkeyPatch) -> None:
    write = shelf.withdraw

    def interrupted(one: Withdrawal) -> bool:
        if one.version == "1.1":
            raise ConnectionError
        return write(one)

    monkeypatch.setattr(shelf, "withdraw", interrupted)
    with pytest.raises(ConnectionError):
        Closing(shelf).withdraw(withdrawal("1.1"), TODAY, Afterwards.CLOSE)
    assert [form.version for form in shelf.taking()] == ["1.1"]


@pytest.mark.usefixtures("two_versions")
def test_the_command_line_asks_what_becomes_of_the_earlier_version(
    monkeypatch: pytest.MonkeyPatch, shelf: S3Forms, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("chauban.cli.forms._shelf", lambda _bucket: shelf)
    monkeypatch.setattr("chauban.cli.forms._today", lambda: TODAY)
    command = ["forms", "withdraw", "--bucket", BUCKET, SLUG, "1.1"]
    assert main(command) == 1
    told = capsys.readouterr().out
    assert "--revive" in told
    assert "nhận hồ sơ trở lại" in told
    assert "version 1.0 would be current again" in told
    assert main([*command, "--revive"]) == 0
    assert "current from now on: 1.0" in capsys.readouterr().out
    assert main([*command, "--close"]) == 0
    told = capsys.readouterr().out
    assert f"✓ {SLUG} 1.0 ngừng nhận hồ sơ mới" in told
    assert "current from now on: -" in told
    with pytest.raises(SystemExit):
        main([*command, "--revive", "--close"])


def test_running_functions_see_a_publication_and_a_withdrawal_within_half_a_minute(
    folder: Path, publish: Any, shelf: S3Forms, s3: Any, clock: SettableClock
) -> None:
    running = S3Forms(s3, BUCKET, clock)
    assert running.taking() == ()
    publish(folder)
    assert running.taking() == ()
    clock.moment += timedelta(seconds=30)
    assert len(running.taking()) == 1
    shelf.withdraw(withdrawal())
    clock.moment += timedelta(seconds=30)
    assert running.taking() == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"slug": "Mẫu Mới"}, "small letters"), ({"version": "1"}, "1.0"), ({"procedure": "x"}, "1.004873")],
)
def test_a_new_form_needs_proper_names(forms: Path, changes: dict[str, str], words: str) -> None:
    with pytest.raises(CannotMake, match=words):
        new_form(forms, NewForm(**(vars(WANTED) | changes)))


def test_nothing_that_is_there_is_overwritten(forms: Path, folder: Path) -> None:
    with pytest.raises(CannotMake):
        new_form(forms, WANTED)
    with pytest.raises(CannotMake):
        next_version(forms, SLUG, "1.0", "1.0", TODAY)


def test_a_folder_without_the_shared_parts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match="_shared"):
        new_form(tmp_path, WANTED)


def test_the_command_line_says_what_is_wrong_and_where(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(folder / "texts/en.json", lambda texts: texts["labels"].pop("request.subject"))
    assert main(["forms", "check", "--without-documents", str(folder)]) == 1
    told = capsys.readouterr().out
    assert f"✗ {SLUG} 1.0" in told
    assert "texts/en.json: labels › request.subject: Thiếu lời ghi này" in told
    assert "This text is missing or empty" in told


def test_the_command_line_finds_no_form_in_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "check", str(tmp_path)]) == 1
    assert "form.yaml" in capsys.readouterr().err


def test_the_command_line_makes_compares_and_says_how_large_a_change_is(
    forms: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = ["forms", "new", "don-moi", "--forms", str(forms)]
    assert main([*made, "--procedure", "1.999999", "--valid-from", "2026-01-01"]) == 0
    assert main([*made, "--version", "1.1", "--like", "1.0", "--valid-from", "2026-12-01"]) == 0
    old, new = (str(forms / "don-moi" / version) for version in ("1.0", "1.1"))
    rewrite(Path(new) / "result.html", "Theo đề nghị", "Xét đề nghị")
    assert main(["forms", "diff", old, new]) == 0
    told = capsys.readouterr().out
    assert "valid_from" in told
    assert "result.html [citizens]: Bản in thay đổi" in told
    assert "application.html" not in told
    assert "A minor change" in told
    edit(Path(new) / "schema.json", lambda schema: schema["required"].append("papers"))
    main(["forms", "diff", old, new])
    assert "A major change" in capsys.readouterr().out
