"""The small server of `chauban forms preview`: answers this machine only, and reads the folder anew at every request."""

import hashlib
import http.server
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlencode, urlsplit

from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.numbering import local_day
from chauban.forms.checking.reading import definition, unreadable
from chauban.forms.checking.samples import Sample, samples_of
from chauban.forms.checking.trial import Job, annexes_of_sample, tried
from chauban.forms.checking.version import Check
from chauban.forms.definition import FormDefinition
from chauban.forms.findings import Finding
from chauban.forms.previewing.page import FormPage

KINDS = {"application": "Tờ khai", "receipt": "Giấy tiếp nhận", "result": "Kết quả"}
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-src 'self'"
)


@dataclass(frozen=True)
class Preview:
    """What the server shows of one version's folder."""

    folder: Path

    def stamp(self) -> str:
        """Changes with every change of a file that the form is made of."""
        parts = [self.folder, self.folder.parent.parent / "_shared"]
        seen = sorted(
            f"{path} {path.stat().st_mtime_ns}" for part in parts for path in part.rglob("*") if path.is_file()
        )
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()

    def page(self, wanted: str | None, language: str) -> str:
        """The page for a sample (the first where none is named), with all faults above it."""
        faults = unreadable(self.folder)
        form, more = definition(self.folder) if not faults else (None, [])
        found = [*faults, *more]
        samples = samples_of(self.folder) if form else []
        chosen = _chosen(samples, wanted)
        if form:
            found = Check(local_day(datetime.now(UTC)), documents=False).version(self.folder)
        body = FormPage(form, chosen.answers, language).html() if form and chosen else ""
        file = chosen.file if chosen else ""
        documents = "".join(
            f"<details{' open' if kind == 'application' else ''}><summary>{escape(title)}</summary>"
            f'<iframe loading="lazy" title="{escape(title)}" src="/{kind}.pdf?{urlencode({"sample": file})}"></iframe></details>'
            for kind, title in _kinds(form, chosen).items()
            if body
        )
        return Template(files("chauban.forms.previewing").joinpath("page.html").read_text(encoding="utf-8")).substitute(
            name=escape(f"{self.folder.parent.name} {self.folder.name}"),
            stamp=json.dumps(self.stamp()),
            samples=_links([(one.file, {"sample": one.file, "lang": language}) for one in samples], file),
            languages=_links([(one, {"sample": file, "lang": one}) for one in ("vi", "en")], language),
            faults=_list(found),
            form=body,
            documents=documents,
        )

    def document(self, kind: str, wanted: str | None) -> tuple[bytes | None, str]:
        """A sample's PDF, or why there is none."""
        chosen = _chosen(samples_of(self.folder), wanted)
        name, _, ordinal = kind.partition("-")
        if chosen is None or kind not in _kinds(definition(self.folder)[0], chosen):
            return None, "?"
        outcome = next(tried(self.folder, [Job(DocumentKind(name), chosen, int(ordinal or 1))]))
        return outcome.pdf, outcome.reason or ""


def serve(folder: Path, port: int, say: Callable[[str], None]) -> int:
    """Serves until Ctrl-C."""
    server = make_server(folder, port)
    say(f"✓ http://127.0.0.1:{server.server_port}/  (Ctrl-C: dừng / stop)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        say("")
    finally:
        server.server_close()
    return 0


def make_server(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    """The server of a version's folder; port 0 takes any that is free."""
    preview = Preview(folder)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # Another site must not read the drafts by a name that leads here (DNS rebinding).
            if self.headers.get("Host", "").split(":")[0] not in {"127.0.0.1", "localhost"}:
                self._answer(403, "text/plain; charset=utf-8", b"127.0.0.1")
                return
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            if address.path == "/":
                language = "en" if asked.get("lang") == "en" else "vi"
                self._answer(200, "text/html; charset=utf-8", preview.page(asked.get("sample"), language).encode())
            elif address.path == "/stamp":
                self._answer(200, "text/plain", preview.stamp().encode())
            elif address.path.endswith(".pdf"):
                kind = address.path.removeprefix("/").removesuffix(".pdf")
                pdf, reason = preview.document(kind, asked.get("sample"))
                kind_of = "application/pdf" if pdf else "text/plain; charset=utf-8"
                self._answer(200 if pdf else 422, kind_of, pdf or f"✗ {reason}".encode())
            else:
                self._answer(404, "text/plain", b"404")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store"}
            if kind.startswith("text/html"):
                headers["Content-Security-Policy"] = _POLICY
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *_arguments: object) -> None:
            """Says nothing: the terminal is for the author."""

    return http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _kinds(form: FormDefinition | None, sample: Sample | None) -> dict[str, str]:
    """The documents that are shown, by the names of their addresses: `annex-1` is a sample's first annex."""
    annexes = annexes_of_sample(form, sample) if form and sample else ()
    return {**KINDS, **{f"annex-{number}": f"Phụ lục: {one.title}" for number, one in enumerate(annexes, start=1)}}


def _chosen(samples: list[Sample], wanted: str | None) -> Sample | None:
    return next((one for one in samples if one.file == wanted), samples[0] if samples else None)


def _links(entries: list[tuple[str, dict[str, str]]], chosen: str) -> str:
    return "".join(
        f'<a{" class=on" if text == chosen else ""} href="/?{escape(urlencode(query))}">{escape(text)}</a> '
        for text, query in entries
    )


def _list(found: list[Finding]) -> str:
    lines = (f"<li>{escape(one.line('vi'))}<br><small>{escape(one.text['en'])}</small></li>" for one in found)
    return f"<ul class=faults>{''.join(lines)}</ul>" if found else "<p class=good>✓</p>"
