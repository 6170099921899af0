"""The population database behind the local service platform: one POST, an answer of known shape, nothing believed unchecked.

The shapes are `request.schema.json` and `answer.schema.json`. They come from integrations in the field, not from a published
standard, so they end here: the rest of the service knows attributes only.
"""

import json
import re
import time
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import urllib3
from urllib3.exceptions import HTTPError

from chauban.errors import NotConfigured, RegistryAnswerUnusable, RegistryRefused, RegistryUnavailable
from chauban.forms.comparing import canonical
from chauban.forms.formats import as_days
from chauban.forms.prefill_rules import Attribute
from chauban.registry.inquiry import Inquiry

SECONDS = 4.0
MAXIMUM_ANSWER_BYTES = 100_000
# Encrypted on its way, or never leaving the machine (the embedded stack).
_PROTECTED = re.compile(r"https://.|http://(127\.0\.0\.1|localhost)(:[0-9]+)?(/|$)")
_REFUSALS = {401, 403, 404, 409, 422}
_SEX = {"Nam": "male", "Nữ": "female"}
_TEXTS = {
    Attribute.FULL_NAME: "HoVaTen",
    Attribute.PERSONAL_NUMBER: "SoDinhDanh",
    Attribute.ETHNICITY: "DanToc",
    Attribute.NATIONALITY: "QuocTich",
    Attribute.HOMETOWN: "QueQuan",
    Attribute.BIRTH_REGISTERED_AT: "NoiDangKyKhaiSinh",
    Attribute.RESIDENCE: "ThuongTru",
    Attribute.CURRENT_RESIDENCE: "NoiOHienTai",
    Attribute.MARITAL_STATUS: "TinhTrangHonNhan",
}


@dataclass(frozen=True)
class PopulationDatabase:
    """A `Registry` at an address, with the platform's token."""

    url: str
    token: str
    pool: urllib3.PoolManager

    @classmethod
    def at(cls, url: str, token: str) -> "PopulationDatabase":
        """One that waits `SECONDS` for an answer, and asks once.

        Raises `NotConfigured` for an address that would carry names, numbers and the token in the clear.
        """
        if not _PROTECTED.match(url):
            raise NotConfigured(what="CHAUBAN_REGISTRY_URL (https)")
        limits = urllib3.Timeout(connect=2.0, read=SECONDS, total=SECONDS)
        return cls(url, token, urllib3.PoolManager(timeout=limits, retries=False))

    def ask(self, inquiry: Inquiry) -> dict[Attribute, str]:
        """See `Registry.ask`."""
        request = {
            "HoVaTen": unicodedata.normalize("NFC", inquiry.name).upper(),
            "SoDinhDanh": inquiry.personal_number,
            "MaDVC": inquiry.procedure,
            "MaCanBo": inquiry.officer,
            "MaYeuCau": inquiry.request_id,
        }
        if not _validator("request").is_valid(request):
            raise RegistryRefused
        answer = self._posted(request)
        if not _validator("answer").is_valid(answer):
            raise RegistryAnswerUnusable
        if answer["SoDinhDanh"] != inquiry.personal_number or canonical(answer["HoVaTen"]) != canonical(inquiry.name):
            raise RegistryAnswerUnusable
        # The register writes names in capitals: the same name as the person writes it is kinder to read.
        told = _told(answer) | {Attribute.FULL_NAME: unicodedata.normalize("NFC", inquiry.name).strip()}
        return {attribute: told[attribute] for attribute in inquiry.attributes if attribute in told}

    def _posted(self, request: dict[str, str]) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        try:
            answer = self.pool.request(
                "POST",
                self.url,
                body=json.dumps(request).encode(),
                headers=headers,
                redirect=False,
                preload_content=False,
            )
            try:
                content = _read(answer, time.monotonic() + SECONDS)
            finally:
                answer.release_conn()
        except HTTPError as fault:
            raise RegistryUnavailable from fault
        if answer.status in _REFUSALS:
            raise RegistryRefused
        if answer.status != 200:
            raise RegistryUnavailable
        if len(content) > MAXIMUM_ANSWER_BYTES:
            raise RegistryAnswerUnusable
        try:
            return json.loads(content)
        except ValueError as fault:
            raise RegistryAnswerUnusable from fault


def _read(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """The body, as far as it is needed; raises `RegistryUnavailable` where it comes drop by drop."""
    content = b""
    while len(content) <= MAXIMUM_ANSWER_BYTES and (part := answer.read1(16_384)):
        content += part
        if time.monotonic() > deadline:
            raise RegistryUnavailable
    return content


def _told(answer: dict[str, Any]) -> dict[Attribute, str]:
    """What an answer says, in the service's own terms; raises `RegistryAnswerUnusable` for a day that there is not."""
    told = {
        attribute: unicodedata.normalize("NFC", answer[name]).strip()
        for attribute, name in _TEXTS.items()
        if answer.get(name)
    }
    if sex := answer.get("GioiTinh"):
        told[Attribute.SEX] = _SEX[sex]
    if born := answer.get("NgayThangNamSinh"):
        told[Attribute.BIRTH_DATE] = _day(born)
    return {attribute: text for attribute, text in told.items() if text}


def _day(born: str) -> str:
    """The day, or as much of it as is recorded: of old people only the year, or month and year, with zeros for the rest."""
    year, month, day = born[:4], born[4:6], born[6:]
    known = "-".join((year,) if born[4:] == "0000" else (year, month) if day == "00" else (year, month, day))
    if as_days(known) is None:
        raise RegistryAnswerUnusable
    return known


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    schema = files("chauban.registry.population").joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    return jsonschema_rs.Draft202012Validator(schema)
