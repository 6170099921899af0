"""Files and roots that commands are given, and times as they are shown."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chauban.cli.command import CommandRefused

if TYPE_CHECKING:
    from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy

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


def add_algorithms(parser: argparse.ArgumentParser) -> None:
    """The option `--algorithms`."""
    parser.add_argument(
        "--algorithms",
        type=Path,
        metavar="YAML",
        default=Path("catalogue/algorithms.yaml"),
        help="the policy on algorithms (catalogue/algorithms.yaml)",
    )


def algorithms_in(file: Path) -> "AlgorithmPolicy":
    """The policy on algorithms of a YAML file; raises `CommandRefused`."""
    import yaml
    from pydantic import ValidationError

    from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy

    try:
        return AlgorithmPolicy.model_validate(yaml.safe_load(read_bytes(file)))
    except (ValidationError, yaml.YAMLError) as fault:
        raise CommandRefused(
            f"{file} không phải chính sách thuật toán. Xem mẫu: catalogue/algorithms.yaml.",
            f"{file} is no policy on algorithms. See catalogue/algorithms.yaml for the form.",
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
