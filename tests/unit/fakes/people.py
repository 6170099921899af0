"""Callers, and what they send. All people and numbers are made up."""

import copy
import json
from datetime import datetime
from typing import Any

from chauban.access.identity import Caller
from chauban.dossiers.parties import PartyKeys, Scheme

from tests.unit.fakes.catalogue import FORM_FOLDER, SLUG, THUAN_HOA
from tests.unit.fakes.time_and_ids import MORNING

KEYS = PartyKeys(b"a secret of the tests")
AN, BINH = "046198000101", "046195000202"
SAMPLE = json.loads((FORM_FOLDER / "samples" / "never-married.json").read_text(encoding="utf-8"))


def portal(client: str = "portal", *scopes: str) -> Caller:
    """A machine that files for citizens."""
    granted = scopes or ("dossiers:submit", "dossiers:submit-for", "catalogue:read")
    return Caller(subject=client, client=client, scopes=frozenset(granted))


def citizen(number: str = AN, *scopes: str) -> Caller:
    """A citizen in the browser, logged in with a personal number."""
    granted = scopes or ("dossiers:submit", "dossiers:read", "results:read")
    key = KEYS.key(Scheme.PERSONAL_NUMBER, number)
    return Caller(
        subject=f"citizen-{number[-3:]}",
        client="web",
        scopes=frozenset(granted),
        party_key=key,
        acr="loa3",
        auth_time=MORNING,
    )


def staff(person: str, *scopes: str, auth_time: datetime | None = MORNING, acr: str | None = "loa3") -> Caller:
    """Somebody whose rights come from appointments."""
    return Caller(subject=person, client="web", scopes=frozenset(scopes), acr=acr, auth_time=auth_time)


def clerk(place: str = "thuan-hoa") -> Caller:
    """A clerk of a ward."""
    return staff(f"clerk-{place}", "dossiers:read", "dossiers:handle")


def official(place: str = "thuan-hoa", auth_time: datetime | None = MORNING, acr: str | None = "loa3") -> Caller:
    """An official of a ward, fresh from a strong login unless told otherwise."""
    return staff(f"official-{place}", "signing", auth_time=auth_time, acr=acr)


def records(
    place: str = "thuan-hoa", auth_time: datetime | None = MORNING, acr: str | None = "loa3", *scopes: str
) -> Caller:
    """A records officer of a ward, fresh from a strong login unless told otherwise."""
    return staff(f"records-{place}", *(scopes or ("dossiers:read", "records")), auth_time=auth_time, acr=acr)


def answers() -> dict[str, Any]:
    """Complete answers to the form, freely changeable."""
    return copy.deepcopy(SAMPLE["answers"])


def answers_of(name: str, number: str, **changes: Any) -> dict[str, Any]:
    """The same with another person, who applies about herself; what is told of the requester beside that is in `changes`."""
    given = answers()
    person = {"full_name": name, "personal_number": number, "birth_date": f"19{number[4:6]}-02-05"}
    subject = {**given["subject"], **person, **{key: changes[key] for key in person if key in changes}}
    return {**given, "requester": {**given["requester"], **person, **changes}, "subject": subject}


def decision_data() -> dict[str, Any]:
    """A complete decision, freely changeable."""
    return copy.deepcopy(SAMPLE["decision"])


def submission_body(**changes: Any) -> dict[str, Any]:
    """A good body of `POST /v1/dossiers`."""
    return {
        "form": {"slug": SLUG, "version": "1.0"},
        "procedure": "1.004873",
        "agency": THUAN_HOA,
        "requester": {"scheme": "personal_number", "identifier": AN, "name": "Nguyễn Thị An"},
        "channel": "online",
        "contact": {"phone": "0905 000 111", "email": "an@example.vn"},
        "answers": answers(),
        **changes,
    }
