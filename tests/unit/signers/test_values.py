"""Values by any maker become what a CMS takes, or are refused."""

from base64 import b64encode

import pytest
from chauban.errors import ProviderAnswerUnusable
from chauban.signing.algorithms import Algorithm
from chauban.signing.signers.values import from_base64, normalised
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

CURVES = [(Algorithm.ECDSA_P256_SHA256, ec.SECP256R1(), 32), (Algorithm.ECDSA_P384_SHA384, ec.SECP384R1(), 48)]


@pytest.mark.parametrize(("algorithm", "curve", "size"), CURVES, ids=["p-256", "p-384"])
def test_an_ecdsa_value_is_der_however_it_came(algorithm: Algorithm, curve: ec.EllipticCurve, size: int) -> None:
    der = ec.generate_private_key(curve).sign(b"attributes", ec.ECDSA(hashes.SHA256()))
    row = b"".join(part.to_bytes(size, "big") for part in decode_dss_signature(der))
    assert normalised(algorithm, der) == normalised(algorithm, row) == der


def test_an_rsa_value_is_left_alone() -> None:
    assert normalised(Algorithm.RSA_PSS_SHA256, b"\x30" * 256) == b"\x30" * 256


def test_base64_may_be_broken_into_lines() -> None:
    text = b64encode(b"v" * 256).decode()
    lines = "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76)) + "\r\n"
    assert from_base64(lines) == b"v" * 256


@pytest.mark.parametrize("value", [b"", b"not a value", b"\x30\x06\x02\x01\x01\x02\x01"])
def test_what_is_no_ecdsa_value_is_refused(value: bytes) -> None:
    with pytest.raises(ProviderAnswerUnusable):
        normalised(Algorithm.ECDSA_P256_SHA256, value)


@pytest.mark.parametrize("text", ["***", "YQ", "b64-url_"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(ProviderAnswerUnusable):
        from_base64(text)
