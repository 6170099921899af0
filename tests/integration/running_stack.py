"""A typed handle on an embedded stack of the tests' own: calls as anybody, AWS clients, stop, kill and start again."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import boto3
import httpx
from botocore.config import Config

from infra.local.processes import plain_environment
from infra.local.stack import Stack

T = TypeVar("T")
_HIDDEN = re.compile(r'type="hidden" name="([^"]*)" value="([^"]*)"')


@dataclass
class RunningStack:
    """The stack as its clients see it, and the switches that only tests touch."""

    stack: Stack
    description: dict[str, Any] = field(default_factory=dict)
    _tokens: dict[str, dict[str, str]] = field(default_factory=dict)

    # -- callers -----------------------------------------------------------------------------------------------------

    def api(self, who: str | None = None, *, token: str | None = None) -> httpx.Client:
        """An HTTP client of the API: as an account, as `portal`, with a token of one's own making, or as nobody."""
        token = token or (self.token(who) if who else None)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.description["api_url"], headers=headers, timeout=120)

    def token(self, who: str) -> str:
        return self.tokens(who)["access_token"]

    def tokens(self, who: str) -> dict[str, str]:
        """What the issuer gives `who` (an account, or `portal`); people also get an `id_token`."""
        if who not in self._tokens:
            self._tokens[who] = self._machine() if who == "portal" else self._person(who)
        return self._tokens[who]

    def _machine(self) -> dict[str, str]:
        portal = self.description["clients"]["portal"]
        credentials = (portal["client_id"], portal["client_secret"])
        answer = httpx.post(self._issuer("token"), data={"grant_type": "client_credentials"}, auth=credentials)
        answer.raise_for_status()
        tokens: dict[str, str] = answer.json()
        return tokens

    def _person(self, username: str) -> dict[str, str]:
        account = next(one for one in self.description["accounts"] if one["username"] == username)
        web, verifier = self.description["clients"]["web"], secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        request = {
            "response_type": "code",
            "client_id": web["client_id"],
            "redirect_uri": web["redirect_uri"],
            "scope": f"openid {account['scope']}",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        page = httpx.get(self._issuer("authorize"), params=request)
        page.raise_for_status()
        form = {name: html.unescape(value) for name, value in _HIDDEN.findall(page.text)}
        form |= {"username": username, "password": account["password"]}
        redirect = httpx.post(self._issuer("authorize"), data=form)
        code = parse_qs(urlsplit(redirect.headers["Location"]).query)["code"][0]
        answer = httpx.post(
            self._issuer("token"),
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": web["redirect_uri"],
                "client_id": web["client_id"],
                "code_verifier": verifier,
            },
        )
        answer.raise_for_status()
        tokens: dict[str, str] = answer.json()
        return tokens

    def _issuer(self, path: str) -> str:
        return f"{self.description['issuer_url']}/{path}"

    # -- AWS ---------------------------------------------------------------------------------------------------------

    def aws(self, service: str, user: str = "admin") -> Any:
        """A boto3 client as the IAM user `admin` (may do all) or `subscriber` (may take its events)."""
        keys = self.description[user]
        return boto3.client(
            service,
            endpoint_url=self.description["aws_endpoint"],
            region_name=self.description["region"],
            aws_access_key_id=keys["access_key_id"],
            aws_secret_access_key=keys["secret_access_key"],
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )

    def resource(self, logical_id: str) -> str:
        """The physical name of a resource of the template (a queue's is its URL)."""
        name: str = self.description["resources"][logical_id]
        return name

    def messages(self, queue: str, *, user: str = "admin", delete: bool = True) -> list[dict[str, Any]]:
        """The messages that a queue holds right now."""
        sqs, found = self.aws("sqs", user), []
        while batch := sqs.receive_message(
            QueueUrl=self.resource(queue), MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"]
        ).get("Messages"):
            found += batch
            for message in batch if delete else []:
                sqs.delete_message(QueueUrl=self.resource(queue), ReceiptHandle=message["ReceiptHandle"])
        return found

    def chauban(self, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """The command `chauban` in a folder, with the administrator's credentials."""
        keys = self.description["admin"]
        environment = plain_environment() | {
            "AWS_ENDPOINT_URL": self.description["aws_endpoint"],
            "AWS_DEFAULT_REGION": self.description["region"],
            "AWS_ACCESS_KEY_ID": keys["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": keys["secret_access_key"],
            "CHAUBAN_STAGE": "local",
            "PYTHONUTF8": "1",
        }
        command = [sys.executable, "-m", "chauban.cli", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=folder)

    # -- switches ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.description = self.stack.start()

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.stack.stop()

    def kill(self) -> None:
        """As a power cut does."""
        self.stack.kill()

    def restart(self) -> None:
        self.stop()
        self.start()

    def deploy(self, template: Path | None = None) -> None:
        """Bring the running stack to another template (a changed copy), or back to the project's own."""
        own = self.stack.template
        self.stack.template = template or own
        try:
            self.description = self.stack.deploy()
        finally:
            self.stack.template = own

    def workers(self, function: str) -> list[int]:
        """The processes that run a function of this stack (by its logical id) at the moment: they work in a folder of its name."""
        folder = str(self.stack.folder.emulator / "workers" / f"ministack-lambda-{self.resource(function)}-")
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if str((process / "cwd").readlink()).startswith(folder):
                    found.append(int(process.name))
            except OSError:
                continue
        return found

    def kill_workers(self, function: str) -> int:
        """SIGKILL a function's processes; returns how many there were."""
        workers = self.workers(function)
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        return len(workers)


def eventually(
    check: Callable[[], T | None], *, seconds: float = 120, what: str = "it to happen", every: float = 0.1
) -> T:
    """The first truthy answer of `check`, asked again and again; fails the test when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := check():
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(every)
