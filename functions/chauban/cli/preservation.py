"""Commands that keep signed files for good: extending single files, and what the service has to extend."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chauban.cli.command import CommandRefused, say
from chauban.cli.files import add_algorithms, add_roots, algorithms_in, local, read_bytes, roots_in
from chauban.errors import ChaubanError

if TYPE_CHECKING:
    from chauban.cli.command import Topics
    from chauban.signing.preservation.ports import PreservationStore

MOST_REASONS = 20
# Longer than this it is not worth waiting for what is due already.
MOST_DAYS = 366
PAGES_A_LINE = 100


def add_topics(topics: "Topics") -> None:
    """The topics `extend` and `preservation`."""
    _extend(
        topics.add_parser("extend", help="give signed files a document timestamp, with all that checking them needs")
    )
    _preservation(
        topics.add_parser("preservation", help="what the service extends: what is due, what failed, planning")
    )


def _extend(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="file")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="where the extended files go, by their names"
    )
    parser.add_argument(
        "--tsa", action="append", required=True, metavar="URL", help="a time-stamping authority; again for more"
    )
    add_algorithms(parser)
    add_roots(parser)
    parser.set_defaults(run=_extend_files)


def _preservation(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    report = actions.add_parser("report", help="how many files are due, since when, and what failed with which reason")
    report.add_argument("--json", action="store_true", help="one JSON object")
    plan = actions.add_parser("plan", help="plan anew after the policy on algorithms was loaded; no file is read")
    backfill = actions.add_parser(
        "backfill", help="entries for what was issued before there were any; goes on where it was stopped"
    )
    backfill.add_argument("--dry-run", action="store_true", help="count from the beginning, write nothing")
    backfill.add_argument("--days", type=_days, default=7, help="over so many days the files come due (default 7)")
    for action, command in ((report, _report), (plan, _plan), (backfill, _backfill)):
        action.add_argument("--table", required=True)
        action.set_defaults(run=command)


def _extend_files(options: argparse.Namespace) -> int:
    from chauban.signing.pades.engine import PadesEngine
    from chauban.signing.pades.preservation import PadesPreservation

    policy = algorithms_in(options.algorithms)
    engine = PadesEngine(roots_in(options.roots), options.tsa, policy=lambda: policy)
    service = PadesPreservation(engine.trust.remembering(), engine.timestamps)
    options.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for file in options.files:
        target = options.out / file.name
        if target.exists():
            raise CommandRefused(
                f"{target} đã có. Hãy chọn thư mục khác.", f"{target} exists already. Choose another folder."
            )
        try:
            extended = service.extend(read_bytes(file), policy)
        except ChaubanError as refusal:
            failed += 1
            say(f"✗ {file}: {refusal.detail('vi')}")
            say(f"  {refusal.detail('en')}")
            continue
        target.write_bytes(extended.pdf)
        ends = policy.limit_of(extended.ends_at, extended.rests_on)
        say(f"{target}: {extended.level}, {local(extended.timestamped_at)}; gia hạn trước (renew before) {local(ends)}")
    return 1 if failed else 0


def _report(options: argparse.Namespace) -> int:
    from chauban.signing.preservation.standing import standing

    found = standing(_store(options.table), datetime.now(UTC))
    failed = dict(found.failed.most_common(MOST_REASONS))
    if options.json:
        times = {name: moment.isoformat() if moment else None for name, moment in found.times.items()}
        counts = {"kept": found.kept, "registers": found.registers, "due": found.due}
        say(json.dumps({**counts, **times, "failed": failed}, ensure_ascii=False))
    else:
        say(f"được lưu giữ lâu dài (kept): {found.kept}, trong đó sổ (registers): {found.registers}")
        say(f"đến hạn (due): {found.due}" + (f", từ (since) {local(found.due_since)}" if found.due_since else ""))
        say("hạn tiếp theo (next due): " + (local(found.next_due) if found.next_due else "-"))
        for reason, count in failed.items():
            say(f"  ✗ {reason}: {count}")
    return 1 if found.failed else 0


def _plan(options: argparse.Namespace) -> None:
    from chauban.cli.command import catalogue_in
    from chauban.signing.preservation.planning import Planning

    seen, changed = Planning(_store(options.table), catalogue_in(options.table)).plan()
    say(f"{seen} được xem lại, {changed} có hạn mới ({seen} looked at, {changed} are due at another time now)")


def _days(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(
            f"hãy ghi số ngày từ 0 đến {MOST_DAYS} (give a number of days from 0 to {MOST_DAYS})"
        )
    return int(text)


def _backfill(options: argparse.Namespace) -> None:
    from chauban.adapters.dynamodb.backfill import DynamoBackfill
    from chauban.adapters.dynamodb.table import Table
    from chauban.bootstrap import client, clock
    from chauban.signing.preservation.backfilling import Backfilling, Progress

    store = DynamoBackfill(Table(client("dynamodb"), options.table))
    backfilling = Backfilling(store, clock(), options.days)
    if not options.dry_run and store.progress():
        say("Tiếp tục từ chỗ đã dừng. (Going on where an earlier run stopped.)")
    progress = Progress()
    for page, progress in enumerate(backfilling.counted() if options.dry_run else backfilling.run()):
        if page % PAGES_A_LINE == PAGES_A_LINE - 1:
            say(f"... {progress.seen}")
    say(f"đã xem (seen): {progress.seen} văn bản, được lưu giữ lâu dài (kept for good): {progress.kept}")
    verb = ("sẽ thêm", "would be added") if options.dry_run else ("đã thêm", "added")
    say(
        f"{verb[0]} ({verb[1]}): {progress.entries} mục (entries), {progress.found} văn bản tra được theo mã (found by id)"
    )


def _store(table: str) -> "PreservationStore":
    from chauban.adapters.dynamodb.preservation import DynamoPreservation
    from chauban.adapters.dynamodb.table import Table
    from chauban.bootstrap import client

    return DynamoPreservation(Table(client("dynamodb"), table))
