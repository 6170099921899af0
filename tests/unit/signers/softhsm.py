"""A token in SoftHSM: keys made inside, which cannot be taken out."""

import os
import subprocess
from pathlib import Path

import pkcs11
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


def made_in(token: Token, label: str, algorithm: Algorithm) -> PublicKey:
    """A key pair in a token; its private half stays there."""
    with pkcs11.lib(token.module).get_token(token_label=token.label).open(rw=True, user_pin=token.pin) as session:
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
