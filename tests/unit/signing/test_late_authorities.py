"""Authorities that keep silent, or say nothing of use, while another one would answer: what that costs whoever waits."""

import hashlib
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from chauban.errors import TimestampUnavailable
from chauban.signing.pades.engine import BRISK_SECONDS, PadesEngine
from chauban.signing.pades.preservation import PadesPreservation
from chauban.signing.trust.fetching import FetchError
from chauban.signing.trust.resting import LATE_SECONDS, Punctuality
from chauban.signing.trust.timestamping import TimestampAuthorities

from tests.unit.signing.acts import completed_by, prepared_by
from tests.unit.signing.world import KeyOwner, World

DIGEST = hashlib.sha256(b"a signature value").digest()
HEAD_START = 0.3
BRISK, PATIENT = 1.2, 10.0


@dataclass
class Tempers:
    """A `Fetch` in which each authority (by the end of its address) has its own way: seconds until it answers, or what it says."""

    world: World
    patience: float
    seconds: dict[str, float] = field(default_factory=dict)
    says: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def get(self, url: str) -> bytes:
        return self.world.fetch.get(url)

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        name = url.rsplit("/", 1)[-1]
        self.asked.append(name)
        takes = self.seconds.get(name, 0.0)
        time.sleep(min(takes, self.patience))
        if takes > self.patience:
            raise FetchError(f"{url}: no answer in time")
        return self.says.get(name) or self.world.fetch.post(url, body, content_type)


FIRST, SECOND = "tsa", "tsa-backup"


@pytest.fixture
def brisk(world: World) -> Tempers:
    return Tempers(world, BRISK)


def authorities(world: World, brisk: Tempers, patient: Tempers | None = None) -> TimestampAuthorities:
    return TimestampAuthorities(world.authority.tsa_urls, brisk, patient, head_start=HEAD_START)


def test_a_silent_authority_costs_its_head_start_and_then_nothing_for_a_minute(world: World, brisk: Tempers) -> None:
    brisk.seconds[FIRST] = PATIENT
    asked, started = authorities(world, brisk), time.monotonic()
    assert asked.timestamp(DIGEST, "sha256").url.endswith(SECOND)
    assert HEAD_START <= time.monotonic() - started < BRISK
    brisk.asked.clear()
    assert asked.timestamp(DIGEST, "sha256").url.endswith(SECOND)
    assert brisk.asked == [SECOND]


def test_nonsense_that_comes_late_is_not_waited_for_and_makes_its_author_the_last_to_be_asked(
    world: World, brisk: Tempers
) -> None:
    brisk.seconds[FIRST], brisk.says[FIRST] = 2 * HEAD_START, b"<html>502 Bad Gateway</html>"
    asked = authorities(world, brisk)
    assert asked.timestamp(DIGEST, "sha256").url.endswith(SECOND)
    time.sleep(2 * HEAD_START)
    brisk.asked.clear()
    assert asked.timestamp(DIGEST, "sha256").url.endswith(SECOND)
    assert brisk.asked == [SECOND]


def test_an_authority_that_is_slow_is_taken_where_it_is_the_only_one(world: World, brisk: Tempers) -> None:
    brisk.seconds[FIRST], brisk.says[SECOND] = 2 * HEAD_START, b"garbage"
    assert authorities(world, brisk).timestamp(DIGEST, "sha256").url.endswith(FIRST)


def test_one_that_is_too_slow_for_anybody_else_is_waited_for_patiently(world: World, brisk: Tempers) -> None:
    brisk.seconds = {FIRST: 2 * BRISK, SECOND: PATIENT * 2}
    patient = Tempers(world, PATIENT, brisk.seconds)
    started = time.monotonic()
    assert authorities(world, brisk, patient).timestamp(DIGEST, "sha256").url.endswith(FIRST)
    assert time.monotonic() - started < PATIENT
    assert patient.asked[0] == FIRST


def test_what_an_authority_shows_is_waited_for_only_as_long_as_no_other_has_shown_any(
    world: World, brisk: Tempers
) -> None:
    brisk.seconds[FIRST] = PATIENT
    asked, started = authorities(world, brisk), time.monotonic()
    (token,) = asked.shown("sha256")
    assert token.url.endswith(SECOND)
    assert time.monotonic() - started < BRISK
    brisk.asked.clear()
    assert asked.shown("sha256") == [token]
    assert brisk.asked == []


def test_all_that_answer_are_shown_in_the_order_of_preference(world: World, brisk: Tempers) -> None:
    brisk.seconds[FIRST] = HEAD_START / 3
    shown = authorities(world, brisk).shown("sha256")
    assert [token.url.rsplit("/", 1)[-1] for token in shown] == [FIRST, SECOND]


def test_where_all_are_silent_each_is_named(world: World, brisk: Tempers) -> None:
    brisk.seconds = {FIRST: PATIENT, SECOND: PATIENT}
    with pytest.raises(TimestampUnavailable) as not_stamped:
        authorities(world, brisk).timestamp(DIGEST, "sha256")
    with pytest.raises(TimestampUnavailable) as not_shown:
        authorities(world, brisk).shown("sha256")
    assert len(not_stamped.value.__notes__) == len(not_shown.value.__notes__) == 2


def test_a_token_that_may_not_be_taken_is_no_reason_to_wait(world: World, brisk: Tempers) -> None:
    chosen = authorities(world, brisk).timestamp(DIGEST, "sha256", lambda token: token.url.endswith(SECOND))
    assert chosen.url.endswith(SECOND)
    with pytest.raises(TimestampUnavailable):
        authorities(world, brisk).timestamp(DIGEST, "sha256", lambda _: False)


def test_a_file_is_extended_by_whoever_answers_while_another_keeps_silent(
    world: World, result: bytes, official: KeyOwner
) -> None:
    tempers = Tempers(world, PATIENT, {FIRST: 2 * PATIENT})
    signed = completed_by(world.engine(), prepared_by(world.engine(), result, official), official).pdf
    service, started = PadesPreservation(world.trust(), authorities(world, tempers)), time.monotonic()
    for _ in range(2):
        assert service.extend(signed, world.policy).level == "PAdES-BASELINE-LTA"
    assert time.monotonic() - started < PATIENT
    # One token to see its certificate, and one for each file.
    assert sorted(tempers.asked) == [FIRST, SECOND, SECOND, SECOND]


def test_lateness_is_forgotten_after_a_minute_and_by_an_answer_in_time() -> None:
    now = [100.0]
    seen = Punctuality(1.0, lambda: now[0])
    seen.late("a")
    assert seen.in_order("abc") == ["b", "c", "a"]
    now[0] += LATE_SECONDS
    assert seen.in_order("abc") == ["a", "b", "c"]

    def slowly() -> None:
        now[0] += 2

    seen.watched("b", slowly)
    assert seen.in_order("abc") == ["a", "c", "b"]
    seen.watched("b", lambda: None)
    assert seen.in_order("abc") == ["a", "b", "c"]


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a machine that takes connections, and where nobody answers."""
    listening = socket.create_server(("127.0.0.1", 0))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/tsa"
    listening.close()


def test_the_engine_signs_beside_a_silent_authority_almost_as_quickly(
    world: World, silent: str, result: bytes, official: KeyOwner, seal: KeyOwner
) -> None:
    good, times = world.authority.tsa_urls[0], []
    for urls in ([good], [silent, good]):
        engine = PadesEngine(world.anchors, urls, policy=lambda: world.policy)
        started, pdf = time.monotonic(), result
        for field_name, owner in (("official", official), ("seal", seal)):
            pdf = completed_by(engine, prepared_by(engine, pdf, owner, field_name), owner, field_name).pdf
        times.append(time.monotonic() - started)
        assert engine.verify(pdf, ["official", "seal"]) == "PAdES-BASELINE-LT"
    # Four requests; the first finds out, the others know.
    assert times[1] - times[0] < BRISK_SECONDS / 2
