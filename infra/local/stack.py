"""One embedded stack: its servers, what is deployed into them, and the description that clients read."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local import accounts, devices, processes
from infra.local.clients import ADMINISTRATOR, iam_user, subscriber_policy
from infra.local.code import function_code
from infra.local.deployer import Emulator, deploy
from infra.local.folder import REGION, REPOSITORY, Folder, write_secret
from infra.local.intrinsics import Scope
from infra.local.processes import Server
from infra.local.seeding import ProviderSeeds, Seeds
from infra.local.template import RELEASE, Template
from infra.local.tools import stack_python
from infra.local.trust import open_authority

# Short, so that a failure shows in seconds; the visibility timeouts are 6 times the functions' as everywhere.
SHORT_TIMES = {
    "RenderTimeout": "10",
    "SignTimeout": "10",
    "SealTimeout": "10",
    "ExtendTimeout": "30",
    "RenewalSeconds": "12",
    "TsaSeconds": "4",
    "RenderVisibility": "60",
    "SignVisibility": "60",
    "SealVisibility": "60",
    "ExtendVisibility": "180",
    "MaxReceiveCount": "4",
    "SealConcurrency": "2",
    "ExtendConcurrency": "2",
}


def _silent(_line: str) -> None:
    """Nobody is watching."""


@dataclass
class Stack:
    """Servers run only between `start` and `stop`; everything else is in the folder."""

    folder: Folder
    template: Path = REPOSITORY / "template.yaml"
    parameters: Mapping[str, str] = field(default_factory=dict)
    functions: Path = REPOSITORY / "functions"
    say: Callable[[str], None] = _silent
    servers: list[Server] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.folder.port('aws')}"

    @property
    def issuer_url(self) -> str:
        return f"http://127.0.0.1:{self.folder.port('issuer')}"

    @property
    def registry_url(self) -> str:
        return f"http://127.0.0.1:{self.folder.port('registry')}"

    @property
    def providers_url(self) -> str:
        return f"http://127.0.0.1:{self.folder.port('providers')}"

    def start(self) -> dict[str, Any]:
        """Start the servers, deploy the template, load the seeds; returns (and writes) the description."""
        try:
            self._start_servers()
            return self.deploy()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop in the order of dependence: the emulator's functions call the others."""
        self.folder.description.unlink(missing_ok=True)
        for server in reversed(self.servers):
            server.stop()
        self.servers.clear()

    def kill(self) -> None:
        """As a power cut would: nothing is saved."""
        for server in self.servers:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
        self.servers.clear()

    def failed(self) -> Server | None:
        """The first server that is no longer running, if any."""
        return next((server for server in self.servers if server.process.poll() is not None), None)

    def _root_key(self) -> dict[str, str]:
        key: dict[str, str] = self.folder.remembered(
            "root", lambda: {"id": f"AKIA{secrets.token_hex(8).upper()}", "secret": secrets.token_urlsafe(30)}
        )
        return key

    def _start_servers(self) -> None:
        folder = self.folder
        folder.remembered("issuer/accounts", accounts.make_accounts)
        folder.remembered("issuer/clients", accounts.make_clients)
        python, environment = sys.executable, processes.plain_environment() | {"PYTHONUTF8": "1"}
        environment["PYTHONPATH"] = str(REPOSITORY)
        self.say("starting the trust services, the registry, signing providers, the login issuer and the AWS emulator")
        trust = [python, "-m", "infra.local.trust.server", "--data", str(folder.trust)]
        issuer = [python, "-m", "infra.local.issuer", "--data", str(folder.issuer), "--audience", accounts.AUDIENCE]
        registry = [python, "-m", "infra.local.registry"]
        providers = [
            python,
            "-m",
            "infra.local.providers",
            "--data",
            str(folder.providers),
            "--trust",
            str(folder.trust),
        ]
        self._run("trust", trust, environment)
        # The authority's first start makes its keys; the providers' certificates are of them.
        self.servers[0].wait()
        self._run("providers", providers, environment)
        self._run("registry", registry, environment)
        self._run("issuer", issuer, environment)
        self._run("aws", None, self._emulator_environment())
        for server in self.servers:
            server.wait()

    def _run(self, name: str, command: list[str] | None, environment: Mapping[str, str]) -> None:
        port = self.folder.port(name)
        if command is None:
            command = [stack_python(), str(REPOSITORY / "infra" / "local" / "emulator.py")]
        else:
            command = [*command, "--port", str(port)]
        self.servers.append(processes.start(name, command, port, self.folder.logs, environment))

    def _emulator_environment(self) -> dict[str, str]:
        root, data = self._root_key(), self.folder.emulator
        workers = data / "workers"
        shutil.rmtree(workers, ignore_errors=True)
        workers.mkdir(parents=True)
        return processes.plain_environment() | {
            "AUTH": "true",
            # Not the caller's own account, by whatever way the SDK might find it.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_ACCESS_KEY_ID": root["id"],
            "AWS_SECRET_ACCESS_KEY": root["secret"],
            "BIND_HOST": "127.0.0.1",
            "CHAUBAN_FUNCTION_LOG": str(self.folder.logs / "functions.log"),
            "CHAUBAN_FUNCTION_PYTHON": sys.executable,
            "DOCKER_HOST": "unix:///nonexistent",
            "GATEWAY_PORT": str(self.folder.port("aws")),
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "PYTHONUTF8": "1",
            "S3_DATA_DIR": str(data / "s3"),
            "S3_PERSIST": "1",
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(data / "state"),
            "TMPDIR": str(workers),
        }

    def deploy(self) -> dict[str, Any]:
        """Bring the running servers to the template, the code and the seeds as they are now."""
        root = self._root_key()
        emulator = Emulator(self.endpoint, root["id"], root["secret"], "chauban-local", function_code(self.functions))
        self.say(f"deploying {self.template.name}")
        parameters = self._parameters()
        scope = deploy(Template.load(self.template), parameters, emulator)
        users = {
            "admin": iam_user(emulator.client("iam"), self.folder, "admin", [ADMINISTRATOR]),
            "subscriber": iam_user(
                emulator.client("iam"),
                self.folder,
                "subscriber",
                subscriber_policy(scope.attribute("SubscriberQueue", "Arn"), scope.attribute("DataKey", "Arn")),
            ),
        }
        self.say("certifying the officials' devices and the agencies' seals, loading the catalogue and the forms")
        credentials = devices.credentials(self.folder, emulator.client("kms"), parameters["Stage"])
        held = ProviderSeeds.of(self.folder, self.providers_url, parameters["Stage"])
        credentials["credentials"] += held.credentials
        held.put_secrets(emulator.client("secretsmanager"))
        seeds = Seeds(self.folder, self.endpoint, users["admin"], scope.ref("Table"), scope.ref("FormsBucket"))
        seeds.load(credentials, held.providers, emulator.client("s3"))
        self._checkpoint()
        description = self._describe(scope, users)
        write_secret(self.folder.description, json.dumps(description, indent=2, ensure_ascii=False))
        return description

    def _parameters(self) -> dict[str, str]:
        return {
            "Stage": "local",
            "Release": RELEASE,
            "Issuer": self.issuer_url,
            "Audience": accounts.AUDIENCE,
            "PublicUrl": "https://tracuu.chauban.local",
            "RegistryUrl": f"{self.registry_url}/lookups",
            "TsaUrls": ",".join(open_authority(self.folder.trust).tsa_urls),
            "LockMode": "COMPLIANCE",
            "RetentionDays": "3650",
            "WithSubscriber": "true",
            **SHORT_TIMES,
            **self.parameters,
        }

    def _checkpoint(self) -> None:
        for server in self.servers:
            if server.name == "aws":
                server.process.send_signal(signal.SIGUSR1)

    def _describe(self, scope: Scope, users: Mapping[str, dict[str, str]]) -> dict[str, Any]:
        people = json.loads((self.folder.issuer / "accounts.json").read_text(encoding="utf-8"))
        shown = ("username", "password", "role", "name", "agency", "scope")
        return {
            "api_url": f"{self.endpoint}/_aws/execute-api/{scope.ref('Api')}/$default",
            "issuer_url": self.issuer_url,
            "registry_url": self.registry_url,
            "providers_url": self.providers_url,
            "aws_endpoint": self.endpoint,
            "region": REGION,
            "audience": accounts.AUDIENCE,
            "subscriber": {"queue_url": scope.ref("SubscriberQueue"), **users["subscriber"]},
            "accounts": [{name: person[name] for name in shown} for person in people],
            "clients": json.loads((self.folder.issuer / "clients.json").read_text(encoding="utf-8")),
            "trust_root": str(self.folder.trust / "trust-root.pem"),
            "devices": devices.descriptions(self.folder),
            "admin": users["admin"],
            "resources": dict(scope.refs),
            "logs": str(self.folder.logs),
        }
