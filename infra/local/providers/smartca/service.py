"""get_certificate, sign and status, as `schemas/smartca/v1` describes them; errors are codes in the body.

SmartCA is not told which padding to use: RSA keys here make PKCS#1 v1.5 values, as is seen in the field (`ALGORITHMS`).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from werkzeug.wrappers import Request, Response

from infra.local.providers import shapes
from infra.local.providers.accounts import Accounts
from infra.local.providers.keys import Key, Keys
from infra.local.providers.phone import CONFIRM_SECONDS, CONFIRMED, EXPIRED, REFUSED, WAITING, Phone, Transaction

ALGORITHMS = {"RSA": "RSA_PKCS1_SHA256", "P-256": "ECDSA_P256_SHA256", "P-384": "ECDSA_P384_SHA384"}
_STATUS = re.compile(r"v1/signatures/sign/([^/]+)/status")
_CODES = {
    WAITING: (4000, "sig_wait_for_user_confirm"),
    EXPIRED: (4001, "EXPIRED"),
    REFUSED: (4002, "REJECTED"),
}


class Refused(Exception):
    """A request that is not carried out: a code and its name."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class SmartCa:
    """Keys by the certificate's serial number, holders by their username."""

    def __init__(self, keys: Keys, accounts: Accounts) -> None:
        self._keys = {serial_number(key): key for key in keys.of("smartca")}
        self._client = accounts.client("smartca")
        self.phone = Phone(self._called_back)

    def answer(self, request: Request, path: str, mood: str) -> Response:
        """The answer to a request; anything else than is described is refused."""
        if request.method == "PUT" and path.startswith("_/"):
            return _json({}, 200 if self.phone.set(path[2:], request.get_json()) else 404)
        if (request.method, path) == ("GET", "_/granted"):
            return _json({"secrets": self.phone.transactions()})
        try:
            name, told = self._told(request, path, mood)
        except Refused as refused:
            body = {"status_code": refused.code, "message": str(refused), "data": None}
            shapes.require("smartca/v1/error", body)
            return _json(body, 400 if refused.code == 400 else 200)
        shapes.require(f"smartca/v1/{name}.answer", told)
        return _json({"unexpected": True} if mood == "misshapen" else told)

    def _told(self, request: Request, path: str, mood: str) -> tuple[str, dict[str, Any]]:
        if request.method != "POST":
            raise Refused(404, "NOT_FOUND")
        asked = request.get_json(silent=True)
        if path == "v1/credentials/get_certificate":
            return "get_certificate", self._certificates(self._customer("get_certificate", asked))
        if path == "v1/signatures/sign":
            return "sign", self._sign(self._customer("sign", asked), mood)
        if found := _STATUS.fullmatch(path):
            _require("status", asked)
            return "status", self._status(found[1], mood)
        raise Refused(404, "NOT_FOUND")

    def _customer(self, name: str, asked: Any) -> Mapping[str, Any]:
        _require(name, asked)
        account = (self._client["client_id"], self._client["client_secret"])
        if (asked["sp_id"], asked["sp_password"]) != account:
            raise Refused(401, "SP_CREDENTIAL_INVALID")
        return dict(asked)

    def _of(self, holder: str) -> dict[str, Key]:
        return {serial: key for serial, key in self._keys.items() if key.holding.person == holder}

    def _certificates(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        wanted = asked.get("serial_number") or None
        listed = [
            _described(serial, key, asked["transaction_id"])
            for serial, key in self._of(asked["user_id"]).items()
            if wanted in (None, serial)
        ]
        return {"status_code": 200, "message": "Success", "data": {"user_certificates": listed}}

    def _sign(self, asked: Mapping[str, Any], mood: str) -> dict[str, Any]:
        key = self._of(asked["user_id"]).get(asked["serial_number"])
        if key is None:
            raise Refused(403, "CREDENTIAL_STATUS_INVALID")
        digests = {file["doc_id"]: bytes.fromhex(file["data_to_be_signed"]) for file in asked["sign_files"]}
        length = 48 if _hash(key) == "sha384" else 32
        if len(digests) != len(asked["sign_files"]) or any(len(each) != length for each in digests.values()):
            raise Refused(400, "BAD_REQUEST")
        begun = self.phone.start(asked["transaction_id"], key, digests, mood)
        if begun is None:
            raise Refused(400, "DUPLICATE_TRANSACTION")
        data = {"transaction_id": begun.named, "tran_code": begun.id, "expired_in": int(CONFIRM_SECONDS)}
        return {"status_code": 200, "message": "sig_wait_for_user_confirm", "data": data}

    def _status(self, code: str, mood: str) -> dict[str, Any]:
        transaction = self.phone.of(code)
        if transaction is None:
            raise Refused(404, "TRANSACTION_NOT_FOUND")
        state = transaction.state(mood)
        if state != CONFIRMED:
            number, message = _CODES[state]
            return {"status_code": number, "message": message, "data": None}
        files = _values(transaction, mood)
        data = {"transaction_id": transaction.named, "signatures": files * 2 if mood == "twice" else files}
        return {"status_code": 200, "message": "SUCCESS", "data": data}

    def _called_back(self, transaction: Transaction, state: str) -> dict[str, Any]:
        number, message = (1, "SUCCESS") if state == CONFIRMED else _CODES[state]
        body = {
            "sp_id": self._client["client_id"],
            "status_code": number,
            "message": message,
            "transaction_id": transaction.named,
            "signed_files": _values(transaction, "good") if state == CONFIRMED else [],
        }
        shapes.require("smartca/v1/webhook.request", body)
        return body


def serial_number(key: Key) -> str:
    """By which SmartCA names a key: its certificate's serial number in small hexadecimal."""
    return f"{x509.load_pem_x509_certificate(key.chain_pem.encode()).serial_number:x}"


def _values(transaction: Transaction, mood: str) -> list[dict[str, Any]]:
    values = transaction.values(mood, _hash(transaction.key), pss=False)
    return [
        {"doc_id": name, "signature_value": base64.b64encode(value).decode(), "timestamp_signature": None}
        for name, value in values.items()
    ]


def _hash(key: Key) -> str:
    return "sha384" if key.holding.type == "P-384" else "sha256"


def _described(serial: str, key: Key, transaction: str) -> dict[str, Any]:
    leaf, *above = x509.load_pem_x509_certificates(key.chain_pem.encode())
    return {
        "service_type": "SMARTCA",
        "service_name": "SMARTCA PERSONAL PRO",
        "cert_id": key.holding.id,
        "cert_status": "Đang hoạt động",
        "cert_status_code": "VALID",
        "serial_number": serial,
        "cert_subject": leaf.subject.rfc4514_string(),
        "cert_valid_from": f"{leaf.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ}",
        "cert_valid_to": f"{leaf.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
        "cert_data": _base64(leaf),
        "chain_data": {"ca_cert": _base64(above[0]), "root_cert": None},
        "transaction_id": transaction,
    }


def _base64(certificate: x509.Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def _require(name: str, asked: Any) -> None:
    try:
        shapes.require(f"smartca/v1/{name}.request", asked)
    except shapes.Misshapen as wrong:
        raise Refused(400, f"BAD_REQUEST {wrong}") from wrong


def _json(body: Mapping[str, object], status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
