"""The portal: a machine client that files for a citizen who has logged in to it."""

from __future__ import annotations

import uuid

from infra.local.demo.answers import MISTAKES, Answers, answers, validate, with_three_mistakes
from infra.local.demo.api import Api
from infra.local.demo.failures import NotTrue, Unexpected
from infra.local.demo.login import as_machine, as_person
from infra.local.demo.people import WARDS
from infra.local.demo.story import Story

FORM = "xac-nhan-tinh-trang-hon-nhan"
PROCEDURE = "1.004873"


def citizen_logs_in(story: Story) -> str:
    account = story.random.choice(story.stack.of_role("citizen"))
    login = as_person(story.http, story.stack, account, "openid profile dossiers:submit dossiers:read results:read")
    story.citizen = Api(story.http, story.stack.api_url, login.token)
    story.applicant = {
        "scheme": "personal_number",
        "identifier": login.claims["SoDinhDanh"],
        "name": login.claims["HoVaTen"],
    }
    return story.applicant["name"]


def logs_in(story: Story) -> str:
    login = as_machine(story.http, story.stack, "portal")
    story.portal = Api(story.http, story.stack.api_url, login.token)
    return login.scope


def lists_procedures(story: Story) -> str:
    procedures = story.portal.get("/v1/procedures").json()["items"]
    wanted = next((p for p in procedures if p["code"] == PROCEDURE), None)
    if wanted is None or wanted["form"]["slug"] != FORM:
        raise NotTrue(f"procedure {PROCEDURE} with form {FORM} is not in the list")
    story.procedure = wanted["code"]
    return f"{len(procedures)} in all; {wanted['code']} {wanted['name']}"


def fetches_form(story: Story) -> str:
    newest = story.portal.get(f"/v1/forms/{FORM}").json()
    story.form = story.portal.get(f"/v1/forms/{FORM}/{newest['version']}").json()
    if story.form != newest:
        raise NotTrue("the form without a version differs from its current version")
    return f"version {story.form['version']}, valid from {story.form['valid_from']}"


def is_refused(story: Story) -> str:
    filled = answers(story.random, story.applicant, story.today, WARDS.get(story.agency, "phường Thuận Hóa"))
    validate(filled, story.form["schema"], story.today)
    story.submission = _submission(story, filled)
    wrong = story.submission | {"answers": with_three_mistakes(filled)}
    in_vietnamese = story.portal.post("/v1/dossiers", wrong, expect=422)
    problem = in_vietnamese.json()
    pointers = sorted(error["pointer"] for error in problem["errors"])
    if pointers != sorted(MISTAKES):
        raise Unexpected(in_vietnamese, f"three errors at {', '.join(MISTAKES)}")
    if "application/problem+json" not in in_vietnamese.headers["Content-Type"]:
        raise Unexpected(in_vietnamese, "application/problem+json")
    sentences = [error["detail"] for error in problem["errors"]]
    if not all(len(sentence) > 10 and not sentence.isascii() for sentence in sentences):
        raise Unexpected(in_vietnamese, "a Vietnamese sentence for each error")
    return "422: " + " | ".join(sentences)


def files_dossier(story: Story) -> str:
    condition = {"Idempotency-Key": str(uuid.uuid4())}
    answer = story.portal.post_again("/v1/dossiers", story.submission, condition, expect=201)
    story.dossier = answer.json()
    if not answer.headers["Location"].endswith(story.path):
        raise Unexpected(answer, f"Location of {story.path}")
    again = story.portal.post_again("/v1/dossiers", story.submission, condition, expect=201).json()
    if again["id"] != story.dossier["id"]:
        raise NotTrue("the same Idempotency-Key made a second dossier")
    return f"{story.dossier['code']}, the same when sent again"


def _submission(story: Story, filled: Answers) -> dict[str, object]:
    return {
        "form": {"slug": FORM, "version": story.form["version"]},
        "procedure": story.procedure,
        "agency": story.agency,
        "requester": story.applicant,
        "channel": "online",
        "contact": {
            "phone": f"09{story.random.randrange(10**8):08d}",
            "email": f"congdan{story.random.randrange(10**4)}@example.vn",
            "address": filled["requester"]["residence"],
        },
        "assurance": "loa2",
        "answers": filled,
    }
