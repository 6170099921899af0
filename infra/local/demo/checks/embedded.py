"""The data inside a document: the JSON file embedded with `AFRelationship=Data`, and the fields `number` and `date`."""

from __future__ import annotations

import io
import json
from typing import Any

import pikepdf

from infra.local.demo.failures import NotTrue


def embedded_data(pdf: bytes) -> bytes:
    """The bytes of `data.json`; raises `NotTrue` if it is absent, no JSON, or not marked as the document's data."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        if "data.json" not in file.attachments:
            raise NotTrue(f"no data.json in the file, only {list(file.attachments)}")
        specification = file.attachments["data.json"]
        if specification.obj.get("/AFRelationship") != "/Data":
            raise NotTrue("data.json is not marked AFRelationship=Data")
        content = specification.get_file().read_bytes()
    try:
        json.loads(content)
    except ValueError as broken:
        raise NotTrue("data.json is not JSON") from broken
    return content


def text_fields(pdf: bytes) -> dict[str, Any]:
    """The values of the text fields, by name."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        form = file.Root.get("/AcroForm")
        fields: Any = form.Fields if form is not None else []
        return {str(field.T): str(field.get("/V", "")) for field in fields if field.get("/FT") == "/Tx"}
