"""Templates: Jinja2 in its sandbox, with autoescaping, with an error for every undefined name, and with limits."""

import time
import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from chauban.documents import vietnamese, words
from chauban.documents.qr import qr_svg
from chauban.documents.sandbox import Allowance, SandboxedTemplates, within
from chauban.documents.template_filters import allowed_filters, limited_range
from chauban.documents.vietnamese import nfc
from chauban.errors import RenderingError

MAX_HTML_CHARACTERS = 1_000_000
MAX_SECONDS = 5.0


@lru_cache(maxsize=32)
def _environment(sources: tuple[tuple[str, bytes], ...]) -> SandboxedTemplates:
    """The templates of one form version, compiled once: the same sources come again with every document of that version."""
    texts = {path: content.decode("utf-8") for path, content in sources}
    environment = SandboxedTemplates(
        loader=FunctionLoader(lambda path: (texts[path], path, None) if path in texts else None),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals = {"range": limited_range}
    environment.filters = allowed_filters() | {
        "ngay": vietnamese.ngay,
        "ngay_thang_nam": vietnamese.ngay_thang_nam,
        "gio_ngay": vietnamese.gio_ngay,
        "so": vietnamese.so,
        "two_digits": vietnamese.two_digits,
        "agency_lines": vietnamese.agency_lines,
        "agency_name": vietnamese.agency_name,
        "lower_first": vietnamese.lower_first,
        "bang_chu": words.number_in_words,
        "tien_bang_chu": words.money_in_words,
        "ngay_bang_chu": words.date_in_words,
        "thang_nam": words.month_of_year,
        "tuoi": words.age,
        "qr": qr_svg,
    }
    return environment


def environment_of(files: Mapping[str, bytes]) -> SandboxedTemplates:
    """The sandbox of the templates among `files`; raises `UnicodeDecodeError`."""
    return _environment(tuple((path, files[path]) for path in sorted(files) if path.endswith(".html")))


def fill(
    template: str,
    files: Mapping[str, bytes],
    context: Mapping[str, object],
    *,
    clock: Callable[[], float] = time.thread_time,
) -> str:
    """The HTML of `template` (a path in `files`) filled with `context`, in which all text becomes NFC.

    Raises RenderingError for an unknown template, an undefined name, a forbidden operation, and a result beyond
    MAX_HTML_CHARACTERS or MAX_SECONDS. Time is the processor's: a template waits for nothing, and a machine that is busy with
    other things refuses no document. The reason names the place, never a value.
    """
    allowance = Allowance(clock, clock() + MAX_SECONDS)
    parts: list[str] = []
    size = 0
    try:
        environment = environment_of(files)
        with within(allowance):
            for part in environment.get_template(template).generate(nfc(context)):
                size += len(part)
                if size > MAX_HTML_CHARACTERS or clock() > allowance.deadline:
                    raise RenderingError(reason=f"{template} makes more than a document may hold")
                parts.append(part)
    except (
        TemplateError,
        UnicodeDecodeError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        RecursionError,
        MemoryError,
    ) as fault:
        raise RenderingError(reason=f"{_place(fault, files) or template}: {_reason(fault)}") from fault
    return "".join(parts)


def _place(fault: Exception, files: Mapping[str, bytes]) -> str | None:
    """Template and line of a failure: Jinja gives its frames the templates' names."""
    if isinstance(fault, TemplateSyntaxError) and fault.name:
        return f"{fault.name}:{fault.lineno}"
    frames = traceback.extract_tb(fault.__traceback__)
    return next((f"{frame.filename}:{frame.lineno}" for frame in reversed(frames) if frame.filename in files), None)


def _reason(fault: Exception) -> str:
    """Jinja's messages name variables and lines; those of other errors may quote values and are left out."""
    return f"{type(fault).__name__}: {fault}" if isinstance(fault, TemplateError) else type(fault).__name__
