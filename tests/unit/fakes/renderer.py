"""A `Renderer` that writes down what it was asked for."""

import hashlib
import json

from chauban.documents.requests import RenderedDocument, RenderRequest


class FakeRenderer:
    """The same request gives the same bytes."""

    def __init__(self) -> None:
        self.requests: list[RenderRequest] = []

    def render(self, request: RenderRequest) -> RenderedDocument:
        self.requests.append(request)
        text = json.dumps([request.template, dict(request.context), request.made_at.isoformat()], ensure_ascii=False)
        content = text.encode() + request.data + request.document_id.encode()
        return RenderedDocument(content, hashlib.sha256(content).hexdigest(), 1, "f0" * 32)
