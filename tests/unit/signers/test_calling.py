"""HTTP with a provider: bounded, without redirects, over TLS; what is wrong with the line is one of the sessions' errors."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from chauban.errors import NotConfigured, ProviderAnswerUnusable, ProviderUnavailable
from chauban.signing.signers.calling import MAXIMUM_ANSWER_BYTES, ProviderHttp
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

ANSWERS = {
    "/good": lambda request: Response(request.get_data(), mimetype="application/json"),
    "/form": lambda request: Response(f'{{"fields": "{request.form["a b"]}"}}', mimetype="application/json"),
    "/refused": lambda _: Response('{"error": "invalid_request"}', 400, mimetype="application/json"),
    "/refused-in-words": lambda _: Response("không được", 403, mimetype="text/plain"),
    "/elsewhere": lambda _: Response("", 307, headers={"Location": "/good"}),
    "/list": lambda _: Response("[1]", mimetype="application/json"),
    "/deep": lambda _: Response("[" * 100_000, mimetype="application/json"),
    "/large": lambda _: Response('{"a": "' + "x" * MAXIMUM_ANSWER_BYTES + '"}', mimetype="application/json"),
    "/busy": lambda _: Response("{}", 429),
    "/fault": lambda _: Response("{}", 500),
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    def application(environment: Any, start: Any) -> Any:
        request = Request(environment)
        return ANSWERS[request.path](request)(environment, start)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def http() -> ProviderHttp:
    return ProviderHttp(2.0, plain=True)


def test_json_goes_out_and_a_json_object_comes_back(http: ProviderHttp, url: str) -> None:
    answer = http.json(f"{url}/good", {"tên": "Huế"})
    assert (answer.good, answer.content) == (True, {"tên": "Huế"})


def test_a_form_goes_out_encoded(http: ProviderHttp, url: str) -> None:
    assert http.form(f"{url}/form", {"a b": "Thuận Hóa & Phú Xuân"}).content == {"fields": "Thuận Hóa & Phú Xuân"}


def test_a_refusal_is_an_answer_whether_or_not_it_is_json(http: ProviderHttp, url: str) -> None:
    refused, in_words = http.json(f"{url}/refused", {}), http.json(f"{url}/refused-in-words", {})
    assert (refused.status, refused.good, refused.content) == (400, False, {"error": "invalid_request"})
    assert (in_words.status, in_words.content) == (403, {})


@pytest.mark.parametrize("path", ["elsewhere", "list", "deep", "large"])
def test_what_no_provider_should_answer_is_not_used(http: ProviderHttp, url: str, path: str) -> None:
    with pytest.raises(ProviderAnswerUnusable):
        http.json(f"{url}/{path}", {})


@pytest.mark.parametrize("path", ["busy", "fault"])
def test_a_provider_with_trouble_of_its_own_is_worth_another_try(http: ProviderHttp, url: str, path: str) -> None:
    with pytest.raises(ProviderUnavailable):
        http.json(f"{url}/{path}", {})


def test_nobody_there_is_unavailable(http: ProviderHttp) -> None:
    with pytest.raises(ProviderUnavailable):
        http.json("http://127.0.0.1:9/signHash?code=bí-mật", {})


def test_nothing_is_sent_without_tls_unless_development_allows_it(url: str) -> None:
    with pytest.raises(NotConfigured):
        ProviderHttp(2.0).json(f"{url}/good", {})
    with pytest.raises(NotConfigured):
        ProviderHttp(2.0, plain=True).json("file:///etc/passwd", {})


def test_an_answer_shows_nothing_of_itself_when_it_is_printed(http: ProviderHttp, url: str) -> None:
    assert "48151623" not in repr(http.json(f"{url}/good", {"SAD": "48151623"}))
