"""Every form with its samples and long values, as definitions are published, and the documents made from them, each once."""

import copy
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from chauban.access.catalogue import Agency
from chauban.documents.rendering import RenderedDocument, RenderRequest, WeasyPrintRenderer
from chauban.dossiers.annexes import given_annexes
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.model import Dossier
from chauban.dossiers.parties import Party
from chauban.dossiers.specimen import print_request, specimen, specimen_filing
from chauban.forms.definition import FormDefinition
from chauban.forms.packaging import pack_print, read_definition, unpack_print, versions
from chauban.forms.validation import accepted_answers, accepted_decision

FORMS = Path(__file__).parents[3] / "forms"
KINDS = (DocumentKind.APPLICATION, DocumentKind.RECEIPT, DocumentKind.RESULT)
AT = datetime(2026, 1, 5, 2, 5, tzinfo=UTC)
TODAY = AT.date()
AGENCY = Agency(
    id="ubnd-phuong-thuan-hoa",
    identifier="H57.40.01",
    name="ỦY BAN NHÂN DÂN PHƯỜNG THUẬN HÓA",
    place="Thuận Hóa",
    address="1 Đống Đa, phường Thuận Hóa, thành phố Huế",
    competent_level="commune",
    valid_from=datetime(2025, 7, 1, tzinfo=UTC),
)


SECRET = "Bí mật không được in"

# A form's sample, the path of a question that it does not show, and what a caller sends there all the same.
HIDDEN = [
    ("xac-nhan-tinh-trang-hon-nhan", "never-married", "marital_status.spouse_name", SECRET),
    ("dang-ky-khai-sinh", "parents-unknown", "parents.mother", {"full_name": SECRET}),
    ("dang-ky-khai-sinh", "unmarried-parents-witness", "child.facility", SECRET),
    ("cap-ban-sao-trich-luc-ho-tich", "birth", "second_person", {"full_name": SECRET}),
    ("dang-ky-khai-tu", "notice", "notice.reason", SECRET),
    ("dang-ky-thanh-lap-ho-kinh-doanh", "individual", "members", [{"full_name": SECRET}]),
    ("dang-ky-thanh-lap-ho-kinh-doanh", "individual", "trades.1.licence", SECRET),
    ("cap-giay-phep-xay-dung-nha-o-rieng-le", "designed-by-owner", "design.designers", [{"full_name": SECRET}]),
    ("cap-giay-phep-xay-dung-nha-o-rieng-le", "three-floors", "house.design_check", {"organisation": SECRET}),
    ("tro-cap-xa-hoi-hang-thang", "disability-account", "filer", {"full_name": SECRET}),
    ("tro-cap-xa-hoi-hang-thang", "single-parent-near-poor", "children.1.school", SECRET),
]


@dataclass(frozen=True)
class Case:
    """A sample or a set of long values: `folder` is `samples` or `long`."""

    slug: str
    folder: str
    name: str

    def __str__(self) -> str:
        return f"{self.slug}-{self.folder}-{self.name}"

    @property
    def version(self) -> Path:
        return NEWEST[self.slug]


# In order of their numbers, so that the newest version of each form is the one that is kept.
NEWEST = {folder.parent.name: folder for folder in versions(FORMS)}
SLUGS = tuple(NEWEST)
CASES = tuple(
    Case(slug, folder, path.stem)
    for slug in SLUGS
    for folder in ("samples", "long")
    for path in sorted((NEWEST[slug] / folder).glob("*.json"))
)


@lru_cache
def definition(slug: str) -> FormDefinition:
    return read_definition(NEWEST[slug])


def _has_annex(case: Case) -> bool:
    data = json.loads((case.version / case.folder / f"{case.name}.json").read_text(encoding="utf-8"))
    results = definition(case.slug).head.results
    return any(given_annexes(result, data["answers"], data["decision"]) for result in results)


ANNEXED = tuple(case for case in CASES if _has_annex(case))
DOCUMENTS = (
    *((case, kind) for case in CASES for kind in KINDS),
    *((case, DocumentKind.ANNEX) for case in ANNEXED),
)


def first_sample(slug: str) -> Case:
    return next(case for case in CASES if case.slug == slug)


class _Files:
    """The part of a form library that printing asks for."""

    @staticmethod
    @lru_cache
    def print_files(slug: str, version: str) -> dict[str, bytes]:
        return dict(unpack_print(pack_print(FORMS, FORMS / slug / version)))


def given(case: Case) -> dict[str, Any]:
    """The file of a case: answers and decision, as written."""
    return json.loads((case.version / case.folder / f"{case.name}.json").read_text(encoding="utf-8"))


def with_answer(answers: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The answers with one more, at a dotted path."""
    answers = copy.deepcopy(answers)
    *parents, last = path.split(".")
    holder = answers
    for name in parents:
        holder = holder[int(name)] if name.isdigit() else holder[name]
    holder[last] = value
    return answers


def dossier_of(case: Case, answers: dict[str, Any] | None = None) -> Dossier:
    """The dossier of a case, received and decided; the answers (the case's, if none are given) go through validation."""
    form, data = definition(case.slug), given(case)
    stored = accepted_answers(form, data["answers"] if answers is None else answers, TODAY)
    decision = accepted_decision(form, form.head.results[0], stored, data["decision"], TODAY)
    asker = stored.get("requester") or stored.get("owner") or stored.get("person")
    party = Party(scheme="personal_number", identifier="046098000101", name=asker["full_name"])
    filing = specimen_filing(form, form.head.procedures[0].code, AGENCY, party, stored, AT)
    return specimen(filing.model_copy(update={"code": "H57.40.01-260105-0007"}), form, decision)


def request(case: Case, kind: DocumentKind, answers: dict[str, Any] | None = None) -> RenderRequest:
    return print_request(dossier_of(case, answers), definition(case.slug), AGENCY, _Files(), kind)


@cache
def document(case: Case, kind: DocumentKind) -> RenderedDocument:
    """A document of a case, made once for all tests."""
    return WeasyPrintRenderer().render(request(case, kind))
