"""Extending real files: which authority gives the timestamp, what goes in before it, and what is never returned."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from chauban.documents.finisher.fields import TIMESTAMP_FIELDS
from chauban.errors import CertificateNotUsable, TimestampUnavailable, VerificationFailed
from chauban.signing.linting import Mode
from chauban.signing.linting.linter import lint
from chauban.signing.pades.document_timestamps import document_timestamps
from chauban.signing.pades.lasting import require_lasting, timestamp_report
from chauban.signing.pades.preservation import PadesPreservation
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.trust.certificates import TrustService
from chauban.signing.trust.fetching import Fetch, FetchError
from chauban.signing.trust.offline import stored_material
from chauban.signing.trust.timestamping import TimestampAuthorities
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.unit.fakes.time_and_ids import SettableClock
from tests.unit.preservation.simulated import TSA_LIFE, YEAR, SimulatedTrust
from tests.unit.preservation.test_algorithm_policy import policy, retired
from tests.unit.preservation.years import ANNOUNCED, START
from tests.unit.signing.acts import completed_by, prepared_by
from tests.unit.signing.conftest import RESULT, rendered

ONE, TWO = SimulatedTrust.TSAS
STATUS = "http://ocsp.example/"


class Life:
    """A sealed result, and services whose time a test sets."""

    def __init__(self, stronger_from: datetime = ANNOUNCED, hashes: Sequence[str] | None = None) -> None:
        self.clock = SettableClock(START)
        known = policy(hashes=list(hashes)) if hashes else policy()
        self.trust = SimulatedTrust(self.clock.now, START, stronger_from, policy=lambda: known)
        self.sealed = self.signed_now()

    def signed_now(self) -> bytes:
        pdf = rendered(RESULT)
        for field in ("official", "seal"):
            owner = self.trust.signer(f"{field} of {self.clock.now():%F}")
            prepared = prepared_by(self.trust.engine(), pdf, owner, field, self.clock.now())
            pdf = completed_by(self.trust.engine(), prepared, owner, field).pdf
        return pdf

    def service(self, fetch: Fetch | None = None, patient: Fetch | None = None) -> PadesPreservation:
        timestamps = TimestampAuthorities(self.trust.TSAS, fetch or self.trust, patient)
        return PadesPreservation(self.trust.engine().trust, timestamps, self.clock.now)


class Answering:
    """A `Fetch` in which some authorities answer otherwise."""

    def __init__(self, trust: SimulatedTrust, answers: dict[str, Callable[[bytes], bytes]]) -> None:
        self._trust, self._answers = trust, answers
        self.asked: list[str] = []

    def get(self, url: str) -> bytes:
        return self._trust.get(url)

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        self.asked.append(url)
        return self._answers[url](body) if url in self._answers else self._trust.post(url, body, content_type)


def slow(_: bytes) -> bytes:
    raise FetchError("no answer in time")


def garbage(_: bytes) -> bytes:
    return b"<html>502 Bad Gateway</html>"


@pytest.fixture(scope="module")
def made() -> Life:
    return Life()


@pytest.fixture
def life(made: Life) -> Life:
    made.clock.moment = START
    made.trust.down, made.trust.revoked = set(), {}
    return made


def test_the_timestamp_is_the_last_thing_in_the_file_and_covers_all_that_checks_it(life: Life) -> None:
    extended = life.service().extend(life.sealed, policy())
    assert extended.pdf.startswith(life.sealed)
    (stamp,) = timestamp_report(extended.pdf, [life.trust.root.der])
    assert (stamp.covers_whole_file, stamp.faults, stamp.time) == (True, (), START)
    reader = PdfFileReader(BytesIO(extended.pdf))
    held = stored_material(reader)
    authority = life.trust.made[f"{ONE} 0"]
    assert authority.der in held.certificates
    # Written in a revision before the one that the timestamp makes.
    assert document_timestamps(reader)[0].signed_revision == reader.xrefs.total_revisions - 1
    assert "/DSS" in reader.get_historical_root(reader.xrefs.total_revisions - 2)
    assert extended.ends_at == authority.certificate.not_valid_after_utc
    assert lint(extended.pdf, Mode.NEXT) == []


@pytest.mark.parametrize("answer", [slow, garbage], ids=["too late", "garbage"])
def test_the_next_authority_gives_what_the_first_does_not(life: Life, answer: Callable[[bytes], bytes]) -> None:
    fetch = Answering(life.trust, {ONE: answer})
    extended = life.service(fetch).extend(life.sealed, policy())
    assert extended.authority == _hash(life.trust.made[f"{TWO} 0"].der)
    assert fetch.asked[0] == ONE


def test_a_slow_authority_is_waited_for_only_where_none_is_quick(life: Life) -> None:
    patient = Answering(life.trust, {})
    life.service(Answering(life.trust, {ONE: slow}), patient).extend(life.sealed, policy())
    assert patient.asked == []
    extended = life.service(Answering(life.trust, {ONE: slow, TWO: garbage}), patient).extend(life.sealed, policy())
    assert patient.asked[0] == ONE
    assert extended.authority == _hash(life.trust.made[f"{ONE} 0"].der)


def test_without_any_authority_nothing_is_returned_and_each_one_is_named(life: Life) -> None:
    life.trust.down = {ONE, TWO}
    with pytest.raises(TimestampUnavailable) as refusal:
        life.service().extend(life.sealed, policy())
    assert [note.split(":")[1] for note in refusal.value.__notes__] == ["//tsa-one.example/", "//tsa-two.example/"]


@pytest.mark.parametrize("all_are_down", [True, False])
def test_where_nothing_answers_at_all_the_file_waits_and_where_status_alone_is_away_it_has_failed(
    life: Life, *, all_are_down: bool
) -> None:
    answers: dict[str, Callable[[bytes], bytes]] = {}
    trust = TrustService([life.trust.root.der], Answering(life.trust, answers))
    service = PadesPreservation(trust, TimestampAuthorities(life.trust.TSAS, life.trust), life.clock.now)
    pdf = service.extend(life.sealed, policy()).pdf
    life.clock.forward(minutes=1)
    answers[STATUS], life.trust.down = slow, {ONE, TWO} if all_are_down else {ONE}
    with pytest.raises(TimestampUnavailable if all_are_down else CertificateNotUsable):
        service.extend(pdf, policy())


def test_an_authority_with_two_certificates_is_taken_with_both_of_them(life: Life) -> None:
    """Behind one address there may be several machines."""
    turns = [0]

    def by_turns(body: bytes) -> bytes:
        turns[0] += 1
        return life.trust.post(ONE if turns[0] % 2 else TWO, body, "application/timestamp-query")

    extended = life.service(Answering(life.trust, {ONE: by_turns})).extend(life.sealed, policy())
    held = stored_material(PdfFileReader(BytesIO(extended.pdf))).certificates
    assert {life.trust.made[f"{ONE} 0"].der, life.trust.made[f"{TWO} 0"].der} <= set(held)


@pytest.mark.parametrize("fate", ["ended", "revoked"])
def test_an_authority_with_another_certificate_than_it_showed_long_ago_is_asked_anew(fate: str) -> None:
    """A process may have met it before."""
    life = Life()
    life.trust.down = {TWO}
    service, engine, shown = life.service(), life.trust.engine(), life.trust.made
    service.extend(life.sealed, policy())
    official = life.trust.signer("official")
    prepared_by(engine, rendered(RESULT), official, "official", life.clock.now())
    life.clock.forward(days=1)
    before = shown[f"{ONE} 0"]
    if fate == "revoked":
        # It takes another key, and its first certificate is revoked.
        life.trust.revoked[before.der] = life.clock.now()
        del shown[f"{ONE} 0"]
        shown[f"{ONE} before"] = before
    else:
        life.clock.moment = START + TSA_LIFE + timedelta(days=30)
    fresh = life.trust.signer("official of today")
    prepared = prepared_by(engine, rendered(RESULT), fresh, "official", life.clock.now())
    signed = completed_by(engine, prepared, fresh, "official").pdf
    extended = service.extend(signed, policy())
    now = next(each for label, each in reversed(shown.items()) if label.startswith(ONE) and each is not before)
    assert extended.authority == _hash(now.der)
    assert require_lasting(extended.pdf, [life.trust.root.der]).value == "PAdES-BASELINE-LTA"


def test_an_authority_that_uses_what_is_weak_by_now_is_passed_over() -> None:
    life = Life(stronger_from=START, hashes=["sha512"])
    # Their next certificates are weaker than those with which the signatures' timestamps were made.
    life.trust.stronger_from = START + 40 * YEAR
    life.clock.moment = START + 3.5 * YEAR
    weak: AlgorithmPolicy = policy(hashes=["sha512"], ends=[retired("sha256", "2026-11-01")])
    with pytest.raises(TimestampUnavailable) as refusal:
        life.service().extend(life.sealed, weak)
    assert all("weak-algorithm" in note for note in refusal.value.__notes__)


def test_renewal_brings_the_last_authoritys_standing_and_takes_nothing_away(life: Life) -> None:
    pdf, found = life.sealed, []
    for number in range(4):
        life.clock.moment = START + number * 3 * YEAR
        pdf = life.service().extend(pdf, policy()).pdf
        found.append(len(timestamp_report(pdf, [life.trust.root.der])))
        assert require_lasting(pdf, [life.trust.root.der]).value == "PAdES-BASELINE-LTA"
        assert lint(pdf, Mode.NEXT) == []
    assert found == [1, 2, 3, 4]


def test_a_file_whose_last_certificate_has_ended_has_lapsed(life: Life) -> None:
    pdf = life.service().extend(life.sealed, policy()).pdf
    life.clock.moment = START + TSA_LIFE + timedelta(days=1)
    with pytest.raises(CertificateNotUsable) as refusal:
        life.service().extend(pdf, policy())
    assert refusal.value.values["reason"] == "expired"


def test_an_authority_that_was_revoked_is_passed_over_and_what_it_stamped_last_is_reported(life: Life) -> None:
    pdf = life.service().extend(life.sealed, policy()).pdf
    life.clock.forward(days=1)
    life.trust.revoked[life.trust.made[f"{ONE} 0"].der] = life.clock.now()
    life.clock.forward(days=1)
    with pytest.raises(CertificateNotUsable) as refusal:
        life.service().extend(pdf, policy())
    assert refusal.value.values["reason"] == "revoked"
    # So are signatures that it stamped and nobody covered before; new ones are stamped by the other.
    with pytest.raises(CertificateNotUsable):
        life.service().extend(life.sealed, policy())
    fresh = life.service().extend(life.signed_now(), policy())
    assert fresh.authority == _hash(life.trust.made[f"{TWO} 0"].der)


@pytest.mark.parametrize("where", ["official", "timestamp", "appended"])
def test_a_file_that_was_changed_is_not_kept(life: Life, where: str) -> None:
    pdf = bytearray(life.service().extend(life.sealed, policy()).pdf)
    if where == "appended":
        changed = bytes(pdf) + b"\n% something\n"
    else:
        place = pdf.index(b"stream\n") + 60 if where == "official" else pdf.rindex(b"/Contents") + 220
        pdf[place] ^= 1
        changed = bytes(pdf)
    with pytest.raises(VerificationFailed):
        require_lasting(changed, [life.trust.root.der])


def test_a_file_nobody_signed_is_not_kept(life: Life) -> None:
    with pytest.raises(VerificationFailed):
        life.service().extend(rendered(RESULT), policy())


def _hash(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()


def test_what_was_found_about_the_authority_is_told_and_stands_in_the_file(life: Life) -> None:
    extended = life.service().extend(life.sealed, policy())
    check = extended.certificate_check
    assert (check["result"], check["checked_at"]) == ("good", life.clock.now().isoformat())
    held = stored_material(PdfFileReader(BytesIO(extended.pdf)))
    hashes = {hashlib.sha256(each).hexdigest() for each in (*held.certificates, *held.ocsp_responses, *held.crls)}
    path, evidence = check["path"].split(), [each.partition(":")[2] for each in check["evidence"].split()]
    assert path[0] == extended.authority
    # One answer for each certificate below the anchor.
    assert len(set(evidence)) == len(evidence) == len(path) - 1 == 2
    assert {*path, *evidence} <= hashes


def test_the_lock_leaves_the_fields_open_that_timestamps_bring() -> None:
    life = Life()
    pdf = life.service().extend(life.sealed, policy()).pdf
    reader = PdfFileReader(BytesIO(pdf))
    names = [str(each.field_name) for each in document_timestamps(reader)]
    assert names == [*TIMESTAMP_FIELDS[:1]]
    (seal,) = (each for each in reader.embedded_regular_signatures if each.field_name == "seal")
    assert seal.fieldmdp
    assert not seal.fieldmdp.is_locked(names[0])
    assert all(seal.fieldmdp.is_locked(name) for name in ("number", "date", "official", "anything-new"))
