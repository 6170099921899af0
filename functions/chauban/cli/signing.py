"""Commands that sign and inspect single files, for departments without the service."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chauban.cli.command import CommandRefused, say
from chauban.cli.files import add_algorithms, add_roots, algorithms_in, local, read_bytes, roots_in
from chauban.cli.keys import add_chain_option, add_key_options, signing_key
from chauban.errors import VerificationFailed

if TYPE_CHECKING:
    from chauban.cli.command import Topics
    from chauban.signing.pades.engine import PadesEngine
    from chauban.signing.pades.file_report import FileReport, SignatureLine
    from chauban.signing.pades.levels import Level

# Rejections of a file that was not written by a program of ours are worth a word; these are what `inspect` finds.
FAULTS = {
    "altered": ("nội dung đã bị sửa sau khi ký", "the content was changed after signing"),
    "wrong-signature": ("giá trị chữ ký sai", "the signature value is wrong"),
    "not-trusted": ("chứng thư không thuộc gốc tin cậy, hết hạn hoặc đã bị thu hồi", "not trusted, expired or revoked"),
    "changes-not-allowed": ("có thay đổi mà chữ ký không cho phép", "changed in a way that the signature forbids"),
    "timestamp-invalid": ("dấu thời gian sai", "the timestamp is wrong"),
    "timestamp-not-trusted": ("dấu thời gian không thuộc gốc tin cậy", "the timestamp is not trusted"),
    "no-timestamp": ("không có dấu thời gian", "there is no timestamp"),
    "does-not-cover-its-revision": (
        "dấu thời gian không bao trùm tệp lúc đó",
        "the timestamp does not cover the file of then",
    ),
    "came-too-late": (
        "khi có dấu thời gian này, dấu thời gian của các chữ ký không còn được chứng minh",
        "the signatures' own timestamps were not proven any more when it was made",
    ),
    "not-valid": ("chữ ký không hợp lệ", "the signature is not valid"),
}


def add_topics(topics: "Topics") -> None:
    """The topics `sign` and `inspect`."""
    _sign(
        topics.add_parser("sign", help="sign a file in one of its signature fields, with timestamp and validation data")
    )
    _inspect(topics.add_parser("inspect", help="who signed a file, whether it holds, and what is inside; offline"))


def _sign(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="where the signed file goes; never over another one")
    parser.add_argument("--field", default="official", help="the signature field (official, seal, copy)")
    parser.add_argument("--image", type=Path, metavar="PNG", help="the picture of the signature or seal")
    parser.add_argument("--number", help="fills the field `number`, together with --date, before the seal signs")
    parser.add_argument("--date", help="fills the field `date`, as printed: ngày 05 tháng 01 năm 2026")
    parser.add_argument(
        "--tsa", action="append", required=True, metavar="URL", help="a time-stamping authority; again for more"
    )
    parser.add_argument(
        "--level",
        choices=("B-B", "B-T", "B-LT", "B-LTA"),
        help="PAdES level, where less or more is asked for than B-LT as the service issues it (with validation data inside each "
        "signature's revision). B-B lacks a timestamp: nothing proves when it was signed. B-T lacks validation data: whoever "
        "verifies must find it, while somebody still answers. B-LT has it behind the last signature, as every validator counts "
        "it, and lacks what outlives its authorities and algorithms: that is B-LTA, a document timestamp, to be renewed by "
        "`chauban extend`",
    )
    add_algorithms(parser)
    add_roots(parser)
    add_key_options(parser, files=True)
    add_chain_option(parser, required=False)
    parser.set_defaults(run=_sign_file)


def _inspect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="file")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_roots(parser)
    parser.set_defaults(run=_inspect_files)


def _sign_file(options: argparse.Namespace) -> None:
    from chauban.signing.pades.engine import PadesEngine
    from chauban.signing.pades.file_report import file_report
    from chauban.signing.pades.levels import Level
    from chauban.signing.pades.one_file import Signing

    pdf, roots = read_bytes(options.file), roots_in(options.roots)
    if options.out.exists():
        raise CommandRefused(
            f"{options.out} đã có. Hãy chọn tên khác.", f"{options.out} exists already. Choose another name."
        )
    fill, image = _filled(options), read_bytes(options.image) if options.image else None
    level, policy = Level.named(options.level) if options.level else None, algorithms_in(options.algorithms)
    before, engine = file_report(pdf, roots), PadesEngine(roots, options.tsa, policy=lambda: policy)
    if before.signatures and not before.valid:
        _require_enough(engine, pdf, level)
    if options.field not in before.empty_fields:
        names = ", ".join(before.empty_fields) or "-"
        raise CommandRefused(
            f"Tệp không có ô ký trống tên {options.field}. Các ô còn trống: {names}.",
            f"The file has no empty signature field {options.field}. Empty ones: {names}.",
        )
    held, at = signing_key(options), datetime.now(UTC)
    signed = Signing(engine, held.keys, held.credential, policy, level).sign(
        pdf,
        field=options.field,
        signed_before=tuple(line.field for line in before.signatures),
        others_follow=bool(set(before.empty_fields) - {options.field, "copy"}),
        image=image,
        fill=fill,
        at=at,
    )
    options.out.write_bytes(signed.pdf)
    say(f"{options.out}: {signed.level}, {local(signed.timestamped_at or at)}")


def _require_enough(engine: "PadesEngine", pdf: bytes, level: "Level | None") -> None:
    """Signatures that do not stand by themselves are enough for a level that asks no more, if they hold by what is found now."""
    try:
        if level and not level.has_material:
            engine.verify_now(pdf)
            return
    except VerificationFailed:
        pass
    raise CommandRefused(
        "Các chữ ký đang có trong tệp không hợp lệ. Xem chi tiết bằng: chauban inspect.",
        "The signatures that are in the file do not hold. See them with: chauban inspect.",
    )


def _filled(options: argparse.Namespace) -> dict[str, str] | None:
    if bool(options.number) != bool(options.date):
        raise CommandRefused(
            "Phải có cả --number và --date, hoặc không có cả hai.", "Give both --number and --date, or neither."
        )
    return {"number": options.number, "date": options.date} if options.number else None


def _inspect_files(options: argparse.Namespace) -> int:
    from chauban.signing.pades.file_report import file_report

    roots, valid = roots_in(options.roots), True
    for file in options.files:
        report = file_report(read_bytes(file), roots)
        valid = valid and report.valid
        if options.json:
            say(json.dumps({"file": str(file), **report.model_dump(mode="json")}, ensure_ascii=False))
        else:
            _show(file, report)
    return 0 if valid else 1


def _show(file: Path, report: "FileReport") -> None:
    verdict = "hợp lệ (valid)" if report.valid else "KHÔNG hợp lệ (NOT valid)"
    say(f"{file}: {verdict}")
    if not report.signatures:
        say("  không có chữ ký nào (no signature)")
    for number, line in enumerate(report.signatures, start=1):
        _show_signature(number, line)
    for stamp in report.timestamps:
        say(f"  dấu thời gian của tệp (document timestamp) {local(stamp.time)}: {stamp.authority or '?'}")
        _show_faults(stamp.faults)
    if report.signatures and not report.covered:
        say("  ✗ sau chữ ký cuối còn có thay đổi (the file goes on after the last signature)")
    for name, value in report.values.items():
        say(f"  {name}: {value or '-'}")
    for inner in report.inside:
        say(f"  {inner.name}: {inner.size} bytes")


def _show_signature(number: int, line: "SignatureLine") -> None:
    who = ", ".join(part for part in (line.signer, line.organisation) if part) or "?"
    say(f"  {number}. {line.field}: {who}")
    if line.certificate_from and line.certificate_to:
        period = f"{local(line.certificate_from)} - {local(line.certificate_to)}"
        say(f"     {line.level}" + (f", {local(line.timestamp)}" if line.timestamp else ""))
        say(f"     {line.issuer}, {period}")
    _show_faults(line.faults)


def _show_faults(faults: tuple[str, ...]) -> None:
    for fault in faults:
        vietnamese, english = FAULTS.get(fault, (fault, fault))
        say(f"     ✗ {vietnamese} ({english})")
