"""Number books over HTTP."""

import pytest
from chauban.errors import TimestampUnavailable

from tests.unit.fakes.amendments import KINDS, amended, first_result, newest
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


@pytest.mark.parametrize("act", KINDS)
def test_whoever_looks_a_number_up_learns_what_became_of_its_document(call: Gateway, act: str) -> None:
    dossier = amended(call.world, call.world.issued(), act)
    listed = call("GET", BOOK, who=OFFICE).body["items"]
    (found,) = (one["document"] for one in listed if one["document"]["id"] == first_result(dossier))
    worth = {"replacement": "replaced", "correction": "corrected", "revocation": "revoked"}[act]
    assert found["validity"] == worth
    assert newest(dossier, act) in (found["replaced_by"], found["revoked_by"], *found["corrected_by"])


def test_what_is_not_issued_under_a_number_is_worth_nothing_by_it(issued: Gateway) -> None:
    worth = lambda: [one["document"]["validity"] for one in issued("GET", BOOK, who=OFFICE).body["items"]]  # noqa: E731
    assert worth() == ["in_force", None]
    issued("POST", f"{BOOK}/numbers/2/void", {"reason": "Hỏng"}, who=OFFICE, headers=KEY)
    (task,) = issued("GET", "/v1/sealing/tasks", who=OFFICE, query={"agency": "ubnd-phuong-thuan-hoa"}).body["items"]
    issued.world.engine.timestamps_fail = False
    fresh = {"Idempotency-Key": "2"}
    assert issued("POST", f"/v1/sealing/tasks/{task['id']}/release", who=OFFICE, headers=fresh).status == 200
    issued.world.sealing.seal(task["dossier"]["id"], task["id"])
    # Number 2 is void, and its document was issued with number 3.
    assert worth() == ["in_force", None, "in_force"]


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
