"""What a template may load: the files it is published with, and nothing else."""

import mimetypes
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# A name that never resolves (RFC 6761), under which relative addresses in templates are looked up among the files.
BASE_URL = "https://print.invalid/"

_STYLESHEET_REFERENCE = re.compile(r"^[A-Za-z0-9_./-]+$")


class PublishedFiles(URLFetcher):  # type: ignore[misc]
    """Answers WeasyPrint's requests out of `files` (path -> content); raises FatalURLFetchingError for any other address.

    The error is the fatal kind because WeasyPrint swallows the others, and a document that lacks a part must not be made.
    WeasyPrint publishes no types. URLFetcher.__init__ is not called: it sets up network handlers, which are never wanted here.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        path = unquote(parts.path).removeprefix("/")
        if f"{parts.scheme}://{parts.netloc}/" != BASE_URL or not _STYLESHEET_REFERENCE.match(path):
            raise FatalURLFetchingError(f"a template may not load {parts.scheme} addresses")
        if path not in self._files:
            raise FatalURLFetchingError(f"a template asks for {path}, which is not published with it")
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return URLFetcherResponse(url, self._files[path], {"Content-Type": kind})
