"""Templates that want out of their sandbox, or never to end: each is refused, soon and without taking much memory."""

import resource
import time

import pytest
from chauban.documents import templates
from chauban.errors import RenderingError

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ data['__class__'] }}",
    "{{ (data | map(attribute='__class__') | list)[0].mro() }}",
    "{{ (data | groupby('__class__') | first).grouper }}",
    "{{ [data] | sort(attribute='__init__.__globals__') | first }}",
    "{{ range.__globals__ }}",
    "{{ ngay.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.environment }}",
    "{% for x in data %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{{ '{0.__class__}'.format(data) }}",
    "{{ '{x.__class__}'.format_map({'x': data}) }}",
    "{{ 'a'.encode().decode }}{{ 'a'.encode('utf-8') }}",
    "{{ 'x'.maketrans('x', 'y') }}",
    "{{ lipsum.__globals__['os'].environ }}",
    "{{ cycler.__init__.__globals__.os.environ }}",
    "{{ joiner }}{{ namespace() }}{{ dict() }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{% import 'os' as os %}{{ os.environ }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../../../etc/passwd' %}",
    "{% from 'file:///etc/passwd' import x %}",
    "{% extends '/proc/self/environ' %}",
    "{{ 'x' | attr('__class__') }}",
    "{{ 'x' | xmlattr }}{{ {'a': 1} | xmlattr }}",
    "{{ data.append('x') }}{{ data.items }}",
    "{% do data.clear() %}",
    "{{ environment }}",
    "{{ tick() }}",
]
WITHOUT_END = [
    "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
    "{% set x %}{% for a in range(9999) %}{% for b in range(9999) %}TEXT{% endfor %}{% endfor %}{% endset %}".replace(
        "TEXT", "x" * 2000
    ),
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% include 'page.html' %}",
    "{% with n = n | default(0) + 1 %}{% if n < 40 %}{% include 'page.html' %}{% include 'page.html' %}{% endif %}{% endwith %}",
    "{% macro f(s, n) %}{% if n %}{{ f(s ~ s, n - 1) }}{% endif %}{% endmacro %}{{ f('xxxxxxxx', 60) }}",
    "{% macro f(s, n) %}{% if n %}{{ f(s + s, n - 1) }}{% endif %}{% endmacro %}{{ f('xxxxxxxx', 60) }}",
    "{% macro f(s, n) %}{% if n %}{{ f(s + s, n - 1) }}{% endif %}{% endmacro %}{{ f([1, 2], 60) }}",
    "{% macro f(n, i) %}{% if i %}{{ f(n * n, i - 1) }}{% endif %}{% endmacro %}{{ f(99, 60) }}",
    "{{ 'x' * 999999999 }}",
    "{{ [1] * 999999999 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'x'.ljust(999999999) }}",
    "{{ 'x'.zfill(999999999) }}",
    "{{ 'x'.center(999999999) }}",
    "{{ '\\t'.expandtabs(999999999) }}",
    "{{ '{:999999999}'.format(1) }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '%999999999d' | format(1) }}",
    "{{ 'x' | center(999999999) }}",
    "{{ 'x' | indent(999999999, true) }}",
    "{{ 'x' | wordwrap(1) }}",
    "{{ [1] | batch(999999999, 0) | list }}",
    "{{ [1] | slice(999999999) | list }}",
    "{{ range(9999) | join('x' ~ long) }}",
    "{{ long | replace('x', long) | length }}",
    "{{ [[1, 2]] | sum(start=[]) }}",
    "{{ range(999999999) | list }}",
    "{{ range(9999) | map('string') | map('center', 99999) | list }}",
]


def fill(text: str) -> str:
    return templates.fill("page.html", {"page.html": text.encode()}, {"data": ["a"], "long": "x" * 1000})


@pytest.mark.parametrize("attempt", ESCAPES)
def test_a_template_reaches_nothing_but_its_data(attempt):
    with pytest.raises(RenderingError):
        fill(attempt)


@pytest.mark.parametrize("attempt", WITHOUT_END, ids=range(len(WITHOUT_END)))
def test_a_template_ends_soon_and_stays_small(attempt):
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.thread_time()
    with pytest.raises(RenderingError):
        fill(attempt)
    assert time.thread_time() - began < templates.MAX_SECONDS + 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("{% for a in data %}{{ loop.index }}{{ a }}{{ loop.cycle('-', '+') }}{% endfor %}", "1a-"),
        ("{{ 'a' ~ 1 ~ '<' }}", "a1&lt;"),
        ("{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}{{ m('<') ~ '<' }}", "<b>&lt;</b>&lt;"),
        ("{% macro m() %}<i>{{ caller() }}</i>{% endmacro %}{% call m() %}x{% endcall %}", "<i>x</i>"),
        ("{{ ['<', 'b'] | join(', ') }}", "&lt;, b"),
        ("{{ 'a-b' | replace('-', '<') }}", "a&lt;b"),
        ("{{ {'a': 1}['a'] + 2 * 3 }}{{ data + ['b'] }}", "7[&#39;a&#39;, &#39;b&#39;]"),
        ("{{ [1, 2, 3] | sum }}{{ [1, 2, 3] | batch(2) | list | length }}", "62"),
        ("{% if 'a'.startswith('a') %}{{ {'a': 1}.get('b', '-') }}{% endif %}", "-"),
        ("{% set x %}{% for i in range(3) %}{{ i }}{% endfor %}{% endset %}{{ x }}", "012"),
        ("{% for a in [1, [2]] recursive %}{{ loop(a) if a is iterable else a }}{% endfor %}", "12"),
        ("{% block a %}x{% endblock %}{{ self.a() }}", "xx"),
    ],
)
def test_what_documents_need_works(template, made):
    assert fill(template) == made


def test_what_one_filling_used_up_is_not_taken_from_the_next():
    busy = "{% for a in range(9999) %}{% for b in range(60) %}{% endfor %}{% endfor %}x"
    assert [fill(busy), fill(busy)] == ["x", "x"]
