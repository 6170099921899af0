"""The service as bootstrap puts it together, loaded by its own command, asked through its handlers."""

import json
import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chauban import bootstrap
from chauban.adapters.dynamodb.table import Table
from chauban.adapters.machine import Ulids
from chauban.cli import main
from chauban.dossiers.parties import Scheme
from chauban.errors import NotConfigured
from chauban.handlers import api, publish
from chauban.settings import Settings
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Purpose
from pydantic import ValidationError

from tests.unit.adapters.wiring import forget_process, install
from tests.unit.fakes.catalogue import ROOT, SLUG, credential
from tests.unit.fakes.ending import certificate_until
from tests.unit.fakes.gateway import ISSUER, claims, event
from tests.unit.fakes.people import AN, submission_body


@pytest.fixture
def installed(aws: Callable[[str], Any], table: Table, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    """An installation with catalogue and form loaded; clients of its account are made by what is returned."""
    for name, value in install(aws).items():
        monkeypatch.setenv(name, value)
    forget_process()
    assert main(["catalogue", "load", "--table", "chauban", str(ROOT / "catalogue")]) == 0
    assert main(["forms", "publish", "--skip-check", "--bucket", "forms", str(ROOT / "forms" / SLUG)]) == 0
    yield aws
    forget_process()


def send(method: str, path: str, body: Any = None, who: str = "portal", **headers: str) -> dict[str, Any]:
    soon = str(int(datetime.now(UTC).timestamp()) + 600)
    answer = api.handler(event(method, path, body, token=claims(who, exp=soon), headers=headers), None)  # type: ignore[arg-type]
    return {"status": answer["statusCode"], **json.loads(answer["body"])}


def test_a_dossier_is_filed_and_its_messages_are_published(installed: Callable) -> None:
    made = send("POST", "/v1/dossiers", submission_body(), **{"Idempotency-Key": "k1"})
    assert made["status"] == "submitted"
    assert send("POST", "/v1/dossiers", submission_body(), **{"Idempotency-Key": "k1"})["id"] == made["id"]
    assert send("GET", f"/v1/dossiers/{made['id']}", who="citizen")["code"] == made["code"]
    publish.handler({"sweep": True}, None)  # type: ignore[arg-type]
    sqs = installed("sqs")
    (order,) = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="render")["QueueUrl"])["Messages"]
    assert json.loads(order["Body"])["dossier"] == made["id"]
    assert bootstrap.outbox().unpublished(100) == ()


def test_every_service_can_be_made(installed: Callable) -> None:
    parts = (
        bootstrap.dossier_services,
        bootstrap.signing_services,
        bootstrap.preview_services,
        bootstrap.prefill_services,
    )
    assert {part().issuer for part in parts} == {ISSUER}
    assert bootstrap.publisher().queues is not None
    assert bootstrap.own_queue() is not None
    assert bootstrap.examining().examiner is not None
    assert bootstrap.clock().now().microsecond % 1000 == 0
    assert bootstrap.clock().now().tzinfo is UTC
    assert len({Ulids().new() for _ in range(100)}) == 100


def test_a_login_is_compared_with_the_certificate_by_the_keys_that_parties_have(installed: Callable) -> None:
    services = bootstrap.signing_services()
    expected = bootstrap.party_keys().key(Scheme.PERSONAL_NUMBER, AN)
    for policy in (services.sessions.policy, services.signatures.policy, services.authorisations.policy):
        assert policy.key_of is not None
        assert policy.key_of(AN) == expected


def test_credentials_are_loaded_with_their_images(installed: Callable, tmp_path: Path) -> None:
    chain = certificate_until(datetime.now(UTC) + timedelta(days=300))
    kind = {"algorithm": Algorithm.ECDSA_P256_SHA256, "chain_pem": chain}
    signs = credential("cred-x", "official-thuan-hoa", Purpose.SIGN, **kind)
    record = signs.model_dump(mode="json", exclude={"appearance"})
    file = tmp_path / "chữ ký.json"
    file.write_text(json.dumps({"credentials": [{**record, "appearance_png": b64encode(b"png").decode()}]}))
    assert main(["credentials", "load", "--table", "chauban", "--bucket", "forms", str(file)]) == 0
    kept = bootstrap.catalogue().credential("cred-x")
    assert kept is not None
    assert bootstrap.files().appearance(kept.appearance) == b"png"


def test_a_version_published_with_other_content_is_refused_at_the_shell(
    installed: Callable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forms = Path(shutil.copytree(ROOT / "forms", tmp_path / "forms"))
    head = forms / SLUG / "1.0" / "form.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("fee: 0", "fee: 1"), encoding="utf-8")
    assert main(["forms", "publish", "--skip-check", "--bucket", "forms", str(forms / SLUG)]) == 1
    told = capsys.readouterr().out
    assert "Publish a new version" in told
    assert "công bố một phiên bản mới" in told


def test_dead_orders_are_listed_and_put_back(installed: Callable, capsys: pytest.CaptureFixture[str]) -> None:
    sqs = installed("sqs")
    dead, render = (sqs.get_queue_url(QueueName=name)["QueueUrl"] for name in ("dead", "render"))
    sqs.send_message(QueueUrl=dead, MessageBody='{"task": "render", "dossier": "D", "document": "X", "order": "O"}')
    assert main(["work", "dead", "--dead-letter-queue", dead, "--table", "chauban"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["failure"] is None
    assert main(["work", "redrive", "--dead-letter-queue", dead, "--queue", render]) == 0
    assert capsys.readouterr().out == "1 orders put back\n"
    assert "Messages" in sqs.receive_message(QueueUrl=render)


@pytest.mark.parametrize("arguments", [[], ["forms"], ["catalogue", "load", "x"], ["seal", "everything"]])
def test_wrong_use_of_the_command_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage: chauban" in capsys.readouterr().err


def test_settings_come_from_variables_with_the_prefix_and_empty_ones_are_absent() -> None:
    found = Settings.from_environment(
        {"CHAUBAN_TABLE": "t", "CHAUBAN_BUS": "", "TABLE": "x", "CHAUBAN_RETENTION_DAYS": "30", "CHAUBAN_NEW": "y"}
    )
    assert (found.table, found.bus, found.retention_days) == ("t", None, 30)
    assert found.need("table") == "t"


@pytest.mark.parametrize("name", ["bus", "retention_days"])
def test_a_setting_that_is_not_there_names_itself(name: str) -> None:
    with pytest.raises(NotConfigured, match=f"CHAUBAN_{name.upper()}"):
        Settings.from_environment({}).need(name)


@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_a_retention_that_makes_no_sense_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        Settings.from_environment({"CHAUBAN_RETENTION_DAYS": value})
