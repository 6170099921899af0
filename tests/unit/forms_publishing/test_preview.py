"""`forms preview`: page and documents of a sample, faults above, and nothing for anybody else."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from chauban.forms.packaging import read_definition
from chauban.forms.previewing.page import FormPage
from chauban.forms.previewing.server import make_server

from tests.unit.forms_publishing.conftest import edit, rewrite


@pytest.fixture
def port(folder: Path) -> Iterator[int]:
    server = make_server(folder, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def get(port: int, path: str, host: str = "127.0.0.1") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    connection.request("GET", path, headers={"Host": f"{host}:{port}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers["Content-Type"], body


def test_the_page_shows_the_sample_and_marks_what_is_hidden(port: int) -> None:
    status, kind, body = get(port, "/")
    page = body.decode()
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert 'value="Nguyễn Thị Hồng Ánh"' in page
    assert '<div class="control hidden"><label>Số lượng bản sao' in page
    other = get(port, "/?sample=samples%2Fwith-copies.json&lang=en")[2].decode()
    assert '<div class="control"><label>Number of copies' in other
    assert other.count("Name of the paper") == 2
    assert "//" not in page.replace("<!DOCTYPE", "").split("<body>")[1].split("<script>")[0]


@pytest.mark.parametrize("kind", ["application", "receipt", "result"])
def test_the_documents_are_those_of_the_sample(port: int, kind: str) -> None:
    status, media, body = get(port, f"/{kind}.pdf?sample=samples/simple.json")
    assert (status, media, body[:4]) == (200, "application/pdf", b"%PDF")


def test_a_change_is_seen_at_once_and_a_fault_is_told(port: int, folder: Path) -> None:
    before = get(port, "/stamp")
    edit(folder / "texts/vi.json", lambda texts: texts["labels"].pop("request.subject"))
    assert get(port, "/stamp") != before
    assert "texts/vi.json: labels › request.subject" in get(port, "/")[2].decode()
    rewrite(folder / "uischema.json", '"type": "Categorization",', '"type": "Categorization"')
    assert "uischema.json" in get(port, "/")[2].decode()


def test_a_document_that_cannot_be_made_says_why(port: int, folder: Path) -> None:
    rewrite(folder / "result.html", "<p>Theo", "{{ nobody }}<p>Theo")
    status, _, body = get(port, "/result.pdf")
    assert (status, "nobody" in body.decode()) == (422, True)


def test_another_name_for_this_machine_gets_nothing(port: int) -> None:
    assert get(port, "/", host="evil.example")[0] == 403
    assert get(port, "/../../etc/passwd")[0] == 404


def test_what_a_sample_says_is_text(folder: Path) -> None:
    form = read_definition(folder)
    page = FormPage(form, {"request": {"subject": '"><script>x</script>'}}, "vi").html()
    assert "<script>" not in page
