"""`forms check`: a form in order has no fault, and each way of spoiling one is told with its place, in both languages."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from chauban.forms.checking.version import Check
from chauban.forms.findings import Finding

from tests.unit.fakes.trial import tried_here
from tests.unit.forms_publishing.conftest import TODAY, edit, rewrite

Spoil = Callable[[Path], object]


def check(folder: Path, *, documents: bool = False) -> list[Finding]:
    found = Check(TODAY, documents=documents).version(folder)
    for one in found:
        assert one.text["vi"]
        assert one.text["en"]
        assert one.text["vi"] != one.text["en"]
    return found


def test_a_new_form_passes_with_its_documents(folder: Path) -> None:
    assert check(folder, documents=True) == []


def in_json(file: str, change: Callable[[dict], object]) -> Spoil:
    return lambda folder: edit(folder / file, change)


def in_text(file: str, old: str, new: str) -> Spoil:
    return lambda folder: rewrite(folder / file, old, new)


def at(value: dict, path: str) -> dict:
    for name in path.split("/"):
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


OF_RESULT = "    checks:\n      - "
REQUEST = "properties/request"
COPIES = "elements/2/elements"
FAULTS: list[tuple[str, Spoil, str, str, str]] = [
    ("no file", lambda f: (f / "texts/en.json").unlink(), "texts/en.json", "", "file-missing"),
    ("no sample", lambda f: [p.unlink() for p in (f / "samples").iterdir()], "samples", "", "no-sample"),
    ("JSON", in_text("schema.json", '"type": "object",', '"type": "object"'), "schema.json", "5:3", "not-json"),
    ("twice", in_text("texts/vi.json", '"request":', '"requester":'), "texts/vi.json", "", "not-json"),
    ("YAML", in_text("form.yaml", "grace_days: 30", "grace_days: [30"), "form.yaml", "", "not-yaml"),
    ("typing error", in_text("form.yaml", "grace_days:", "grace_day:"), "form.yaml", "grace_day", "head"),
    (
        "number",
        in_text("form.yaml", "processing_hours: 24", "processing_hours: x"),
        "form.yaml",
        "processing_hours",
        "head",
    ),
    ("days", in_text("form.yaml", "grace_days: 30", "grace_days: -1"), "form.yaml", "grace_days", "grace-days"),
    (
        "end",
        in_text("form.yaml", "2026-01-01\nvalid_to: null", "2026-01-01\nvalid_to: 2025-01-01"),
        "form.yaml",
        "valid_to",
        "valid-to",
    ),
    (
        "paper of a strange type",
        in_text("form.yaml", "[application/pdf, image/jpeg, image/png]", "[application/pdf, image/heic]"),
        "form.yaml",
        "attachments.0.types",
        "paper-type",
    ),
    (
        "paper of no type",
        in_text("form.yaml", "[application/pdf, image/jpeg, image/png]", "[]"),
        "form.yaml",
        "attachments.0.types",
        "paper-type",
    ),
    ("link", lambda f: (f / "passwd.html").symlink_to("/etc/passwd"), "passwd.html", "", "link"),
    ("large", lambda f: (f / "big.html").write_text("x" * 600_000), "big.html", "", "too-large"),
    (
        "keyword",
        in_json("schema.json", lambda s: at(s, REQUEST).update({"if": {}, "then": {}})),
        "schema.json",
        "/properties/request/if",
        "condition-in-schema",
    ),
    (
        "type",
        in_json("schema.json", lambda s: at(s, f"{REQUEST}/properties").update({"subject": {"type": "txt"}})),
        "schema.json",
        "/properties/request/properties/subject/type",
        "schema",
    ),
    (
        "reference",
        in_json("schema.json", lambda s: at(s, f"{REQUEST}/properties/subject").update({"$ref": "#/$defs/none"})),
        "schema.json",
        "/properties/request/properties/subject",
        "unresolved-reference",
    ),
    ("name", in_text("schema.json", "mau-thu:1.0", "other:1.0"), "schema.json", "/$id", "schema-id"),
    (
        "open",
        in_json("schema.json", lambda s: at(s, REQUEST).pop("additionalProperties")),
        "schema.json",
        "/properties/request",
        "open-object",
    ),
    (
        "endless text",
        in_json("schema.json", lambda s: at(s, f"{REQUEST}/properties").update({"subject": {"type": "string"}})),
        "schema.json",
        "/properties/request/properties/subject",
        "no-max-length",
    ),
    (
        "endless list",
        in_json("schema.json", lambda s: at(s, "properties/papers").pop("maxItems")),
        "schema.json",
        "/properties/papers",
        "no-max-items",
    ),
    (
        "format",
        in_json("schema.json", lambda s: at(s, f"{REQUEST}/properties/subject").update({"format": "ipv9"})),
        "schema.json",
        "/properties/request/properties/subject/format",
        "unknown-format",
    ),
    (
        "Control",
        in_json("uischema.json", lambda u: at(u, "elements/0/elements/0").update({"scope": "#/properties/nobody"})),
        "uischema.json",
        "/elements/0/elements/0/scope",
        "scope-unresolved",
    ),
    (
        "rule",
        in_json("uischema.json", lambda u: at(u, f"{COPIES}/1/rule/condition").update({"scope": "#/properties/no"})),
        "uischema.json",
        "/elements/2/elements/1/rule/condition/scope",
        "rule-unresolved",
    ),
    (
        "hidden",
        in_json("uischema.json", lambda u: at(u, "elements/1/elements/0").update({"rule": at(u, f"{COPIES}/1/rule")})),
        "uischema.json",
        "/elements/1/elements/0",
        "hidden-but-required",
    ),
    (
        "circle",
        in_json(
            "uischema.json", lambda u: at(u, f"{COPIES}/0").update({"rule": _on_count(), "options": {"required": True}})
        ),
        "uischema.json",
        "/elements/2/elements/0",
        "cycle-of-rules",
    ),
    (
        "nobody asks",
        in_json("uischema.json", lambda u: at(u, "elements/1/elements").pop(0)),
        "uischema.json",
        "request.subject",
        "no-control",
    ),
    (
        "label",
        in_json("texts/en.json", lambda t: t["labels"].pop("request.subject")),
        "texts/en.json",
        "labels › request.subject",
        "text-missing",
    ),
    (
        "empty",
        in_json("texts/vi.json", lambda t: t["labels"].update({"papers.name": " "})),
        "texts/vi.json",
        "labels › papers.name",
        "text-missing",
    ),
    (
        "choice",
        in_json("texts/en.json", lambda t: t["options"].pop("copies.wanted.no")),
        "texts/en.json",
        "options › copies.wanted.no",
        "text-missing",
    ),
    (
        "page",
        in_json("texts/vi.json", lambda t: t["pages"].pop("copies")),
        "texts/vi.json",
        "pages › copies",
        "text-missing",
    ),
    (
        "decision's label",
        in_json("texts/en.json", lambda t: t["labels"].pop("decided_on")),
        "texts/en.json",
        "labels › decided_on",
        "text-missing",
    ),
    (
        "sample",
        in_json("samples/simple.json", lambda s: s["answers"]["requester"].pop("full_name")),
        "samples/simple.json",
        "/answers/requester/full_name",
        "sample-required",
    ),
    (
        "number that contradicts the date",
        in_json("samples/simple.json", lambda s: s["answers"]["requester"].update({"birth_date": "1991-04-15"})),
        "samples/simple.json",
        "/answers/requester/personal_number",
        "",
    ),
    (
        "hidden answer",
        in_json("samples/simple.json", lambda s: s["answers"]["copies"].update({"count": 3})),
        "samples/simple.json",
        "/answers",
        "hidden-answers",
    ),
    (
        "decision",
        in_json("samples/simple.json", lambda s: s["decision"].pop("content")),
        "samples/simple.json",
        "/decision/content",
        "sample-required",
    ),
    (
        "check of a result that faults an answer",
        in_text("form.yaml", "    copies_from: null", OF_RESULT + "{rule: adult, at: '#/answers/requester'}"),
        "form.yaml",
        "/results/0/checks/0",
        "check-blames-answers",
    ),
    (
        "check of a result without its field",
        in_text("form.yaml", "    copies_from: null", OF_RESULT + "{rule: date-order, at: '#/decision'}"),
        "form.yaml",
        "/results/0/checks/0",
        "check-unresolved",
    ),
    (
        "computed value of a text",
        in_text(
            "form.yaml",
            "    copies_from: null",
            "    derived: [{rule: product, to: decision.content, with: {factors: [answers.copies.count, decision.x]}}]",
        ),
        "form.yaml",
        "/results/0/derived/0",
        "derived-unresolved",
    ),
    (
        "computed value that nobody computes",
        in_json("decision.schema.json", lambda s: s["properties"]["content"].update({"readOnly": True})),
        "decision.schema.json",
        "/properties/content",
        "derived-writable",
    ),
    (
        "decision that contradicts the answers",
        lambda f: _backdated(f),
        "samples/simple.json",
        "/decision/decided_on",
        "sample-date-order",
    ),
    (
        "no shape",
        in_json("samples/simple.json", lambda s: s.update({"x": 1})),
        "samples/simple.json",
        "",
        "sample-shape",
    ),
    ("no template", lambda f: (f / "result.html").unlink(), "result.html", "", "file-missing"),
    ("syntax", in_text("result.html", "{% block body %}", "{% block %}"), "result.html", "5", "template-syntax"),
    (
        "network",
        in_text("result.html", "<p>Theo", '<img alt="x" src="https://example.vn/a.png"><p>Theo'),
        "result.html",
        "6",
        "outside-reference",
    ),
    (
        "file",
        in_text("result.html", "<p>Theo", '<a href="file:///etc/passwd">x</a><p>Theo'),
        "result.html",
        "6",
        "outside-reference",
    ),
    ("script", in_text("result.html", "<p>Theo", "<script>x</script><p>Theo"), "result.html", "6", "active-element"),
]


def _backdated(folder: Path) -> None:
    """A decision of a day before the requester's birth, and a check that finds it."""
    check = "{rule: date-order, with: {from: answers.requester.birth_date, to: decision.decided_on}}"
    rewrite(folder / "form.yaml", "    copies_from: null", OF_RESULT + check)
    edit(folder / "samples/simple.json", lambda s: s["decision"].update(decided_on="1900-01-01"))


def _on_count() -> dict:
    condition = {"scope": "#/properties/copies/properties/count", "schema": {"minimum": 1}}
    return {"effect": "SHOW", "condition": condition}


@pytest.mark.parametrize(
    ("spoil", "file", "place", "code"), [one[1:] for one in FAULTS], ids=[one[0] for one in FAULTS]
)
def test_a_fault_is_told_with_its_file_and_place(folder: Path, spoil: Spoil, file: str, place: str, code: str) -> None:
    spoil(folder)
    told = [(one.file, one.place, one.code) for one in check(folder)]
    assert any(one[0] == file and (not place or one[1] == place) and (not code or one[2] == code) for one in told), told


def test_every_fault_is_told_at_once(folder: Path) -> None:
    edit(folder / "texts/en.json", lambda texts: texts["labels"].clear())
    edit(folder / "samples/simple.json", lambda sample: sample["answers"].pop("copies"))
    files = {one.file for one in check(folder)}
    assert files == {"texts/en.json", "samples/simple.json"}


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
DOCUMENTS: list[tuple[str, str, str]] = [
    ("{{ answers.nobody }}", "undefined-name", "nobody"),
    ("{{ ''.__class__.__mro__ }}", "forbidden", ""),
    ("{{ '好' }}", "no-glyph", "U+597D"),
    ("<style>@font-face { font-family: F; src: local(F) }</style>", "no-font", "F"),
    (f'{SVG}<path d="M0 0h9v9z"/></svg>', "", ""),
    ('<link rel="stylesheet" href="nothing.css">', "outside-reference", "nothing.css"),
    ("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "", "more than a document"),
    ("<table><tr><td>x</td></tr></table>", "conformance", "header cells"),
    ("<h4>x</h4>", "conformance", "skip a level"),
    ('<p style="color: #fff">x</p>', "unsafe-to-sign", "nobody can see"),
    ('<p style="font-size: 1pt">x</p>', "unsafe-to-sign", "nobody can see"),
    ('<p style="position: absolute; left: -200mm">x</p>', "unsafe-to-sign", "off the page"),
    ('<p style="background: linear-gradient(#fff, #eee)">x</p>', "unsafe-to-sign", ""),
]


@pytest.mark.parametrize(("part", "code", "words"), DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_what_shows_only_in_a_document_is_told_with_template_and_sample(
    folder: Path, part: str, code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chauban.forms.checking.documents.tried", tried_here)
    rewrite(folder / "result.html", "<p>Theo", f"{part}<p>Theo")
    found = check(folder, documents=True)
    assert {one.file for one in found} == {"result.html"}
    assert any((not code or one.code == code) and words in one.text["en"] for one in found), found
    assert "samples/" in found[0].place


def test_an_undefined_name_is_told_with_its_line(folder: Path) -> None:
    rewrite(folder / "result.html", "<p>Theo", "{{ answers.nobody }}<p>Theo")
    assert check(folder, documents=True)[0].place.startswith("6 (samples/")


def test_a_drawing_that_never_ends_is_ended_and_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chauban.forms.checking.documents.tried", _impatient)
    uses = "".join(
        f'<g id="u{n}">' + f'<use href="#u{n - 1}"/>' * 10 + "</g>" if n else '<g id="u0"><path d="M0 0h9"/></g>'
        for n in range(12)
    )
    drawing = f'{SVG}<title>x</title><defs>{uses}</defs><use href="#u11"/></svg>'
    rewrite(folder / "result.html", "<p>Theo", f"{drawing}<p>Theo")
    found = check(folder, documents=True)
    assert {one.code for one in found} == {"too-much"}


def _impatient(folder: Path, jobs: list) -> object:
    from chauban.forms.checking.trial import tried

    return tried(folder, jobs[1:2], seconds=3)


def test_long_values_are_tried_too(folder: Path) -> None:
    (folder / "long").mkdir()
    sample = json.loads((folder / "samples/simple.json").read_text(encoding="utf-8"))
    sample["answers"]["request"]["subject"] = "dài " * 200
    (folder / "long" / "subject.json").write_text(json.dumps(sample, ensure_ascii=False), encoding="utf-8")
    assert [(one.file, one.code) for one in check(folder)] == [("long/subject.json", "sample-maxLength")]
