"""Two officials in sequence, and KT. and TUQ. by a delegation that stands, ended, is another agency's, or is withdrawn."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from pyhanko.pdf_utils.reader import PdfFileReader

from infra.local.demo.device import Device
from tests.integration.departments import Department, sample_of
from tests.integration.journey import Journey, good, key, sample
from tests.integration.offices import CLERK, DEPUTY, HEAD, WARD, Office, moment
from tests.integration.running_stack import RunningStack, eventually

SLUG, PROCEDURE = "mau-hai-nguoi-ky", "1.999999"
POLICY_OID = "1.3.6.1.4.1.32473.9.1"
HEAD_PERSON, DEPUTY_PERSON = "official-thuan-hoa", "official-phu-xuan"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def office(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office.opened(stack, tmp_path_factory.mktemp("phường") / "danh mục")


@pytest.fixture(scope="module")
def form(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form that a deputy and then the head sign, under a signature policy."""
    department = Department.at(stack, tmp_path_factory.mktemp("sở") / "mẫu đơn")
    version = department.new(SLUG, "--valid-from", "2026-01-01")
    head = yaml.safe_load((version / "form.yaml").read_text(encoding="utf-8"))
    head["signatories"] = [
        {"role": "official", "field": "official", "capacities": ["KT", "TUQ"]},
        {"role": "official", "field": "official2", "capacities": ["TM"]},
    ]
    head["signature_policy"] = {"oid": POLICY_OID, "sha256": "0f" * 32, "uri": "https://example.vn/chinh-sach-ky.pdf"}
    (version / "form.yaml").write_text(yaml.safe_dump(head, allow_unicode=True, sort_keys=False), encoding="utf-8")
    published = department.publish(version, "--skip-check")
    assert published.returncode == 0, published.stdout + published.stderr
    eventually(lambda: stack.api().get(f"/v1/forms/{SLUG}").status_code == 200, seconds=60, what="the form to appear")
    return version


@dataclass
class Desk:
    """A dossier of the tests' ward on its way."""

    office: Office
    dossier: str = ""

    @property
    def stack(self) -> RunningStack:
        return self.office.stack

    def drafted(self, official: str) -> Desk:
        """The marital-status form, to be signed by one official."""
        journey = Journey(self.stack)
        self.dossier = journey.file(agency=WARD)["id"]
        journey.receive()
        answer = self.draft({"official": official})
        assert answer.status_code == 202, answer.text
        return self

    def draft(self, named: Json, data: Json | None = None) -> httpx.Response:
        body = {"data": data or sample()["decision"], **named}
        clerk = self.stack.api("clerk-thuan-hoa")
        return clerk.post(f"/v1/dossiers/{self.dossier}/decision", json=body, headers=key())

    def task(self, person: str) -> Json:
        """What waits for an official of the ward, once it is there."""

        def mine() -> Json | None:
            listed = self.stack.api(person).get("/v1/signing/tasks", params={"agency": WARD, "limit": 100})
            return next((one for one in good(listed)["items"] if one["dossier"]["id"] == self.dossier), None)

        return eventually(mine, what="the task in the official's list")

    def open(self, person: str) -> httpx.Response:
        body = {"tasks": [self.task(person)["id"]], "credential": f"cred-{person}"}
        return self.stack.api(person).post("/v1/signing/sessions", json=body, headers=key())

    def ready(self, person: str, session: str) -> Json:
        def prepared() -> Json | None:
            found = good(self.stack.api(person).get(f"/v1/signing/sessions/{session}"))
            return found if found["status"] != "preparing" else None

        return eventually(prepared, what="the session to be ready")

    def hand_in(self, person: str, session: Json) -> httpx.Response:
        """What the official's device makes of the session, handed in."""
        api = self.stack.api(person)
        listed = good(api.get("/v1/signing/credentials"))["items"]
        chain = next(one for one in listed if one["id"] == session["credential"])["certificate"]
        device = Device.from_file(Path(self.stack.description["devices"][person]["key"]), chain)
        (item,) = session["items"]
        value = base64.b64encode(device.sign(base64.b64decode(item["digest"]), item["algorithm"])).decode()
        body = {"signatures": [{"item": item["item"], "signature": value}]}
        return api.post(f"/v1/signing/sessions/{session['id']}/signatures", json=body)

    def signed(self, person: str) -> None:
        session = self.ready(person, good(self.open(person), 202)["id"])
        good(self.hand_in(person, session), 202)

    def issued(self) -> bytes:
        """The result as the citizen gets it."""
        journey = Journey(self.stack, id=self.dossier)
        journey.issued("result")
        return journey.download("result")


@pytest.fixture
def desk(office: Office) -> Desk:
    office.delegate()
    return Desk(office)


def refused(answer: httpx.Response, reason: str) -> None:
    body = good(answer, 403)
    assert (body["code"], body["reason"]) == ("signer-not-entitled", reason)
    assert body["detail"].endswith(".")


def a_while() -> None:
    """A function may hold a delegation for a second."""
    time.sleep(1.2)


def test_two_officials_sign_one_after_the_other_and_the_seal_follows(desk: Desk, form: Path) -> None:
    given = sample_of(form)
    journey = Journey(desk.stack)
    filed = {"form": {"slug": SLUG, "version": "1.0"}, "procedure": PROCEDURE, "answers": given["answers"]}
    desk.dossier = journey.file(agency=WARD, **filed)["id"]
    journey.receive()
    for named in ({"official": HEAD}, {"officials": [HEAD, f"{DEPUTY}-KT"]}, {"officials": [f"{DEPUTY}-KT", CLERK]}):
        assert good(desk.draft(named, given["decision"]), 422)["errors"][0]["pointer"].startswith("#/officials")
    good(desk.draft({"officials": [f"{DEPUTY}-KT", HEAD]}, given["decision"]), 202)
    first = desk.task(DEPUTY_PERSON)
    assert good(desk.open(HEAD_PERSON), 403)["code"] == "not-allowed"
    desk.signed(DEPUTY_PERSON)
    second = eventually(lambda: _another(desk, first), what="the second official's task")
    assert second["document"]["id"] == first["document"]["id"]
    assert second["document"]["sha256"] != first["document"]["sha256"]
    desk.signed(HEAD_PERSON)
    signatures = PdfFileReader(BytesIO(desk.issued())).embedded_regular_signatures
    assert [each.field_name for each in signatures] == ["official", "official2", "seal"]
    named = [_policy_of(each) for each in signatures]
    assert named == [POLICY_OID, POLICY_OID, None]


def _another(desk: Desk, first: Json) -> Json | None:
    found = desk.task(HEAD_PERSON)
    return found if found["id"] != first["id"] else None


def _policy_of(signature: Any) -> str | None:
    attributes = {each["type"].native: each["values"][0] for each in signature.signer_info["signed_attrs"]}
    policy = attributes.get("signature_policy_identifier")
    return policy.chosen["sig_policy_id"].dotted if policy is not None else None


@pytest.mark.parametrize("capacity", ["KT", "TUQ"])
def test_with_a_delegation_that_stands_the_deputy_signs(desk: Desk, capacity: str) -> None:
    desk.drafted(f"{DEPUTY}-{capacity}").signed(DEPUTY_PERSON)
    fields = [each.field_name for each in PdfFileReader(BytesIO(desk.issued())).embedded_regular_signatures]
    assert fields == ["official", "seal"]


BROKEN = [
    ({"valid_to": "2026-01-01T00:00:00+07:00"}, "delegation-expired"),
    ({"agency": "ubnd-phuong-thuan-hoa"}, "delegation-of-another-agency"),
    ({"withdrawn_at": "2026-01-01T00:00:00+07:00"}, "delegation-withdrawn"),
]


@pytest.mark.parametrize("capacity", ["KT", "TUQ"])
def test_without_a_delegation_that_stands_nothing_is_drafted_and_no_session_opens(desk: Desk, capacity: str) -> None:
    desk.drafted(f"{DEPUTY}-{capacity}")
    task = desk.task(DEPUTY_PERSON)
    for changes, reason in BROKEN:
        desk.office.delegate(**changes)
        a_while()
        refused(desk.open(DEPUTY_PERSON), reason)
        other = Journey(desk.stack)
        other.file(agency=WARD)
        other.receive()
        answer = Desk(desk.office, other.id).draft({"official": f"{DEPUTY}-{capacity}"})
        assert good(answer, 422)["errors"][0]["code"] == reason
    desk.office.delegate()
    a_while()
    assert desk.task(DEPUTY_PERSON) == task, "the document waits as before"
    desk.signed(DEPUTY_PERSON)
    assert desk.issued().startswith(b"%PDF")


@pytest.mark.parametrize("capacity", ["KT", "TUQ"])
def test_withdrawn_between_opening_and_signing_no_value_is_taken(desk: Desk, capacity: str) -> None:
    desk.drafted(f"{DEPUTY}-{capacity}")
    session = desk.ready(DEPUTY_PERSON, good(desk.open(DEPUTY_PERSON), 202)["id"])
    desk.office.delegate(withdrawn_at=moment())
    a_while()
    refused(desk.hand_in(DEPUTY_PERSON, session), "delegation-withdrawn")
    (item,) = good(desk.stack.api(DEPUTY_PERSON).get(f"/v1/signing/sessions/{session['id']}"))["items"]
    assert (item["status"], item["accepted_at"]) == ("ready", None)
    # A new delegation, and what was prepared is signed after all: once.
    desk.office.delegate()
    a_while()
    good(desk.hand_in(DEPUTY_PERSON, session), 202)
    signatures = PdfFileReader(BytesIO(desk.issued())).embedded_regular_signatures
    assert [each.field_name for each in signatures] == ["official", "seal"]
