"""A token in SoftHSM: keys made inside, which cannot be taken out."""

import atexit
import os
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pkcs11
import pytest
from asn1crypto.keys import PublicKeyInfo, RSAPublicKey
from chauban.signing.algorithms import Algorithm
from chauban.signing.signers.pkcs11 import Token
from cryptography.hazmat.primitives import serialization
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

from tests.unit.signers.documents import PublicKey

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
PIN = "71340928"
_CURVES = {Algorithm.ECDSA_P256_SHA256: "secp256r1", Algorithm.ECDSA_P384_SHA384: "secp384r1"}


def module() -> str | None:
    """The library, where SoftHSM is installed."""
    return next((path for path in MODULES if Path(path).is_file()), None)


def token_in(folder: Path, label: str) -> Token:
    """A new token; SoftHSM reads its settings once for each process, so there is one folder for all tokens of a run."""
    settings = folder / "softhsm2.conf"
    if not settings.exists():
        (folder / "tokens").mkdir()
        settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "00000000", "--pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    path = module()
    assert path is not None
    # A module that was loaded before does not see tokens that came later.
    pkcs11.unload(path)
    return Token(path, label, PIN)


@cache
def token_of_the_run() -> Token:
    """One token for whoever needs no more than a place for keys; its folder goes with the process."""
    if module() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("not installed: softhsm2")
        pytest.skip("not installed: softhsm2")
    folder = TemporaryDirectory(prefix="softhsm-")
    atexit.register(folder.cleanup)
    return token_in(Path(folder.name), "con dau thu")


def made_in(token: Token, label: str, algorithm: Algorithm) -> PublicKey:
    """A key pair in a token; its private half stays there."""
    with _writing(token) as session:
        if algorithm in _CURVES:
            parameters = session.create_domain_parameters(
                pkcs11.KeyType.EC,
                {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(_CURVES[algorithm])},
                local=True,
            )
            public, _ = parameters.generate_keypair(store=True, label=label)
            der = encode_ec_public_key(public)
        else:
            public, _ = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label=label)
            der = PublicKeyInfo.wrap(RSAPublicKey.load(encode_rsa_public_key(public)), "rsa").dump()
    key = serialization.load_der_public_key(der)
    assert isinstance(key, PublicKey)
    return key


def _writing(token: Token) -> pkcs11.Session:
    slot = pkcs11.lib(token.module).get_token(token_label=token.label)
    try:
        return slot.open(rw=True, user_pin=token.pin)
    except pkcs11.UserAlreadyLoggedIn:
        # Whoever logged in before did so for the whole process.
        return slot.open(rw=True)
