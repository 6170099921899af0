"""Number books over HTTP."""

import pytest
from chauban.errors import TimestampUnavailable

from tests.unit.fakes.gateway import Gateway
from tests.unit.fakes.world import result_of

BOOK = "/v1/agencies/ubnd-phuong-thuan-hoa/number-books/xac-nhan-tinh-trang-hon-nhan/2026"
OFFICE = "records-thuan-hoa"
KEY = {"Idempotency-Key": "k"}


@pytest.fixture
def issued(call: Gateway) -> Gateway:
    """The service with number 1 issued and number 2 of a document that could not be sealed."""
    call.world.issued()
    dossier = call.world.awaiting_seal()
    call.world.engine.timestamps_fail = True
    with pytest.raises(TimestampUnavailable):
        call.world.sealing.seal(dossier.id, result_of(dossier).id)
    return call


def test_a_book_is_read_page_by_page(issued: Gateway) -> None:
    first = issued("GET", BOOK, who="clerk-thuan-hoa", query={"limit": "1"}).body
    assert [one["display"] for one in first["items"]] == ["01/UBND-XNTTHN"]
    rest = issued("GET", BOOK, who="clerk-thuan-hoa", query={"limit": "1", "cursor": first["cursor"]}).body
    assert ([one["number"] for one in rest["items"]], rest["cursor"]) == ([2], None)
    assert rest["items"][0]["document"]["kind"] == "result"
    assert issued("GET", BOOK, who="clerk-phu-xuan").status == 404
    wrong = issued("GET", BOOK, who="clerk-thuan-hoa", query={"cursor": "x"})
    assert (wrong.status, wrong.body["errors"][0]["code"]) == (422, "unknown-cursor")
    assert issued("GET", BOOK.replace("2026", "năm"), who="clerk-thuan-hoa").status == 422


def test_a_number_is_made_void_with_a_reason(issued: Gateway) -> None:
    path = f"{BOOK}/numbers/2/void"
    assert issued("POST", path, {}, who=OFFICE, headers=KEY).status == 422
    assert issued("POST", path, {"reason": "Hỏng"}, who="clerk-thuan-hoa", headers=KEY).status == 403
    for _ in range(2):
        answer = issued("POST", path, {"reason": "Hỏng"}, who=OFFICE, headers=KEY)
        assert (answer.status, answer.body["void"]["reason"]) == (200, "Hỏng")
        assert answer.body["void"]["by"] == "records-thuan-hoa-1"
    again = issued("POST", f"{BOOK}/numbers/1/void", {"reason": "Hỏng"}, who=OFFICE, headers={"Idempotency-Key": "2"})
    assert (again.status, again.body["code"]) == (409, "wrong-state")
    assert issued("POST", f"{BOOK}/numbers/9/void", {"reason": "Hỏng"}, who=OFFICE, headers=KEY).status == 404


def test_a_book_is_printed_as_a_register(issued: Gateway) -> None:
    answer = issued("POST", f"{BOOK}/prints", {"from": 1, "to": 2}, who=OFFICE, headers=KEY)
    assert (answer.status, answer.body["status"]) == (202, "rendering")
    assert answer.body["numbers"] == {"book": "xac-nhan-tinh-trang-hon-nhan", "year": 2026, "first": 1, "last": 2}
    issued.world.register_printing.make(answer.body["id"])
    issued.world.engine.timestamps_fail = False
    issued.world.register_sealing.seal(answer.body["id"])
    found = issued("GET", answer.headers["Location"], who="clerk-thuan-hoa").body
    assert found["status"] == "issued"
    assert "so-van-ban-2026-1-2.pdf" in found["file"]["url"]
    assert issued("POST", f"{BOOK}/prints", {"to": 9}, who=OFFICE, headers={"Idempotency-Key": "2"}).status == 422
