import pytest
from chauban.signing.trust.fetching import FetchError
from chauban.signing.trust.resting import LONGEST_REST_SECONDS, REST_SECONDS, CircuitBreaker, OneAct


class Service:
    """Takes as long as told, by a clock of its own, and fails on demand."""

    def __init__(self) -> None:
        self.now, self.takes, self.fails, self.asked = 0.0, 0.0, False, 0

    def get(self, url: str) -> bytes:
        self.asked += 1
        self.now += self.takes
        if self.fails:
            raise FetchError(url)
        return b"answer"

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        return self.get(url)


def test_a_slow_failure_gives_the_address_a_rest_and_then_another_chance() -> None:
    service = Service()
    breaker = CircuitBreaker(service, lambda: service.now)
    service.takes, service.fails = 40.0, True
    for _ in range(3):
        with pytest.raises(FetchError):
            breaker.post("http://slow", b"", "")
    assert service.asked == 1
    service.now, service.takes, service.fails = service.now + REST_SECONDS, 0.1, False
    assert breaker.post("http://slow", b"", "") == b"answer"


def test_a_quick_failure_costs_nothing_and_is_tried_again() -> None:
    service = Service()
    service.fails = True
    breaker = CircuitBreaker(service, lambda: service.now)
    for _ in range(3):
        with pytest.raises(FetchError):
            breaker.get("http://refusing")
    assert service.asked == 3


def test_one_address_resting_does_not_stop_another() -> None:
    service = Service()
    service.takes, service.fails = 40.0, True
    breaker = CircuitBreaker(service, lambda: service.now)
    with pytest.raises(FetchError):
        breaker.get("http://slow")
    service.fails = False
    assert breaker.get("http://good") == b"answer"


def test_within_one_act_a_question_is_asked_once() -> None:
    service = Service()
    act = OneAct(service)
    assert {act.post("http://ocsp", b"a", ""), act.post("http://ocsp", b"a", "")} == {b"answer"}
    act.post("http://ocsp", b"b", "")
    act.get("http://crl")
    act.get("http://crl")
    assert service.asked == 3


def test_an_address_that_stays_slow_rests_ever_longer_until_it_answers() -> None:
    service = Service()
    service.takes, service.fails = 40.0, True
    breaker = CircuitBreaker(service, lambda: service.now)
    rests = []
    for _ in range(7):
        with pytest.raises(FetchError):
            breaker.get("http://slow")
        failed, asked = service.now, service.asked
        while service.asked == asked:
            service.now += 5
            with pytest.raises(FetchError):
                breaker.get("http://slow")
        rests.append(service.now - 40 - failed)
        service.now = failed + rests[-1] + 40
    # It is asked every five seconds.
    wanted = [min(REST_SECONDS * 2**number, LONGEST_REST_SECONDS) for number in range(7)]
    assert wanted[-3:] == [LONGEST_REST_SECONDS] * 3
    for rest, least in zip(rests, wanted, strict=True):
        assert least <= rest <= least + 5, rests
    service.now, service.fails, service.takes = service.now + LONGEST_REST_SECONDS, False, 0.1
    assert breaker.get("http://slow") == b"answer"
    service.takes, service.fails = 40.0, True
    with pytest.raises(FetchError):
        breaker.get("http://slow")
    service.now, service.fails = service.now + REST_SECONDS, False
    assert breaker.get("http://slow") == b"answer"
