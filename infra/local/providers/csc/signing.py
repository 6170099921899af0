"""signatures/signHash. Version 1 gives ECDSA values as r and s one after the other, version 2 as DER: both are met."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from asn1crypto import algos
from cryptography.hazmat.primitives.asymmetric import ec

from infra.local.providers.csc.credentials import ECDSA_SHA256, ECDSA_SHA384, RSA_PSS, RSA_SHA256, Shown
from infra.local.providers.csc.faults import Fault
from infra.local.providers.csc.permissions import NotPermitted, Permissions
from infra.local.providers.keys import Key, one_after_the_other, stranger

_SHA256, _SHA384 = "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2"
_NAMES = {_SHA256: "sha256", _SHA384: "sha384"}
_FIXED = {RSA_SHA256: "sha256", ECDSA_SHA256: "sha256", ECDSA_SHA384: "sha384"}


def signed(
    version: str, shown: Shown, asked: Mapping[str, Any], sad: str, permissions: Permissions, mood: str
) -> dict[str, Any]:
    """The answer, or a `Fault` in the words of the specification."""
    algorithm = asked["signAlgo"]
    if algorithm not in shown.algorithms:
        raise Fault("invalid_request", "Invalid parameter signAlgo")
    hash_name = _hash(version, algorithm, asked)
    digests = [base64.b64decode(each) for each in asked["hash" if version == "v1" else "hashes"]]
    if any(len(each) != hashlib.new(hash_name).digest_size for each in digests):
        raise Fault("invalid_request", "Invalid digest value length")
    try:
        permissions.use(sad, shown.id, digests, token="SAD" not in asked)
    except NotPermitted as refusal:
        raise Fault("invalid_request", str(refusal)) from refusal
    key = stranger(shown.key.holding) if mood == "wrong-certificate" else shown.key
    values = [_value(key, each, hash_name, algorithm, mood) for each in digests]
    if version == "v1" and isinstance(key.private, ec.EllipticCurvePrivateKey):
        values = [one_after_the_other(each, key.private.key_size) for each in values]
    encoded = [base64.b64encode(each).decode() for each in values]
    return {"signatures": encoded * 2 if mood == "twice" else encoded}


def _hash(version: str, algorithm: str, asked: Mapping[str, Any]) -> str:
    named = _NAMES.get(asked.get("hashAlgo" if version == "v1" else "hashAlgorithmOID", ""))
    hash_name = _FIXED.get(algorithm) or named
    if hash_name is None or named not in (None, hash_name):
        raise Fault("invalid_request", "Invalid parameter hashAlgo")
    if algorithm == RSA_PSS:
        told = algos.RSASSAPSSParams.load(base64.b64decode(asked["signAlgoParams"]), strict=True).native
        salted = (told["hash_algorithm"]["algorithm"], told["mask_gen_algorithm"]["parameters"]["algorithm"])
        if salted != (hash_name, hash_name) or told["salt_length"] != hashlib.new(hash_name).digest_size:
            raise Fault("invalid_request", "Invalid parameter signAlgoParams")
    return hash_name


def _value(key: Key, digest: bytes, hash_name: str, algorithm: str, mood: str) -> bytes:
    over = hashlib.new(hash_name, digest).digest() if mood == "wrong-signature" else digest
    return key.sign(over, hash_name, pss=algorithm == RSA_PSS)
