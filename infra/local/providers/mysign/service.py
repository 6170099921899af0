"""login, certificates/info, signHash and requests/status, as `schemas/mysign` describes them.

RSA keys make PSS or PKCS#1 v1.5 as they are asked, ECDSA values come as r and s one after the other, and Base64 comes in lines.
Customers ask how a transaction stands; nobody is called back.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from werkzeug.wrappers import Request, Response

from infra.local.providers import shapes
from infra.local.providers.accounts import Accounts
from infra.local.providers.keys import Key, Keys, one_after_the_other
from infra.local.providers.phone import CONFIRMED, EXPIRED, REFUSED, WAITING, Phone, Transaction

ALGORITHMS = {"RSA": "RSA_PSS_SHA256", "P-256": "ECDSA_P256_SHA256", "P-384": "ECDSA_P384_SHA384"}
PROFILE = "adss:ras:profile:001"
TOKEN_SECONDS = 3600
_PSS = "1.2.840.113549.1.1.10"
_SHA256, _SHA384 = "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2"
_TYPES: dict[str, tuple[list[str], str, str, str | None]] = {
    "RSA": (["1.2.840.113549.1.1.1", _PSS], _SHA256, "2048", None),
    "P-256": (["1.2.840.10045.4.3.2"], _SHA256, "256", "1.2.840.10045.3.1.7"),
    "P-384": (["1.2.840.10045.4.3.3"], _SHA384, "384", "1.3.132.0.34"),
}
_STATES = {WAITING: "4000", EXPIRED: "4001", REFUSED: "4002", CONFIRMED: "1"}


class Refused(Exception):
    """A request that is not carried out."""

    def __init__(self, error: int, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.status = error, status


class MySign:
    """Keys by their id (`credentialID`), holders by their username (`user_id`)."""

    def __init__(self, keys: Keys, accounts: Accounts) -> None:
        self._keys = {key.holding.id: key for key in keys.of("mysign")}
        self._client = accounts.client("mysign")
        self._tokens: dict[str, tuple[str, float]] = {}
        self._asked: dict[str, str] = {}
        self.phone = Phone()
        self._calls = {
            "vtss/service/ras/v1/login": ("login", self._login),
            "vtss/service/certificates/info": ("certificates", self._certificates),
            "vtss/service/signHash": ("signHash", self._sign),
            "vtss/service/requests/status": ("status", self._status),
        }

    def answer(self, request: Request, path: str, mood: str) -> Response:
        """The answer to a request; anything else than is described is refused."""
        if request.method == "PUT" and path.startswith("_/"):
            return _json({}, 200 if self.phone.set(path[2:], request.get_json()) else 404)
        if (request.method, path) == ("GET", "_/granted"):
            return _json({"secrets": [*self._tokens, *self.phone.transactions()]})
        try:
            if request.method != "POST" or path not in self._calls:
                raise Refused(404, "Not found", 404)
            name, call = self._calls[path]
            asked = _required(name, request.get_json(silent=True))
            self._customer(asked)
            told = call(asked, "" if name == "login" else self._holder(request), mood)
        except Refused as refused:
            body = {"error": refused.error, "error_description": str(refused)}
            shapes.require("mysign/error", body)
            return _json(body, refused.status)
        shapes.require(f"mysign/{name}.answer", told)
        return _json({"unexpected": True} if mood == "misshapen" else told)

    def _customer(self, asked: Mapping[str, Any]) -> None:
        """Every request that names the customer brings its secret, too."""
        if "client_id" not in asked:
            return
        if asked["client_id"] != self._client["client_id"]:
            raise Refused(58007, "Client ID does not exist")
        if asked["client_secret"] != self._client["client_secret"]:
            raise Refused(86024, "Client secret is invalid", 401)
        if asked.get("profile_id", PROFILE) != PROFILE:
            raise Refused(58009, "Profile ID does not exist")

    def _holder(self, request: Request) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        holder, until = self._tokens.get(token, ("", 0.0))
        if scheme != "Bearer" or time.monotonic() >= until:
            raise Refused(59035, "Access token is invalid", 401)
        return holder

    def _login(self, asked: Mapping[str, Any], _holder: str, _mood: str) -> dict[str, Any]:
        holder = asked["user_id"]
        if not any(key.holding.person == holder for key in self._keys.values()):
            raise Refused(58008, "User ID does not exist")
        token = secrets.token_urlsafe(32)
        self._tokens[token] = (holder, time.monotonic() + TOKEN_SECONDS)
        return {
            "access_token": token,
            "refresh_token": "",
            "token_type": "Bearer",
            "expires_in": str(TOKEN_SECONDS),
        }

    def _certificates(self, asked: Mapping[str, Any], holder: str, _mood: str) -> list[dict[str, Any]]:
        if asked["user_id"] != holder:
            raise Refused(58008, "User ID does not exist")
        return [_described(key) for key in self._keys.values() if key.holding.person == holder]

    def _sign(self, asked: Mapping[str, Any], holder: str, mood: str) -> dict[str, Any]:
        key = self._keys.get(asked["credentialID"])
        if key is None or key.holding.person != holder:
            raise Refused(13001, "Credential does not exist")
        algorithms, hash_algorithm, _, _ = _TYPES[key.holding.type]
        names = [document["document_id"] for document in asked["documents"]]
        digests = [base64.b64decode(each) for each in asked["hash"]]
        if not asked["numSignatures"] == len(digests) == len(names) == len(set(names)):
            raise Refused(13002, "numSignatures, hash and documents differ")
        length = 48 if hash_algorithm == _SHA384 else 32
        if asked["signAlgo"] not in algorithms or asked["hashAlgo"] != hash_algorithm:
            raise Refused(13003, "Algorithm is not supported")
        if any(len(each) != length for each in digests):
            raise Refused(13003, "Hash is not of the algorithm's length")
        begun = self.phone.start(secrets.token_hex(8), key, dict(zip(names, digests, strict=True)), mood)
        if begun is None:
            raise Refused(50000, "Internal error", 500)
        self._asked[begun.id] = asked["signAlgo"]
        return {"transactionId": begun.id}

    def _status(self, asked: Mapping[str, Any], holder: str, mood: str) -> dict[str, Any]:
        transaction = self.phone.of(asked["transactionId"])
        if transaction is None or transaction.key.holding.person != holder:
            raise Refused(13010, "Transaction does not exist")
        state = transaction.state(mood)
        if state != CONFIRMED:
            return {"status": _STATES[state], "signatures": None}
        values = [_lines(value) for value in self._values(transaction, mood).values()]
        return {"status": "1", "signatures": values * 2 if mood == "twice" else values}

    def _values(self, transaction: Transaction, mood: str) -> dict[str, bytes]:
        key = transaction.key
        hash_name = "sha384" if key.holding.type == "P-384" else "sha256"
        values = transaction.values(mood, hash_name, pss=self._asked[transaction.id] == _PSS)
        if isinstance(key.private, ec.EllipticCurvePrivateKey):
            return {name: one_after_the_other(value, key.private.key_size) for name, value in values.items()}
        return values


def _described(key: Key) -> dict[str, Any]:
    chain = x509.load_pem_x509_certificates(key.chain_pem.encode())
    algorithms, _, length, curve = _TYPES[key.holding.type]
    return {
        "credential_id": key.holding.id,
        "description": "Khóa ký từ xa",
        "key": {"status": "enabled", "algo": algorithms, "len": length, "curve": curve},
        "cert": {
            "status": "valid",
            "certificates": [_base64(each.public_bytes(Encoding.DER)) for each in chain],
            "issuerDN": chain[0].issuer.rfc4514_string(),
            "serialNumber": str(chain[0].serial_number),
            "subjectDN": chain[0].subject.rfc4514_string(),
            "validFrom": f"{chain[0].not_valid_before_utc:%Y%m%d%H%M%S}+0000",
            "validTo": f"{chain[0].not_valid_after_utc:%Y%m%d%H%M%S}+0000",
        },
        "authMode": "implicit",
        "scal": "2",
        "multisign": "2147483647",
    }


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _lines(value: bytes) -> str:
    text = _base64(value)
    return "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76)) + "\r\n"


def _required(name: str, asked: Any) -> Mapping[str, Any]:
    try:
        shapes.require(f"mysign/{name}.request", asked)
    except shapes.Misshapen as wrong:
        raise Refused(13000, str(wrong)) from wrong
    return dict(asked)


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
