"""Who files for herself is named by the answers, and as the login names her: nobody has a document printed in another's name.

It holds for citizens, whose login says who they are. A portal or a clerk answers for the people that it names itself.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from chauban.dossiers.parties import Party, Scheme
from chauban.errors import FieldError
from chauban.forms.comparing import canonical
from chauban.forms.definition import FormDefinition
from chauban.forms.requester_rules import RequesterPlace
from chauban.registry.locking import value_at


class Applying(NamedTuple):
    """The people of a dossier, or of one to be filed."""

    requester: Party
    owner: Party | None
    representative: Party | None


def own_faults(
    form: FormDefinition, answers: dict[str, Any], people: Applying, login: Party | None
) -> list[FieldError]:
    """The faults of what a citizen files for herself; `login` is None where the token does not tell number and name."""
    if login is None:
        return [_fault("#/requester/name", "login-without-name")]
    return [*_login_faults(people, login), *applicant_faults(form, answers, people)]


def applicant_faults(
    form: FormDefinition, answers: dict[str, Any], people: Applying, earlier: dict[str, Any] | None = None
) -> list[FieldError]:
    """The places of the answers that name others than they may, or all together not the requester.

    Which places there are, and at which the dossier's owner or representative may stand, says the form. What stands in
    `earlier` answers already may stay.
    """
    places = [one for one in form.head.requester if value_at(answers, one.name) is not None]
    wrong = [pointer for place in places for pointer in _misplaced(place, answers, people)]
    told = {pointer: code for pointer, code in wrong if not _stays(pointer, answers, earlier)}
    if told:
        return [_place_fault(form, pointer, code) for pointer, code in told.items()]
    differing = [_differing(place, answers, people.requester) for place in places]
    if [] in differing:
        return []
    # The first place says it: nowhere is the requester named.
    changed = [[one for one in pointers if not _stays(one, answers, earlier)] for pointers in differing]
    return [_place_fault(form, pointer, "requester-differs") for pointer in next(filter(None, changed), [])]


def other_person_faults(form: FormDefinition, answers: dict[str, Any], earlier: dict[str, Any]) -> list[FieldError]:
    """The places at which answers number somebody else than the `earlier` ones: a result that takes another's place is about the
    same people, since the dossier stays with those who filed it."""
    places = [one.identifier for one in form.head.requester if one.identifier]
    changed = [one for one in places if canonical(value_at(answers, one)) != canonical(value_at(earlier, one))]
    return [_place_fault(form, pointer, "another-person") for pointer in changed]


def _login_faults(people: Applying, login: Party) -> Iterator[FieldError]:
    if people.requester.identifier != login.identifier:
        yield _fault("#/requester/identifier", "requester-differs")
    for role, party in people._asdict().items():
        if party and _same_identifier(party, login) and canonical(party.name) != canonical(login.name):
            yield _fault(f"#/{role}/name", "requester-differs" if role == "requester" else "own-name-differs")


def _misplaced(place: RequesterPlace, answers: dict[str, Any], people: Applying) -> list[tuple[str, str]]:
    """The pointers of a place at which somebody stands who may not stand there, each with the fault's code."""
    differs = _differing(place, answers, people.requester)
    if not (place.or_owner or place.or_representative):
        return [(pointer, "requester-differs") for pointer in differs]
    role = "owner" if place.or_owner else "representative"
    other: Party | None = getattr(people, role)
    # Where the dossier names nobody else, the answers may name anybody: not only people with a number have a share in a house.
    if not differs or other is None or _same_identifier(other, people.requester):
        return []
    return [(pointer, f"{role}-differs") for pointer in _differing(place, answers, other)]


def _differing(place: RequesterPlace, answers: dict[str, Any], party: Party) -> list[str]:
    wanted = {place.name: party.name}
    if place.identifier and party.scheme is Scheme.PERSONAL_NUMBER:
        wanted[place.identifier] = party.identifier
    given = {pointer: value_at(answers, pointer) for pointer in wanted}
    return [
        pointer
        for pointer, value in given.items()
        if value is not None and canonical(value) != canonical(wanted[pointer])
    ]


def _stays(pointer: str, answers: dict[str, Any], earlier: dict[str, Any] | None) -> bool:
    return earlier is not None and value_at(answers, pointer) == value_at(earlier, pointer)


def _same_identifier(one: Party, other: Party) -> bool:
    return (one.scheme, one.identifier) == (other.scheme, other.identifier)


_FAULTS: Mapping[str, tuple[str, str]] = {
    "requester-differs": (
        "Người đứng đơn phải là chính bạn, đúng họ tên và số định danh của tài khoản đăng nhập. Nếu nộp thay người khác, hãy "
        "nộp tại bộ phận một cửa.",
        "The one who applies must be yourself, with the name and number of your login. To file for somebody else, go to the "
        "one-stop desk.",
    ),
    "another-person": (
        "Kết quả thay thế phải về cùng người với hồ sơ. Nếu số định danh đã ghi là của người khác, hãy thu hồi kết quả này và "
        "lập hồ sơ mới cho người đó.",
        "A replacing result is about the same people as the dossier. Where the number was somebody else's, revoke this result and "
        "open a new dossier for that person.",
    ),
    "owner-differs": (
        "Mục này phải là bạn hoặc chủ hồ sơ (owner) đã nêu khi nộp. Hãy ghi cùng một người ở hai nơi.",
        "This must be yourself or the dossier's owner as it was named. Please name the same person in both places.",
    ),
    "representative-differs": (
        "Mục này phải là bạn hoặc người đại diện (representative) đã nêu khi nộp. Hãy ghi cùng một người ở hai nơi.",
        "This must be yourself or the dossier's representative as named. Please name the same person in both places.",
    ),
    "own-name-differs": (
        "Số này là số định danh của bạn, nên họ tên phải đúng như tài khoản đăng nhập. Hãy sửa họ tên, hoặc số của người khác.",
        "This number is your own, so the name must be that of your login. Please correct the name, or the other person's number.",
    ),
    "login-without-name": (
        "Lần đăng nhập này không cho biết họ tên và số định danh của bạn. Hãy đăng nhập lại và đồng ý chia sẻ hai thông tin đó, "
        "hoặc nộp tại bộ phận một cửa.",
        "This login does not tell your name and personal number. Please log in again and agree to share both, or file at the "
        "one-stop desk.",
    ),
}
# Where the form has a place for who files for another, that is the way to do it.
_FOR_ANOTHER = (
    "Tờ khai phải nêu chính bạn, đúng họ tên và số định danh của tài khoản đăng nhập. Nếu nộp thay hoặc đại diện cho người khác, "
    "hãy chọn điều đó trong tờ khai và ghi bạn ở mục người nộp thay hoặc người đại diện.",
    "The form must name yourself, with the name and number of your login. If you file for or represent somebody else, choose "
    "that in the form and name yourself as the one who does so.",
)


def _place_fault(form: FormDefinition, pointer: str, code: str) -> FieldError:
    at = f"#/answers{pointer[1:]}"
    if code == "requester-differs" and len(form.head.requester) > 1:
        vietnamese, english = _FOR_ANOTHER
        return FieldError(at, code, {"vi": vietnamese, "en": english})
    return _fault(at, code)


def _fault(pointer: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
