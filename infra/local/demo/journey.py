"""The whole path in order, run step by step until the end or the first step that does not do what it says."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.demo.checks import pdfsig
from infra.local.demo.display import Display
from infra.local.demo.failures import DemoFailure, Unexpected
from infra.local.demo.stack import Account, Stack
from infra.local.demo.steps import attachment, citizen, files, official, one_stop, portal, subscriber
from infra.local.demo.story import Story
from infra.local.demo.subscriber import Queue


@dataclass(frozen=True)
class Step:
    """Who does what."""

    actor: str
    action: str
    run: Callable[[Story], str]


STEPS = (
    Step("citizen", "logs in (code + PKCE)", portal.citizen_logs_in),
    Step("portal", "logs in (client credentials)", portal.logs_in),
    Step("portal", "lists procedures", portal.lists_procedures),
    Step("portal", "fetches the form", portal.fetches_form),
    Step("portal", "sends three mistakes and is refused", portal.is_refused),
    Step("portal", "files the dossier", portal.files_dossier),
    Step("citizen", "downloads application.pdf", citizen.has_application),
    Step("citizen", "attaches a photograph of a paper", attachment.attaches),
    Step("clerk", "logs in (code + PKCE)", one_stop.logs_in),
    Step("clerk", "finds the dossier in the work list", one_stop.finds_dossier),
    Step("clerk", "receives the dossier", one_stop.receives),
    Step("clerk", "downloads receipt.pdf", one_stop.has_receipt),
    Step("clerk", "opens the attachment", attachment.is_accepted),
    Step("clerk", "drafts the decision", one_stop.drafts_decision),
    Step("official", "logs in (code + PKCE)", official.logs_in),
    Step("official", "takes the credential of the device", official.takes_credential),
    Step("official", "finds the task", official.finds_task),
    Step("official", "reads what lies beside the draft", attachment.is_beside_the_draft),
    Step("official", "opens a signing session", official.opens_session),
    Step("device", "follows the hashes from file to digest", official.examines),
    Step("device", "signs; the service embeds the signature", official.signs),
    Step("records", "number, date and seal", official.is_issued),
    Step("citizen", "lists results", citizen.lists_results),
    Step("citizen", "downloads result.pdf", citizen.downloads_result),
    Step("subscriber", "reads the events from its queue", subscriber.receives_events),
    Step("anyone", "checks all signatures up to the root", files.opens_signatures),
    Step("anyone", "reads number, date and data.json", files.reads_data),
    Step("anyone", "leaves the files", files.leaves_files),
    Step("anyone", "asks pdfsig", files.asks_pdfsig),
)

_MEANINGS = {
    "application.pdf": "tờ khai: what was filed",
    "attachment.jpg": "giấy tờ đính kèm: what the citizen attached",
    "receipt.pdf": "giấy tiếp nhận và hẹn trả kết quả, sealed",
    "result.pdf": "giấy xác nhận, signed by the official, sealed, with a document timestamp",
    "data.json": "the data inside result.pdf",
    "events.jsonl": "what the subscriber was told",
    "trust-root.pem": "the development root certificate",
}
_HUE_OFFSET = timedelta(hours=7)
# KeyError and ValueError: an answer that is not in the shape that the step reads.
_FAILURES = (
    DemoFailure,
    httpx.HTTPError,
    BotoCoreError,
    ClientError,
    KeyError,
    ValueError,
    OSError,
    subprocess.SubprocessError,
)


def travel(
    stack: Stack, display: Display, out: Path, *, patience: float, seed: int | None, official: str | None
) -> bool:
    """Walk the path; True if every step did what it says."""
    random = Random(seed)  # noqa: S311  (made-up people, no secrets)
    signer = _signer(stack, random, official)
    today = (datetime.now(UTC) + _HUE_OFFSET).date()
    display.headline(f"Chauban at {stack.api_url}\n")
    step = STEPS[0]
    with httpx.Client(timeout=30, follow_redirects=False) as http:
        story = Story(stack, http, random, out, patience, today, signer, Queue(stack))
        try:
            for step in STEPS:
                with display.step(step.actor, step.action) as line:
                    line.fact = step.run(story)
        except _FAILURES as failure:
            display.trouble(f"{step.actor} {step.action}", _said(failure), f"logs are below {stack.logs}")
            return False
    display.summary(story.folder, _MEANINGS, _commands(story.folder))
    return True


def _signer(stack: Stack, random: Random, wanted: str | None) -> Account:
    return stack.account(wanted or random.choice(sorted(stack.devices)))


def _said(failure: Exception) -> str:
    if isinstance(failure, Unexpected):
        return f"{failure}\n{failure.answer}"
    if isinstance(failure, DemoFailure):
        return str(failure)
    if isinstance(failure, httpx.RequestError):
        return f"no answer from {failure.request.url.copy_with(query=None)}: {failure}"
    return f"{type(failure).__name__}: {failure}"


def _commands(folder: Path) -> Iterator[tuple[str, str]]:
    result, root, nss = folder / "result.pdf", folder / "trust-root.pem", folder / "nss"
    database, look = pdfsig.commands(result, root, nss)
    yield "a trust database with the development root", database
    yield "who signed, is it valid, is it trusted", look
    yield "the text of the page", f"pdftotext -layout {shlex.quote(str(result))} -"
    yield "the files inside", f"pdfdetach -list {shlex.quote(str(result))}"
    yield (
        "the events",
        f"python3 -m json.tool --json-lines --no-ensure-ascii {shlex.quote(str(folder / 'events.jsonl'))}",
    )
