"""Who files for herself is the one whom the answers name: nobody has a document printed in another's name.

It holds for citizens, whose login says who they are. A portal or a clerk answers for the people that it names itself.
"""

from collections.abc import Iterator
from typing import Any

from chauban.dossiers.parties import Party, Scheme
from chauban.errors import FieldError
from chauban.forms.comparing import canonical
from chauban.forms.definition import FormDefinition
from chauban.forms.requester_rules import RequesterPlace
from chauban.registry.locking import value_at


def login_faults(requester: Party, login: Party | None) -> list[FieldError]:
    """A fault where a citizen applies under another name than the login's."""
    if login is None or canonical(login.name) == canonical(requester.name):
        return []
    return [_fault("#/requester/name", "requester-differs")]


def applicant_faults(
    form: FormDefinition,
    answers: dict[str, Any],
    requester: Party,
    owner: Party,
    earlier: dict[str, Any] | None = None,
) -> list[FieldError]:
    """The answers that name another applicant than `requester`, or than `owner` where the form allows that.

    Only the first place of the form that is answered counts. What stands in `earlier` answers already may stay.
    """
    place = next((one for one in form.head.requester if value_at(answers, one.name) is not None), None)
    if place is None:
        return []
    allowed = (requester, owner) if place.or_owner else (requester,)
    told = [list(_differing(place, answers, party, earlier)) for party in allowed]
    return [] if [] in told else [_fault(f"#/answers{pointer[1:]}", "requester-differs") for pointer in told[0]]


def _differing(
    place: RequesterPlace, answers: dict[str, Any], party: Party, earlier: dict[str, Any] | None
) -> Iterator[str]:
    wanted = {place.name: party.name}
    if place.identifier and party.scheme is Scheme.PERSONAL_NUMBER:
        wanted[place.identifier] = party.identifier
    for pointer, value in wanted.items():
        given = value_at(answers, pointer)
        stays = earlier is not None and given == value_at(earlier, pointer)
        if given is not None and not stays and canonical(given) != canonical(value):
            yield pointer


_FAULTS = {
    "requester-differs": (
        "Người đứng đơn phải là chính bạn, đúng họ tên và số định danh của tài khoản đăng nhập. Nếu nộp thay người khác, hãy "
        "nộp tại bộ phận một cửa, hoặc nêu người đó là chủ hồ sơ.",
        "The one who applies must be yourself, with the name and number of your login. To file for somebody else, go to the "
        "one-stop desk, or name that person as the dossier's owner.",
    ),
}


def _fault(pointer: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
