"""Files and roots that commands are given, and times as they are shown."""

import argparse
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from chauban.cli.command import CommandRefused

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def add_roots(parser: argparse.ArgumentParser) -> None:
    """The option `--roots`."""
    parser.add_argument("--roots", type=Path, required=True, metavar="PEM", help="the root certificates to trust")


def roots_in(file: Path) -> tuple[bytes, ...]:
    """The certificates (DER) of a PEM file; raises `CommandRefused`."""
    from chauban.signing.pades.identity import certificates_from_pem

    try:
        return certificates_from_pem(read_bytes(file).decode())
    except ValueError as fault:
        raise CommandRefused(
            f"{file} không có chứng thư số nào (PEM).", f"{file} holds no certificate in PEM."
        ) from fault


def read_bytes(file: Path) -> bytes:
    """The content of a file; raises `CommandRefused`."""
    try:
        return file.read_bytes()
    except OSError as fault:
        raise CommandRefused(f"Không đọc được {file}.", f"{file} cannot be read.") from fault


def local(moment: datetime) -> str:
    """An aware moment as it is shown in Vietnam."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")
