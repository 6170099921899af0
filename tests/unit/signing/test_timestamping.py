import hashlib
from collections.abc import Callable

import pytest
from asn1crypto import tsp
from chauban.errors import TimestampUnavailable
from chauban.signing.trust.fetching import FetchError

from tests.unit.signing.world import InterceptedFetch, World

DIGEST = hashlib.sha256(b"a signature value").digest()
FIRST, SECOND = "/tsa/tsa", "/tsa/tsa-backup"


def test_the_first_authority_is_asked_first_and_alone(world: World) -> None:
    fetch = InterceptedFetch()
    token = world.timestamps(fetch).timestamp(DIGEST, "sha256")
    assert token.url.endswith(FIRST)
    assert len(fetch.asked) == 1
    assert token.time.tzinfo is not None


def _down(_: bytes) -> bytes:
    raise FetchError("down")


def _refusal(_: bytes) -> bytes:
    return bytes.fromhex("3005 3003 020102")  # TimeStampResp with PKIStatus rejection and no token


def _answers_to(world: World, change: Callable[[tsp.TimeStampReq], None]) -> Callable[[bytes], bytes]:
    """A real authority's answer, but to another request."""

    def answer(body: bytes) -> bytes:
        request = tsp.TimeStampReq.load(body)
        change(request)
        return InterceptedFetch().post(
            world.authority.tsa_urls[0], request.dump(force=True), "application/timestamp-query"
        )

    return answer


def _other_imprint(request: tsp.TimeStampReq) -> None:
    request["message_imprint"]["hashed_message"] = bytes(32)


def _other_nonce(request: tsp.TimeStampReq) -> None:
    request["nonce"] = 1


def _flipped(world: World) -> Callable[[bytes], bytes]:
    """A token whose signature value has one bit changed."""

    def answer(body: bytes) -> bytes:
        fetched = InterceptedFetch().post(world.authority.tsa_urls[0], body, "application/timestamp-query")
        response = tsp.TimeStampResp.load(fetched)
        signature = response["time_stamp_token"]["content"]["signer_infos"][0]["signature"].native
        return fetched.replace(signature, signature[:-1] + bytes([signature[-1] ^ 1]))

    return answer


def _hollow(world: World) -> Callable[[bytes], bytes]:
    """A granted answer whose token is about nothing."""

    def answer(body: bytes) -> bytes:
        fetched = InterceptedFetch().post(world.authority.tsa_urls[0], body, "application/timestamp-query")
        response = tsp.TimeStampResp.load(fetched)
        response["time_stamp_token"]["content"]["encap_content_info"] = {"content_type": "tst_info"}
        return bytes(response.dump(force=True))

    return answer


FAULTS: dict[str, Callable[[World], Callable[[bytes], bytes]]] = {
    "down": lambda _: _down,
    "garbage": lambda _: lambda _body: b"<html>not a timestamp</html>",
    "empty sequence": lambda _: lambda _body: b"\x30\x00",
    "refusal": lambda _: _refusal,
    "another imprint": lambda world: _answers_to(world, _other_imprint),
    "another nonce": lambda world: _answers_to(world, _other_nonce),
    "wrong signature": _flipped,
    "a token about nothing": _hollow,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_authority_that_fails_is_passed_over(world: World, fault: str) -> None:
    second = world.authority.tsa_urls[1]
    fetch = InterceptedFetch({SECOND: lambda body: _really(second, body), FIRST: FAULTS[fault](world)})
    token = world.timestamps(fetch).timestamp(DIGEST, "sha256")
    assert token.url.endswith(SECOND)


def test_when_none_answers_the_reasons_are_noted(world: World) -> None:
    fetch = InterceptedFetch({"/tsa/": _down})
    with pytest.raises(TimestampUnavailable) as caught:
        world.timestamps(fetch).timestamp(DIGEST, "sha256")
    assert len(caught.value.__notes__) == 2


def test_only_authorities_that_the_caller_chooses_are_taken(world: World) -> None:
    timestamps = world.timestamps()
    second = timestamps.shown("sha256")[1].certificates[0]
    assert timestamps.timestamp(DIGEST, "sha256", lambda token: token.certificates[0] == second).url.endswith(SECOND)
    with pytest.raises(TimestampUnavailable):
        timestamps.timestamp(DIGEST, "sha256", lambda _: False)


def test_certificates_of_authorities_are_learnt_once(world: World) -> None:
    fetch = InterceptedFetch()
    timestamps = world.timestamps(fetch)
    assert len(timestamps.shown("sha256")) == 2
    timestamps.shown("sha256")
    assert len(fetch.asked) == 2


def _really(url: str, body: bytes) -> bytes:
    return InterceptedFetch().post(url, body, "application/timestamp-query")
