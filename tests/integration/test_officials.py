"""Two officials in sequence, and KT. and TUQ. by a delegation that stands, ended, is not yet valid, is another agency's or another
person's, or is withdrawn while an official signs."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from chauban.adapters.dynamodb.catalogue import KEPT
from chauban.errors import SignerNotEntitled
from pyhanko.pdf_utils.reader import PdfFileReader

from infra.local.demo.device import Device
from tests.integration.departments import Department, sample_of
from tests.integration.journey import Journey, facts, good, key, sample
from tests.integration.offices import CLERK, HEAD, WARD, Office, deputy, moment
from tests.integration.remote_keys import SMARTCA, RemoteSession, outcomes, switch
from tests.integration.running_stack import RunningStack, eventually

SLUG, PROCEDURE = "mau-hai-nguoi-ky", "1.999999"
POLICY_OID = "1.3.6.1.4.1.32473.9.1"
HEAD_PERSON, DEPUTY_PERSON = "official-thuan-hoa", "official-phu-xuan"
Json = dict[str, Any]


STANDING, EXPIRING, WITHDRAWN, WITHDRAWN_LATER = "x-dung", "x-het-han", "x-thu-hoi", "x-thu-hoi-sau"
# Delegations that were never good for the deputy: what each says otherwise, and the word for it.
NEVER = {
    "x-noi-khac": ({"agency": "ubnd-phuong-thuan-hoa"}, "delegation-of-another-agency"),
    "x-nguoi-khac": ({"grantees": [HEAD]}, "delegation-of-another-person"),
    "x-chua-den": ({"valid_from": "2029-01-01T00:00:00+07:00"}, "delegation-not-yet-valid"),
    "x-da-het": ({"valid_to": "2026-01-01T00:00:00+07:00"}, "delegation-expired"),
}


@pytest.fixture(scope="module")
def office(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Office:
    good_ones = {name: {} for name in (STANDING, EXPIRING, WITHDRAWN, WITHDRAWN_LATER, *map(moved_from, NEVER))}
    never = {name: {"grantees": _deputies(name)} | changes for name, (changes, _) in NEVER.items()}
    return Office.opened(stack, tmp_path_factory.mktemp("phường") / "danh mục", **good_ones, **never)


def _deputies(delegation: str) -> list[str]:
    """The appointments that rest on a delegation, and those that come to rest on it."""
    return [deputy(name, capacity) for name in (delegation, moved_from(delegation)) for capacity in ("KT", "TUQ")]


def moved_from(delegation: str) -> str:
    """One that stands, on which the deputy's appointment rests before it rests on `delegation`."""
    return f"{delegation}-truoc"


@dataclass
class Moved:
    """Documents that wait for a deputy whose appointment has come to rest on another delegation since."""

    desks: dict[tuple[str, str], Desk]
    at: float


@pytest.fixture(scope="module", autouse=True)
def moved(office: Office) -> Moved:
    """Made before everything else: functions remember an appointment for a while."""
    cases = [("x-noi-khac", "KT"), ("x-nguoi-khac", "TUQ"), ("x-chua-den", "TUQ")]
    desks = {(name, capacity): Desk(office).drafted(deputy(moved_from(name), capacity)) for name, capacity in cases}
    for desk in desks.values():
        desk.task(DEPUTY_PERSON)
    for name, capacity in desks:
        office.appointments[deputy(moved_from(name), capacity)]["delegation"] = name
    office.load()
    return Moved(desks, time.monotonic())


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

        return eventually(mine, seconds=120, what="the task in the official's list")

    def open(self, person: str, headers: Json | None = None) -> httpx.Response:
        body = {"tasks": [self.task(person)["id"]], "credential": f"cred-{person}"}
        return self.stack.api(person).post("/v1/signing/sessions", json=body, headers=key() | (headers or {}))

    def ready(self, person: str, session: str) -> Json:
        def prepared() -> Json | None:
            found = good(self.stack.api(person).get(f"/v1/signing/sessions/{session}"))
            return found if found["status"] != "preparing" else None

        return eventually(prepared, what="the session to be ready")

    def hand_in(self, person: str, session: Json, headers: Json | None = None) -> httpx.Response:
        """What the official's device makes of the session, handed in."""
        api = self.stack.api(person)
        listed = good(api.get("/v1/signing/credentials"))["items"]
        chain = next(one for one in listed if one["id"] == session["credential"])["certificate"]
        device = Device.from_file(Path(self.stack.description["devices"][person]["key"]), chain)
        (item,) = session["items"]
        value = base64.b64encode(device.sign(base64.b64decode(item["digest"]), item["algorithm"])).decode()
        body = {"signatures": [{"item": item["item"], "signature": value}]}
        return api.post(f"/v1/signing/sessions/{session['id']}/signatures", json=body, headers=headers)

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
    return Desk(office)


def refused(ask: Callable[[Json], httpx.Response], reason: str) -> None:
    """Refused with this reason and its words, in both languages."""
    for language in ("vi", "en"):
        body = good(ask({"Accept-Language": language}), 403)
        assert (body["code"], body["reason"]) == ("signer-not-entitled", reason)
        assert body["detail"] == SignerNotEntitled.reasons[reason][language]


def a_while() -> None:
    """A function may hold a delegation for a second."""
    time.sleep(1.2)


def test_two_officials_sign_one_after_the_other_and_the_seal_follows(desk: Desk, form: Path) -> None:
    given = sample_of(form)
    journey = Journey(desk.stack)
    filed = {"form": {"slug": SLUG, "version": "1.0"}, "procedure": PROCEDURE, "answers": given["answers"]}
    desk.dossier = journey.file(agency=WARD, **filed)["id"]
    journey.receive()
    second_in_command = deputy(STANDING, "KT")
    wrong = ({"official": HEAD}, {"officials": [HEAD, second_in_command]}, {"officials": [second_in_command, CLERK]})
    for named in wrong:
        assert good(desk.draft(named, given["decision"]), 422)["errors"][0]["pointer"].startswith("#/officials")
    good(desk.draft({"officials": [second_in_command, HEAD]}, given["decision"]), 202)
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
def test_with_a_delegation_that_stands_the_deputy_signs_and_staff_sees_by_which(desk: Desk, capacity: str) -> None:
    desk.drafted(deputy(STANDING, capacity)).signed(DEPUTY_PERSON)
    fields = [each.field_name for each in PdfFileReader(BytesIO(desk.issued())).embedded_regular_signatures]
    assert fields == ["official", "seal"]
    path = f"/v1/dossiers/{desk.dossier}"
    told = [one for one in good(desk.stack.api("clerk-thuan-hoa").get(path))["history"] if one["signers"]]
    assert [one["type"] for one in told] == ["decision_drafted", "signature_accepted", "document_signed"]
    for entry in told:
        (signer,) = entry["signers"]
        assert (signer["official"], signer["capacity"]) == (deputy(STANDING, capacity), capacity)
        delegation = signer["delegation"]
        assert (delegation["id"], delegation["number"], delegation["valid_to"]) == (
            STANDING,
            "34/QĐ-UBND",
            "2030-06-30T17:00:00Z",
        )
    for reader in ("portal", "citizen-a"):
        assert not [one for one in good(desk.stack.api(reader).get(path))["history"] if one["signers"]]


@pytest.mark.parametrize("capacity", ["KT", "TUQ"])
@pytest.mark.parametrize("delegation", NEVER)
def test_for_whoever_may_not_sign_nothing_is_drafted(
    desk: Desk, undrafted: str, delegation: str, capacity: str
) -> None:
    desk.dossier, word = undrafted, NEVER[delegation][1]
    body = {"data": sample()["decision"], "official": deputy(delegation, capacity)}
    clerk = desk.stack.api("clerk-thuan-hoa")
    for language in ("vi", "en"):
        headers = key() | {"Accept-Language": language}
        (fault,) = good(clerk.post(f"/v1/dossiers/{desk.dossier}/decision", json=body, headers=headers), 422)["errors"]
        assert (fault["pointer"], fault["code"]) == ("#/official", word)
        assert fault["detail"] == SignerNotEntitled.reasons[word][language]


@pytest.fixture(scope="module")
def undrafted(office: Office) -> str:
    """A dossier for which no decision is drafted."""
    journey = Journey(office.stack)
    journey.file(agency=WARD)
    journey.receive()
    return journey.id


def test_expired_after_the_draft_no_session_opens(office: Office) -> None:
    desks = [Desk(office).drafted(deputy(EXPIRING, capacity)) for capacity in ("KT", "TUQ")]
    tasks = [desk.task(DEPUTY_PERSON) for desk in desks]
    office.delegate(EXPIRING, valid_to=moment())
    a_while()
    for desk, task in zip(desks, tasks, strict=True):
        refused(lambda headers, desk=desk: desk.open(DEPUTY_PERSON, headers), "delegation-expired")  # type: ignore[misc]
        assert desk.task(DEPUTY_PERSON) == task, "the document waits as before"


def test_withdrawn_between_opening_and_signing_no_value_is_taken_and_the_head_signs_instead(office: Office) -> None:
    desks = [Desk(office).drafted(deputy(WITHDRAWN, capacity)) for capacity in ("KT", "TUQ")]
    sessions = [desk.ready(DEPUTY_PERSON, good(desk.open(DEPUTY_PERSON), 202)["id"]) for desk in desks]
    office.delegate(WITHDRAWN, withdrawn_at=moment())
    a_while()
    for desk, session in zip(desks, sessions, strict=True):

        def hand_in(headers: Json, desk: Desk = desk, session: Json = session) -> httpx.Response:
            return desk.hand_in(DEPUTY_PERSON, session, headers)

        refused(hand_in, "delegation-withdrawn")
        (item,) = good(desk.stack.api(DEPUTY_PERSON).get(f"/v1/signing/sessions/{session['id']}"))["items"]
        assert (item["status"], item["accepted_at"]) == ("ready", None)
        assert facts(desk.stack, desk.dossier, "signature_accepted") == _of_the_seal(desk)
    first, *_ = desks
    back = {"reason": "Người ký không còn được giao"}
    path = f"/v1/dossiers/{first.dossier}/documents/{Journey(first.stack, id=first.dossier).document('result')['id']}"
    good(first.stack.api("clerk-thuan-hoa").post(f"{path}/take-back", json=back, headers=key()))
    good(first.draft({"official": HEAD}), 202)
    first.signed(HEAD_PERSON)
    fields = [each.field_name for each in PdfFileReader(BytesIO(first.issued())).embedded_regular_signatures]
    assert fields == ["official", "seal"]


def _of_the_seal(desk: Desk) -> list[Json]:
    return [fact for fact in facts(desk.stack, desk.dossier, "signature_accepted") if fact["by"]["kind"] == "service"]


def test_withdrawn_between_the_authorisation_of_a_remote_key_and_its_value_nothing_is_kept(office: Office) -> None:
    desks = [Desk(office).drafted(deputy(WITHDRAWN_LATER, capacity)) for capacity in ("KT", "TUQ")]
    tasks = [desk.task(DEPUTY_PERSON)["id"] for desk in desks]
    session = RemoteSession(office.stack, SMARTCA, "P-256", ward="phu-xuan")
    session.open(tasks)
    # Long enough for the withdrawal, also on a machine with much else to do.
    switch(office.stack, SMARTCA, "phone", seconds=15)
    try:
        good(session.authorise(), 202)
        office.delegate(WITHDRAWN_LATER, withdrawn_at=moment())
        a_while()
        assert session.now()["status"] in {"authorising", "signing"}, "the holder has not confirmed yet"
    finally:
        switch(office.stack, SMARTCA, "phone", seconds=0.3)
    found = session.settled()
    assert outcomes(found) == {("failed", "delegation-withdrawn"): 2}
    for item, desk in zip(found["items"], desks, strict=True):
        assert item["explanation"] == SignerNotEntitled.reasons["delegation-withdrawn"]
        assert facts(desk.stack, desk.dossier, "signature_accepted") == _of_the_seal(desk)
        refused(lambda headers, desk=desk: desk.open(DEPUTY_PERSON, headers), "delegation-withdrawn")  # type: ignore[misc]


def test_a_delegation_on_record_is_not_changed_by_loading_the_catalogue(office: Office) -> None:
    file = office.folder / "delegations.yaml"
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("34/QĐ-UBND", "35/QĐ-UBND"), encoding="utf-8")
    try:
        done = office.loading()
    finally:
        file.write_text(before, encoding="utf-8")
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert len(said) == 2
    assert all("number" in line for line in said)


def test_an_appointment_that_came_to_rest_on_a_delegation_that_is_not_good_opens_no_session(moved: Moved) -> None:
    time.sleep(max(0.0, KEPT.total_seconds() + 1 - (time.monotonic() - moved.at)))
    for (name, _), desk in moved.desks.items():
        refused(lambda headers, desk=desk: desk.open(DEPUTY_PERSON, headers), NEVER[name][1])  # type: ignore[misc]
