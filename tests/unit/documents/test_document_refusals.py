"""What a template may not do, and what a document may not be."""

import contextlib
import dataclasses
import http.server
import os
import subprocess
import sys
import threading
from datetime import datetime

import pytest
from chauban.documents import templates
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.errors import RenderingError

from tests.unit.documents.conftest import context_of, request_for

PAGE = '<html lang="vi"><head><title>x</title><link rel="stylesheet" href="../_shared/print.css"></head><body>{}</body></html>'


@pytest.fixture
def listener():
    """A web server on this machine that remembers what was asked of it."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()


@pytest.mark.parametrize(
    ("style", "reason"),
    [
        ("", "the style sheets load no font"),
        ("<style>p { font-family: 'Chauban Text' }</style>", "the style sheets load no font"),
        ("<style>@font-face { font-family: F; src: url(broken.ttf) }</style>", "cannot load the font F"),
        ("<style>@font-face { font-family: F; src: local(F) }</style>", "cannot load the font F"),
        (
            '<link rel="stylesheet" href="../_shared/print.css"><style>@font-face { font-family: F; src: url(broken.ttf) }</style>',
            "cannot load the font F",
        ),
    ],
)
def test_a_text_without_the_font_it_asks_for_is_refused(style, reason):
    """In a process of its own: without a font, Pango ends it."""
    code = """
import sys
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.errors import RenderingError
from tests.unit.documents.conftest import context_of, published_files, request_for

page = f'<html lang="vi"><head><title>x</title>{sys.argv[1]}</head><body><p>x</p></body></html>'
files = {**published_files(), "t/x.html": page.encode(), "t/broken.ttf": b"this is no font"}
try:
    WeasyPrintRenderer().render(request_for("t/x.html", context_of("married"), files))
except RenderingError as refusal:
    print(refusal.values["reason"])
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, style]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout.strip()) == (0, reason)


def test_a_font_that_is_loaded_twice_is_loaded_once(render_template):
    face = "<style>@font-face { font-family: F; src: url(../_shared/fonts/ChaubanText-Regular.ttf) }</style>"
    assert render_template(PAGE.format(face + face + "<p style='font-family: F'>được</p>")).pages == 1


def test_a_plain_page_of_this_kind_renders(render_template):
    assert render_template(PAGE.format("<p>được</p>")).pages == 1


@pytest.mark.parametrize(
    "part",
    [
        '<img alt="x" src="{url}">',
        '<link rel="stylesheet" href="{url}">',
        '<style>@import url("{url}");</style>',
        '<style>@font-face {{ font-family: F; src: url("{url}") }} p {{ font-family: F }}</style><p>x</p>',
        '<p style="background: url({url})">x</p>',
        '<ul style="list-style-image: url({url})"><li>x</li></ul>',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{url}" width="9" height="9"/></svg>',
        '<object data="{url}">x</object>',
        '<embed src="{url}">',
        '<link rel="attachment" href="{url}">',
        '<a rel="attachment" href="{url}">x</a>',
    ],
)
def test_nothing_is_fetched_from_the_network(part, listener, render_template):
    url, asked = listener
    with pytest.raises(RenderingError):
        render_template(PAGE.format(part.format(url=url + "asked")))
    assert asked == []


def test_a_drawing_does_not_bring_in_another_one(listener, render_template):
    url, asked = listener
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title><use href="{url}#a"/></svg>'
    with contextlib.suppress(RenderingError):
        render_template(PAGE.format(svg.format(url=url)))
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "/etc/hostname",
        "../../../../etc/hostname",
        "..%2f..%2f..%2fetc/hostname",
        "data:text/css,p{color:red}",
        "https://print.invalid.example/_shared/print.css",
        "https://user@print.invalid/_shared/print.css",
        "ftp://print.invalid/_shared/print.css",
        "//print.invalid.example/_shared/print.css",
        "../_shared/none.css",
    ],
)
def test_no_file_of_the_machine_and_no_other_address_is_read(url, render_template):
    with pytest.raises(RenderingError):
        render_template(PAGE.format(f'<link rel="stylesheet" href="{url}">'))


def test_a_base_element_does_not_lead_elsewhere(listener, render_template):
    url, asked = listener
    html = f'<html lang="vi"><head><base href="{url}"><link rel="stylesheet" href="a.css"></head><body></body></html>'
    with pytest.raises(RenderingError):
        render_template(html)
    assert asked == []


@pytest.mark.parametrize(
    "attempt",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ().__class__.__base__.__subclasses__() }}",
        "{{ name.__init__.__globals__ }}",
        "{{ '{0.__class__.__base__}'.format(name) }}",
        "{{ name.format_map({'a': 1}).__class__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ lipsum() }}",
        "{{ self.__class__ }}",
        "{{ name | attr('__class__') }}",
        "{{ things.append('x') }}",
        "{% set _ = things.clear() %}",
        "{{ 'x' * 10000000 }}",
        "{{ 9 ** 999999 }}",
        "{{ '%99999999d' % 1 }}",
        "{{ range(99999999) | list }}",
        "{% for i in range(9999) %}{% for j in range(9999) %}xxxxxxxxxxxxxxxxxxxx{% endfor %}{% endfor %}",
        "{% include '/etc/hostname' %}",
        "{% include '../_shared/fonts/OFL.txt' %}",
        "{{ '<script>' | safe }}",
    ],
)
def test_a_template_cannot_leave_its_sandbox(attempt, render_template):
    with pytest.raises(RenderingError):
        render_template(PAGE.format("") + attempt, name="An", things=["a"])


def test_filling_a_template_has_a_time_limit():
    ticks = iter(range(0, 1000, 3))
    with pytest.raises(RenderingError, match="more than a document may hold"):
        templates.fill(
            "t.html", {"t.html": b"{% for i in range(99) %}{{ i }}{% endfor %}"}, {}, clock=lambda: float(next(ticks))
        )


@pytest.mark.parametrize(
    "attempt", ["{{ nobody }}", "{{ person.nothing }}", "{% if person.nothing %}{% endif %}", "{{ 1/0 }}"]
)
def test_an_undefined_name_or_a_failing_sum_is_an_error(attempt, render_template):
    with pytest.raises(RenderingError):
        render_template(PAGE.format(attempt), person={"name": "An"})


@pytest.mark.parametrize("part", ["agency", "answers", "decision", "official"])
def test_a_result_is_not_made_from_half_of_its_data(part):
    context = context_of("divorced")
    del context[part]
    with pytest.raises(RenderingError):
        WeasyPrintRenderer().render(request_for("result", context))


def test_the_reason_of_a_failure_quotes_no_value(context):
    context["answers"]["subject"]["birth_date"] = "Nguyễn Thị Bí Mật"
    with pytest.raises(RenderingError) as caught:
        WeasyPrintRenderer().render(request_for("result", context))
    assert "Bí Mật" not in str(caught.value)


def test_markup_in_an_answer_is_text(context, rendered):
    context["answers"]["subject"]["residence"] = (
        '<img src="https://a.example/x"><blockquote id="field-official"></blockquote>'
    )
    made = WeasyPrintRenderer().render(request_for("result", context))
    assert b"a.example" not in made.pdf
    assert made.pages == rendered("result", "never-married").pages


@pytest.mark.parametrize("character", ["好", "🖋", "ა"])
def test_a_character_without_a_glyph_is_refused_and_no_system_font_helps_out(character, render_template):
    with pytest.raises(RenderingError, match=f"U\\+{ord(character):04X}"):
        render_template(PAGE.format("<p>{{ text }}</p>"), text=character)


def test_a_picture_without_alternative_text_is_refused(render_template):
    with pytest.raises(RenderingError):
        render_template(
            PAGE.format('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>')
        )


@pytest.mark.parametrize(
    "fields",
    [
        '<div id="field-seal" style="width: 20pt; height: 20pt"></div>',
        '<blockquote id="field-other" style="width: 20pt; height: 20pt"></blockquote>',
        '<blockquote id="field-seal" style="width: 20pt; height: 0 !important"></blockquote>',
        '<blockquote id="field-seal" style="width: 20pt; height: 20pt"><p>x</p></blockquote>',
        "<blockquote>x</blockquote>",
        '<blockquote id="field-seal"></blockquote><blockquote id="field-seal"></blockquote>',
        '<blockquote id="field-seal"></blockquote><p style="break-before: page"></p><blockquote id="field-seal"></blockquote>',
    ],
    ids=["not a blockquote", "unknown", "without a size", "not empty", "a quotation", "twice", "on two pages"],
)
def test_a_field_that_is_not_one_is_refused(fields, render_template):
    with pytest.raises(RenderingError):
        render_template(PAGE.format(fields))


def test_a_time_without_a_zone_is_refused():
    request = dataclasses.replace(request_for("receipt", context_of("married")), made_at=datetime(2026, 1, 5))  # noqa: DTZ001
    with pytest.raises(RenderingError):
        WeasyPrintRenderer().render(request)


def test_an_unknown_template_is_refused():
    with pytest.raises(RenderingError):
        WeasyPrintRenderer().render(
            dataclasses.replace(request_for("result", context_of("married")), template="none.html")
        )
