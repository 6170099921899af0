"""Real templates, fonts and samples, packed and unpacked as they are published, and documents rendered from them once."""

import copy
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from chauban.documents.rendering import RenderedDocument, RenderRequest, WeasyPrintRenderer
from chauban.forms.packaging import pack_print, unpack_print

FORMS = Path(__file__).parents[3] / "forms"
VERSION = "xac-nhan-tinh-trang-hon-nhan/1.0"
CASES = ("never-married", "married", "divorced", "widowed")
TEMPLATES = {
    "application": f"{VERSION}/application.html",
    "receipt": "_shared/receipt.html",
    "result": f"{VERSION}/result.html",
}

Files = Mapping[str, bytes]
Context = dict[str, Any]


@lru_cache
def published_files() -> Files:
    return unpack_print(pack_print(FORMS, FORMS / VERSION))


@lru_cache
def _texts() -> dict[str, Any]:
    return json.loads((FORMS / VERSION / "texts/vi.json").read_text())


def sample(case: str) -> dict[str, Any]:
    return json.loads((FORMS / VERSION / "samples" / f"{case}.json").read_text())


def context_of(case: str) -> Context:
    """What the service gives to a template, for the sample of that case."""
    given = sample(case)
    answers = given["answers"]
    party = {"scheme": "personal_number", "identifier": "046000000000", "name": answers["requester"]["full_name"]}
    return {
        "form": {"slug": VERSION.split("/")[0], "version": "1.0", "legal_basis": []}
        | {"procedure": {"code": "1.004873", "name": "Cấp Giấy xác nhận tình trạng hôn nhân"}},
        "dossier": {
            "id": "01JDEXAMPLE0000000000000000",
            "code": "H57.40.01-260105-0007",
            "former_code": None,
            "channel": "online",
            "submitted_at": "2026-01-05T01:05:00+00:00",
            "received_at": "2026-01-05T02:09:00+00:00",
            "due_at": "2026-01-08T02:09:00+00:00",
            "processing_hours": 24,
            "sets": 1,
            "lookup_url": "https://tra-cuu.example/H57.40.01-260105-0007",
        },
        "agency": {"id": "a", "name": "ỦY BAN NHÂN DÂN PHƯỜNG THUẬN HÓA", "parent_name": None, "place": "Thuận Hóa"},
        "receiving": {"name": "ỦY BAN NHÂN DÂN PHƯỜNG THUẬN HÓA"},
        "receiver": {"name": "Hồ Thị Diệu Hiền", "title": "Công chức"},
        "requester": party,
        "owner": party,
        "representative": None,
        "contact": {"phone": "0905 123 456", "email": None, "address": answers["requester"]["residence"]},
        "components": [{"name": "Tờ khai (theo mẫu)", "original": 1, "certified_copy": 0, "photocopy": 0}],
        "answers": answers,
        "decision": given["decision"],
        "official": {"name": "Nguyễn Phước Bửu Lâm", "title": "CHỦ TỊCH"}
        | {"authority_prefix": "TM. ỦY BAN NHÂN DÂN", "capacity": None},
        "texts": _texts(),
    }


def request_for(kind: str, context: Context, files: Files | None = None) -> RenderRequest:
    return RenderRequest(
        template=TEMPLATES.get(kind, kind),
        files=published_files() if files is None else files,
        context=context,
        data=json.dumps({"answers": context.get("answers")}, ensure_ascii=False, sort_keys=True).encode(),
        title="Văn bản thử",
        language="vi",
        made_at=datetime(2026, 1, 5, 2, 30, tzinfo=UTC),
        document_id="01JDOCUMENT000000000000000",
    )


@lru_cache
def _document(kind: str, case: str) -> RenderedDocument:
    return WeasyPrintRenderer().render(request_for(kind, context_of(case)))


@pytest.fixture
def rendered() -> Callable[[str, str], RenderedDocument]:
    """`rendered(kind, case)`: that document of that sample, made once for all tests."""
    return _document


@pytest.fixture
def context() -> Context:
    return copy.deepcopy(context_of("never-married"))


@pytest.fixture
def render_template() -> Callable[..., RenderedDocument]:
    """`render_template(html, **context)`: a template of the test's own, beside the published files."""

    def render(html: str, **context: Any) -> RenderedDocument:
        files = {**published_files(), "test/page.html": html.encode()}
        return WeasyPrintRenderer().render(request_for("test/page.html", context, files))

    return render
