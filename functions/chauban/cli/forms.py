"""`chauban forms`: from an empty folder to a published version, as docs/forms.md tells it."""

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chauban.cli.command import Command, say, tell

if TYPE_CHECKING:
    from chauban.adapters.forms import S3Forms
    from chauban.cli.command import Topics
    from chauban.forms.checking.version import Check
    from chauban.forms.definition import FormDefinition


def add_topic(topics: "Topics") -> None:
    """The topic of departments."""
    parser = topics.add_parser("forms", help="mẫu đơn / form versions")
    actions = parser.add_subparsers(dest="action", required=True)
    _new(actions)
    _check(actions)
    _action(
        actions, "verapdf", _run_verapdf, "tải veraPDF (cần Java, Maven) / fetch veraPDF, for `check` and `publish`"
    )
    preview = _action(actions, "preview", _run_preview, "xem thử trang và PDF / see page and PDF of the samples")
    preview.add_argument("folder", type=Path, help="forms/<slug>/<version>")
    preview.add_argument("--port", type=int, default=8600)
    diff = _action(actions, "diff", _run_diff, "so sánh hai phiên bản / what changes from one version to another")
    diff.add_argument("old", type=Path)
    diff.add_argument("new", type=Path)
    publish = _action(actions, "publish", _run_publish, "kiểm tra rồi công bố / check, then publish for good")
    publish.add_argument("--bucket", required=True)
    publish.add_argument("--verapdf", metavar="PROGRAM")
    publish.add_argument("--skip-check", action="store_true", help="only where `forms check` has just been run")
    publish.add_argument("folder", type=Path)
    withdraw = _action(actions, "withdraw", _run_withdraw, "ngừng nhận hồ sơ mới / close a version to new filings")
    withdraw.add_argument("--bucket", required=True)
    withdraw.add_argument("--reason", default="")
    after = withdraw.add_mutually_exclusive_group()
    after.add_argument(
        "--revive", action="store_true", help="phiên bản trước nhận lại hồ sơ / the one before comes back"
    )
    after.add_argument("--close", action="store_true", help="đóng cả các phiên bản trước / close those before it too")
    withdraw.add_argument("slug")
    withdraw.add_argument("version")


def _action(actions: "Topics", name: str, run: Command, text: str) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=text, description=text)
    action.set_defaults(run=run)
    return action


def _new(actions: "Topics") -> None:
    new = _action(
        actions,
        "new",
        _run_new,
        "tạo mẫu mới, hoặc phiên bản mới với --like / a new form, or with --like a new version",
    )
    new.add_argument("slug", help="cap-giay-phep-x")
    new.add_argument("--forms", type=Path, default=Path("forms"))
    new.add_argument("--version", default="1.0")
    new.add_argument("--like", metavar="VERSION", help="copy this version of the form")
    new.add_argument("--procedure", default="1.000000", help="1.004873")
    new.add_argument("--title", default="Tờ khai đề nghị")
    new.add_argument("--title-en", default="Application")
    new.add_argument("--result", default="Quyết định")
    new.add_argument("--level", choices=("commune", "city"), default="commune")
    new.add_argument("--hours", type=int, default=24, help="working hours")
    new.add_argument("--valid-from", type=date.fromisoformat, help="2026-12-01; today where left out")


def _check(actions: "Topics") -> None:
    check = _action(actions, "check", _run_check, "kiểm tra / look for everything that is wrong")
    check.add_argument("--verapdf", metavar="PROGRAM", help="veraPDF's program, where it is not on the PATH")
    check.add_argument("--without-documents", action="store_true", help="quick: no PDF is made")
    check.add_argument("folder", type=Path, nargs="+", help="forms, forms/<slug> or forms/<slug>/<version>")


def _run_new(options: argparse.Namespace) -> int:
    from chauban.forms.scaffold.making import NewForm, new_form, next_version

    first = options.valid_from or _today()
    if options.like:
        made = next_version(options.forms, options.slug, options.version, options.like, first)
    else:
        wanted = NewForm(
            slug=options.slug,
            procedure=options.procedure,
            title=options.title,
            title_en=options.title_en,
            result=options.result,
            valid_from=first,
            version=options.version,
            level=options.level,
            hours=options.hours,
        )
        made = new_form(options.forms, wanted)
    say(f"✓ {made}")
    say(f"  chauban forms check {made}\n  chauban forms preview {made}")
    return 0


def _run_check(options: argparse.Namespace) -> int:
    check, faulty = _checking(options.verapdf, documents=not options.without_documents), 0
    for folder in _versions(options.folder):
        found = check.version(folder)
        faulty += bool(found)
        say(f"{'✗' if found else '✓'} {folder.parent.name} {folder.name}")
        tell(found)
    if not options.without_documents and check.judge is None:
        say(
            "· PDF/A-3a, PDF/UA-1: đã kiểm tra cấu trúc; chưa có veraPDF để kiểm tra đầy đủ: chạy `chauban forms verapdf`"
        )
        say(
            "· PDF/A-3a, PDF/UA-1: the structure was checked; veraPDF, which checks all, is missing: run `chauban forms verapdf`"
        )
    return 1 if faulty else 0


def _run_verapdf(_options: argparse.Namespace) -> int:
    from chauban.forms.checking.verapdf_installing import install

    say(f"✓ {install()}")
    return 0


def _run_preview(options: argparse.Namespace) -> int:
    from chauban.forms.previewing.server import serve

    (folder,) = _versions([options.folder])[:1]
    return serve(folder, options.port, say)


def _run_diff(options: argparse.Namespace) -> int:
    from chauban.forms.difference import differences, is_major

    old, new = (_read(folder) for folder in (options.old, options.new))
    changes = differences(old, new)
    for one in changes:
        mark = "!" if one.major else "·"
        say(f"{mark} {one.place} [{', '.join(one.concerns)}]: {one.text['vi']}\n    {one.text['en']}")
    for name in _changed_templates(options.old, options.new):
        say(f"· {name} [citizens]: Bản in thay đổi.\n    The printed document changes.")
    if is_major(changes):
        say("→ Thay đổi lớn: đặt phiên bản chính mới. / A major change: a new major number is due.")
    else:
        say("→ Thay đổi nhỏ. / A minor change.")
    return 0


def _changed_templates(old: Path, new: Path) -> list[str]:
    names = {path.name for folder in (old, new) for path in folder.iterdir() if path.suffix in {".html", ".css"}}
    return sorted(name for name in names if _content(old, name) != _content(new, name))


def _content(folder: Path, name: str) -> str | None:
    """A template without the version in its own paths, which is not a change."""
    path = folder / name
    if not path.is_file():
        return None
    return path.read_text(encoding="utf-8").replace(f"{folder.parent.name}/{folder.name}/", "")


def _run_publish(options: argparse.Namespace) -> int:
    from chauban.errors import ChaubanError
    from chauban.forms.publishing import Publishing, Step

    check = _checking(options.verapdf, documents=not options.skip_check)
    publishing = Publishing(_shelf(options.bucket), check.readable if options.skip_check else check.version)
    words = {
        Step.PUBLISHED: "✓ {} đã công bố / is published",
        Step.UNCHANGED: "✓ {} đã công bố từ trước / was published before",
        Step.REFUSED: "✗ {} chưa công bố / is not published",
    }
    failed = 0
    for folder in _versions([options.folder]):
        name = f"{folder.parent.name} {folder.name}"
        try:
            step, found = publishing.publish(folder)
        except ChaubanError as refusal:
            say(f"✗ {name}: {refusal.detail('vi')}\n    {refusal.detail('en')}")
            failed += 1
            continue
        say(words[step].format(name))
        tell(found)
        failed += step is Step.REFUSED
    return 1 if failed else 0


def _run_withdraw(options: argparse.Namespace) -> int:
    from chauban.forms.closing import Afterwards, Closing
    from chauban.forms.withdrawal import Withdrawal

    withdrawal = Withdrawal(
        slug=options.slug, version=options.version, withdrawn_at=datetime.now(UTC), reason=options.reason
    )
    wish = Afterwards.REVIVE if options.revive else Afterwards.CLOSE if options.close else None
    came = Closing(_shelf(options.bucket)).withdraw(withdrawal, _today(), wish)
    current = came.current.version if came.current else "-"
    if came.undecided:
        say(
            f"✗ {options.slug} {options.version}: rút thì phiên bản {current} nhận hồ sơ trở lại. Nêu rõ --revive (cho nhận lại) "
            f"hoặc --close (đóng cả các phiên bản trước).\n    After the withdrawal version {current} would be current again. "
            "Say --revive to let it, or --close to close the earlier versions too."
        )
        return 1
    if came.beside:
        say(
            f"✗ {options.slug} {options.version}: phiên bản này không phải là phiên bản hiện hành ({current}) nên không dùng được "
            "--close; chưa thay đổi gì. Chạy lại không có --close để chỉ rút phiên bản này.\n"
            f"    --close does not apply: this is not the version in force ({current}). Nothing was changed. "
            "Run it again without --close to withdraw this version alone."
        )
        return 1
    state = "ngừng nhận hồ sơ mới / takes no new filings" if came.done else "đã ngừng từ trước / was withdrawn before"
    for version in (*came.closed, options.version):
        say(f"✓ {options.slug} {version} {state}")
    say(f"→ phiên bản hiện hành / current from now on: {current}")
    return 0


def _checking(verapdf: str | None, *, documents: bool = True) -> "Check":
    from chauban.forms.checking.verapdf import VeraPdf
    from chauban.forms.checking.version import Check

    return Check(_today(), VeraPdf.found(verapdf) if documents else None, documents)


def _shelf(bucket: str) -> "S3Forms":
    from chauban.adapters.forms import S3Forms
    from chauban.bootstrap import client, clock

    return S3Forms(client("s3"), bucket, clock())


def _versions(folders: list[Path]) -> list[Path]:
    """The version folders that are meant; raises `CannotMake` where there are none."""
    from chauban.forms.scaffold.making import CannotMake

    found = []
    for folder in (one.resolve() for one in folders):
        patterns = ("form.yaml", "*/form.yaml", "*/*/form.yaml")
        heads = next((heads for pattern in patterns if (heads := sorted(folder.glob(pattern)))), [])
        if not heads:
            raise CannotMake(
                vi=f"Không thấy form.yaml trong {folder}. Nêu thư mục forms/<tên>/<phiên bản>.",
                en=f"There is no form.yaml in {folder}. Name a folder forms/<slug>/<version>.",
            )
        found += [head.parent for head in heads]
    return found


def _read(folder: Path) -> "FormDefinition":
    from chauban.forms.checking.reading import definition
    from chauban.forms.scaffold.making import CannotMake

    form, found = definition(_versions([folder])[0])
    if form is None:
        tell(found)
        raise CannotMake(vi=f"Không đọc được {folder}.", en=f"{folder} cannot be read.")
    return form


def _today() -> date:
    from chauban.dossiers.numbering import local_day

    return local_day(datetime.now(UTC))
