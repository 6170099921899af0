"""The client signer: a device that the official holds, through the API, and every fault around its signature."""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator

import pytest
from chauban.dossiers.facts import FactType
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.errors import CertificateNotUsable, TimestampUnavailable
from chauban.signing.algorithms import Algorithm
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from infra.local.demo.device import DeviceRefuses
from infra.local.trust import reinstate, revoke, suspend
from tests.unit.fakes.people import clerk
from tests.unit.fakes.world import result_of
from tests.unit.signers.documents import key_for
from tests.unit.signers.own_device import DeviceDesk, desk_at_the_api
from tests.unit.signing.acts import down
from tests.unit.signing.world import InterceptedFetch
from tests.unit.signing.world import World as Trust

LEVEL = "PAdES-BASELINE-LT"


@pytest.fixture(name="desk")
def _desk(
    world: Trust, result: bytes, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[DeviceDesk]:
    algorithm = getattr(request, "param", Algorithm.ECDSA_P256_SHA256)
    with desk_at_the_api(DeviceDesk(world, result, f"device-{secrets.token_hex(6)}", algorithm), monkeypatch) as made:
        yield made


def verified(desk: DeviceDesk, pdf: bytes) -> bool:
    return desk.trust.engine().verify(pdf, ["official"]) == LEVEL


@pytest.mark.parametrize("desk", list(Algorithm), indirect=True)
def test_a_device_signs_what_it_was_shown(desk: DeviceDesk) -> None:
    (dossier,) = desk.waiting()
    assert verified(desk, desk.signed(dossier))
    assert desk.accepted(dossier) == 1


# Refused ------------------------------------------------------------------------------------------------------------------


def test_a_device_refuses_another_file_than_it_was_told_of_and_the_draft_goes_back(desk: DeviceDesk) -> None:
    (dossier,) = desk.waiting()
    session = desk.prepared(dossier)
    item = session["items"][0]
    attributes, digest = b64decode(item["signed_attributes"]), b64decode(item["digest"])
    with pytest.raises(DeviceRefuses):
        desk.device.examine(desk.file(session, item) + b"\n", item["document_sha256"], attributes, digest)
    value = desk.value(session)
    assert (desk.item(session)["status"], desk.item(session)["accepted_at"]) == ("ready", None)
    back = desk.ask("POST", f"/v1/signing/tasks/{item['task']}/return", {"reason": "Tệp không đúng"})
    assert back.status == 200, back.body
    assert (desk.item(session)["status"], desk.item(session)["reason"]) == ("refused", "returned")
    assert desk.hand_in(session, value).status == 422
    assert desk.accepted(dossier) == 0


# Late ---------------------------------------------------------------------------------------------------------------------


def test_a_value_after_the_end_of_the_session_is_not_taken_and_the_document_is_free(desk: DeviceDesk) -> None:
    (dossier,) = desk.waiting()
    session = desk.prepared(dossier)
    value = desk.value(session)
    desk.world.clock.forward(minutes=30)
    said = [desk.hand_in(session, value, language=language) for language in ("vi", "en")]
    assert [(answer.status, answer.body["code"]) for answer in said] == [(409, "wrong-state")] * 2
    assert said[0].body["detail"] != said[1].body["detail"]
    assert desk.accepted(dossier) == 0
    assert verified(desk, desk.signed(dossier))
    assert desk.accepted(dossier) == 1


# Twice --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", ["the same value", "another good value", "another value that is none"])
def test_a_second_value_changes_nothing(desk: DeviceDesk, again: str) -> None:
    (dossier,) = desk.waiting()
    session = desk.prepared(dossier)
    first, other = desk.value(session), desk.value(session)
    assert first != other, "ECDSA signs with chance"
    second = {"the same value": first, "another good value": other, "another value that is none": "AAAA"}[again]
    assert desk.hand_in(session, first).status == 202
    assert desk.hand_in(session, second).status == 202
    desk.embed(session)
    assert desk.hand_in(session, second).status == 202
    desk.embed(session)
    assert desk.accepted(dossier) == 1
    signed = desk.result(dossier)
    assert verified(desk, signed)
    assert b64decode(first).hex().encode() in signed.lower()
    assert b64decode(other).hex().encode() not in signed.lower()


# Wrong --------------------------------------------------------------------------------------------------------------------


def test_a_wrong_value_is_refused_with_its_place_and_keeps_nobody_from_signing(desk: DeviceDesk) -> None:
    dossier, foreign = desk.waiting(2)
    session = desk.prepared(dossier, foreign)
    digest = b64decode(session["items"][0]["digest"])
    stranger = key_for(desk.algorithm)
    other = desk.device_with(stranger, desk.certified(f"{desk.label}-x", stranger))
    name = desk.algorithm.value
    values = {
        "chance": b64encode(secrets.token_bytes(70)).decode(),
        "something else": b64encode(desk.device.sign(bytes(32), name)).decode(),
        "by another key": b64encode(other.sign(digest, name)).decode(),
        "for another document": desk.value(session, 2),
        "no base64": "không phải base64",
    }
    for fault, value in values.items():
        said = [desk.hand_in(session, value, language=language) for language in ("vi", "en")]
        assert [(answer.status, answer.body["code"]) for answer in said] == [(422, "invalid-request")] * 2, fault
        (first,), (second,) = (answer.body["errors"] for answer in said)
        assert first["pointer"] == second["pointer"] == "#/signatures/0/signature"
        assert first["detail"] != second["detail"]
    assert desk.accepted(dossier) == 0
    good = desk.value(session)
    assert desk.hand_in(session, good, desk.value(session, 2)).status == 202
    desk.embed(session)
    assert verified(desk, desk.result(dossier))
    assert (desk.accepted(dossier), desk.accepted(foreign)) == (1, 1)


def test_a_document_that_was_drafted_anew_takes_no_value_for_the_old_one(desk: DeviceDesk) -> None:
    (dossier,) = desk.waiting()
    session = desk.prepared(dossier)
    value, who = desk.value(session), clerk()
    request = ReturnDraft(reason="Nhầm")
    desk.world.returning.take_back(who, dossier.id, result_of(dossier).id, request, desk.world.guard(who))
    answer = desk.hand_in(session, value)
    assert answer.status == 422
    assert answer.body["errors"][0]["code"] == "item-not-ready"
    assert desk.item(session)["status"] == "refused"
    assert desk.accepted(dossier) == 0


# Certificates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["revoked", "suspended"])
def test_with_a_certificate_that_does_not_stand_nothing_is_prepared(desk: DeviceDesk, word: str) -> None:
    (dossier,) = desk.waiting()
    (revoke if word == "revoked" else suspend)(desk.trust.authority.data, desk.label)
    item = desk.prepared(dossier)["items"][0]
    assert (item["status"], item["reason"], item["digest"]) == ("failed", f"certificate-{word}", None)
    assert set(item["explanation"]) == {"vi", "en"}
    assert all(item["explanation"].values())
    if word == "suspended":
        reinstate(desk.trust.authority.data, desk.label)
    else:
        desk.label, desk.key = f"{desk.label}-new", key_for(desk.algorithm)
        chain = desk.certified(desk.label, desk.key)
        desk.record(chain)
        desk.device = desk.device_with(desk.key, chain)
    assert verified(desk, desk.signed(dossier))


def test_with_a_certificate_of_somebody_else_no_session_opens(desk: DeviceDesk) -> None:
    (dossier,) = desk.waiting()
    stranger = key_for(desk.algorithm)
    desk.record(desk.certified(f"{desk.label}-other", stranger, name="Người Khác"))
    body = {"tasks": [result_of(dossier).id], "credential": "cred-official-thuan-hoa"}
    said = [desk.ask("POST", "/v1/signing/sessions", body, language) for language in ("vi", "en")]
    assert [(answer.status, answer.body["reason"]) for answer in said] == [(409, "name-differs")] * 2
    assert said[0].body["detail"] != said[1].body["detail"]


@pytest.mark.parametrize("word", ["revoked", "suspended"])
def test_a_certificate_that_fell_after_the_value_gives_the_value_up(desk: DeviceDesk, word: str) -> None:
    (dossier,) = desk.waiting()
    session = desk.prepared(dossier)
    assert desk.hand_in(session, desk.value(session)).status == 202
    (revoke if word == "revoked" else suspend)(desk.trust.authority.data, desk.label)
    desk.embed(session)
    assert (desk.item(session)["status"], desk.item(session)["reason"]) == ("failed", f"certificate-{word}")
    after = desk.world.store.load(dossier.id)
    assert after.fact(FactType.SIGNATURE_GIVEN_UP)
    assert result_of(after).signatures == ()
    if word == "suspended":
        reinstate(desk.trust.authority.data, desk.label)
        assert verified(desk, desk.signed(dossier))


def test_a_chain_that_is_missing_is_fetched_or_nothing_is_prepared(desk: DeviceDesk) -> None:
    (dossier,) = desk.waiting()
    leaf = x509.load_pem_x509_certificates(desk.chain.encode())[0].public_bytes(Encoding.PEM).decode()
    desk.record(leaf)
    desk.fetch = InterceptedFetch({"http": down})
    item = desk.prepared(dossier)["items"][0]
    assert (item["status"], item["reason"]) == ("failed", "certificate-unknown_issuer")
    desk.fetch = None
    assert verified(desk, desk.signed(dossier))


# Services that are away ---------------------------------------------------------------------------------------------------


def test_without_a_timestamp_the_value_waits_and_the_device_is_not_asked_again(desk: DeviceDesk) -> None:
    (dossier,) = desk.waiting()
    session = desk.prepared(dossier)
    assert desk.hand_in(session, desk.value(session)).status == 202
    desk.fetch = InterceptedFetch({"/tsa/": down})
    with pytest.raises(TimestampUnavailable):
        desk.embed(session)
    assert desk.item(session)["accepted_at"]
    assert desk.shown(session["id"])["status"] == "signing"
    desk.fetch = None
    desk.embed(session)
    assert verified(desk, desk.result(dossier))
    assert desk.accepted(dossier) == 1


def test_without_ocsp_the_list_serves_and_without_both_nothing_is_prepared(desk: DeviceDesk) -> None:
    (dossier,) = desk.waiting()
    desk.fetch = InterceptedFetch({"/ocsp/": down, "/crls/": down})
    session = desk.opened(dossier)
    with pytest.raises(CertificateNotUsable, match="status_unavailable"):
        desk.world.official.prepare(session, 1)
    assert desk.item(session)["digest"] is None
    desk.fetch = InterceptedFetch({"/ocsp/": down})
    desk.world.official.prepare(session, 1)
    shown = desk.shown(session)
    assert desk.hand_in(shown, desk.value(shown)).status == 202
    desk.embed(shown)
    assert verified(desk, desk.result(dossier))
