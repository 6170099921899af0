"""Different, believable answers each time to the form on marital status, and one set with three mistakes."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

import jsonschema_rs
from chauban.forms.formats import formats

from infra.local.demo.failures import NotTrue
from infra.local.demo.people import Person, name, person, sex_and_year

Answers = dict[str, Any]

CASES = ("never_married", "married", "divorced", "widowed")
MISTAKES = ("#/answers/requester/birth_date", "#/answers/subject/personal_number", "#/answers/purpose")
"""Where `with_three_mistakes` goes wrong: a day that does not exist, eleven digits, and nothing at all."""

_PURPOSES = (
    "bổ sung hồ sơ vay vốn ngân hàng",
    "làm thủ tục mua bán nhà đất",
    "làm thủ tục xuất khẩu lao động",
    "bổ sung hồ sơ du học",
)
_TO_MARRY = "làm thủ tục đăng ký kết hôn"


def answers(random: Random, applicant: Mapping[str, str], today: date, ward: str, case: str | None = None) -> Answers:
    """The answers of `applicant` (a party) who lives in `ward`, half of the time for a relative."""
    asker = _of_age(random, applicant, today, ward)
    for_self = random.random() < 0.5
    subject = asker if for_self else person(random, today, ward=ward)
    case = case or random.choice(CASES)
    since = subject.born + timedelta(days=random.randint(18 * 366, 19 * 366))
    purposes = _PURPOSES if case == "married" else (*_PURPOSES, _TO_MARRY)
    return {
        "requester": {
            **_identity(asker),
            "relation": "self" if for_self else random.choice(("sibling", "authorised")),
        },
        "subject": {**_identity(subject), "sex": subject.sex, "ethnicity": "Kinh", "nationality": "Việt Nam"},
        "residence_period": {"place": subject.address, "from": since.isoformat(), "to": today.isoformat()},
        "marital_status": {"case": case, **_proof(random, case, subject, since, today)},
        "purpose": random.choice(purposes),
    }


def with_three_mistakes(filled: Answers) -> Answers:
    """The same answers with the faults that `MISTAKES` points to."""
    wrong = copy.deepcopy(filled)
    wrong["requester"]["birth_date"] = "1990-02-30"
    wrong["subject"]["personal_number"] = wrong["subject"]["personal_number"][:11]
    del wrong["purpose"]
    return wrong


def decision(filled: Mapping[str, Any]) -> dict[str, Any]:
    """What a clerk confirms after looking into the register: here, what was applied for."""
    return {
        "residence_period": filled["residence_period"],
        "marital_status": filled["marital_status"],
        "purpose": filled["purpose"],
        "valid_months": 6,
    }


def faults_of(filled: Mapping[str, Any], schema: Mapping[str, Any], today: date) -> list[str]:
    """A line for every fault: its pointer, and the rule that is broken."""
    validator = jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True, formats=dict(formats(today)))
    return [_line(fault) for fault in validator.iter_errors(dict(filled))]


def _line(fault: jsonschema_rs.ValidationError) -> str:
    details = fault.kind.as_dict()
    missing = [details["property"]] if "property" in details else []
    return f"#/answers/{'/'.join(str(part) for part in (*fault.instance_path, *missing))} {fault.kind.name}"


def validate(filled: Mapping[str, Any], schema: Mapping[str, Any], today: date) -> None:
    """Check answers against the form's own schema; raises `NotTrue` with every fault."""
    if faults := faults_of(filled, schema, today):
        raise NotTrue("the answers do not keep to the form's schema:\n" + "\n".join(faults))


def _of_age(random: Random, applicant: Mapping[str, str], today: date, ward: str) -> Person:
    """A person with the applicant's name and number; sex and year of birth are those that the number tells."""
    sex, year = sex_and_year(applicant["identifier"])
    born = date(year, 1, 1) + timedelta(days=random.randrange(365))
    return Person(applicant["name"], sex, born, applicant["identifier"], person(random, today, ward=ward).address)


def _identity(who: Person) -> dict[str, Any]:
    return {
        "full_name": who.name,
        "birth_date": who.born.isoformat(),
        "personal_number": who.number,
        "residence": who.address,
    }


def _proof(random: Random, case: str, subject: Person, since: date, today: date) -> dict[str, Any]:
    """The paper that proves the case, dated after `since` and before today."""
    when = since + timedelta(days=random.randint(1, (today - since).days - 1))
    other = name(random, "female" if subject.sex == "male" else "male")
    office = f"UBND {subject.address.split(', ')[-2]}, thành phố Huế"
    if case == "married":
        return {"spouse_name": other, "paper": _paper("Giấy chứng nhận kết hôn", random, when, office)}
    if case == "widowed":
        return {"paper": _paper("Trích lục khai tử", random, when, office)}
    if case == "divorced":
        judgment = {
            "name": "Quyết định công nhận thuận tình ly hôn",
            "number": f"{random.randint(10, 400)}/{when.year}/QĐST-HNGĐ",
            "date": when.isoformat(),
            "court": "Tòa án nhân dân thành phố Huế",
        }
        return {"judgment": judgment}
    return {}


def _paper(what: str, random: Random, when: date, office: str) -> dict[str, str]:
    number = f"{random.randint(1, 300):02d}/{when.year}"
    return {"name": what, "number": number, "issued_by": office, "issued_on": when.isoformat()}
