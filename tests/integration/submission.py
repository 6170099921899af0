"""A correct submission of the first form, for tests that need a dossier and not its content."""

from __future__ import annotations

import json
from typing import Any

from infra.local.folder import REPOSITORY

SLUG, VERSION = "xac-nhan-tinh-trang-hon-nhan", "1.0"


def submission(**changes: Any) -> dict[str, Any]:
    """The body of `POST /v1/dossiers` with the form's first sample as answers, filed for citizen A."""
    samples = sorted((REPOSITORY / "forms" / SLUG / VERSION / "samples").glob("*.json"))
    answers = json.loads(samples[0].read_text(encoding="utf-8"))["answers"]
    return {
        "form": {"slug": SLUG, "version": VERSION},
        "procedure": "1.004873",
        "agency": "ubnd-phuong-thuan-hoa",
        "requester": {"scheme": "personal_number", "identifier": "046194000017", "name": "Nguyễn Thị Hương Giang"},
        "channel": "online",
        "contact": {"phone": "0905000001"},
        "answers": answers,
    } | changes
