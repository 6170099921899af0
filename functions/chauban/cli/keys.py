"""The key that a command signs with: a PKCS#12 file, a PKCS#11 token, or a key in AWS KMS, with its certificates."""

import argparse
import getpass
import os
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from chauban.cli.command import CommandRefused

if TYPE_CHECKING:
    from cryptography import x509

    from chauban.signing.algorithms import Algorithm
    from chauban.signing.credentials import Credential, SignerKind
    from chauban.signing.ports import KeyHolder

SECRET = "CHAUBAN_KEY_SECRET"  # noqa: S105 - the name of the variable, not what it holds


@dataclass(frozen=True)
class SigningKey:
    """A holder of keys, and the credential that names the key in it."""

    keys: "KeyHolder"
    credential: "Credential"


def add_key_options(parser: argparse.ArgumentParser) -> None:
    """The options that name a key; its password or PIN is never one of them, for others can read a command line."""
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--pkcs12", type=Path, metavar="FILE", help="a key file; its password is asked for")
    place.add_argument("--pkcs11", metavar="LIBRARY", help="the vendor's library of a token; its PIN is asked for")
    place.add_argument("--kms", metavar="KEY", help="a key in AWS KMS, by alias or ARN, with the shell's credentials")
    parser.add_argument("--token", help="the label of the PKCS#11 token")
    parser.add_argument("--key", help="the label of the key on the token")
    parser.add_argument(
        "--certificates", type=Path, metavar="PEM", help="the chain, the signer's first (PKCS#12 files bring their own)"
    )
    parser.add_argument(
        "--pkcs1",
        action="store_true",
        help="RSA with PKCS#1 v1.5 padding, where the key's provider does nothing else (RSA-PSS otherwise)",
    )


def key_from(options: argparse.Namespace) -> SigningKey:
    """The key that the options name; raises `CommandRefused` where something of it is missing or does not fit."""
    from chauban.signing.credentials import SignerKind

    if options.pkcs12:
        return _from_file(options)
    chain = _chain(options.certificates)
    if options.pkcs11:
        from chauban.signing.signers.pkcs11 import Pkcs11Keys, Token

        if not (options.token and options.key):
            raise CommandRefused(
                "Thiếu --token (nhãn thiết bị) và --key (nhãn khóa).", "Name the token (--token) and its key (--key)."
            )
        keys = Pkcs11Keys({options.token: Token(options.pkcs11, options.token, _secret("PIN"))})
        credential = _credential(SignerKind.PKCS11, options.key, chain, options.pkcs1, provider=options.token)
        return SigningKey(keys, credential)
    from chauban.adapters.kms import KmsKeys
    from chauban.bootstrap import client

    return SigningKey(KmsKeys(client("kms")), _credential(SignerKind.KMS, options.kms, chain, options.pkcs1))


def _from_file(options: argparse.Namespace) -> SigningKey:
    from cryptography.hazmat.primitives.serialization import pkcs12

    from chauban.signing.credentials import SignerKind
    from chauban.signing.signers.pkcs12 import KeyFile, Pkcs12Keys

    password = _secret(f"{options.pkcs12.name}: mật khẩu / password")
    if options.certificates:
        chain = _chain(options.certificates)
    else:
        try:
            held = pkcs12.load_pkcs12(options.pkcs12.read_bytes(), password.encode())
        except (OSError, ValueError) as fault:
            raise CommandRefused(
                f"{options.pkcs12}: sai mật khẩu, hoặc không phải tệp PKCS#12.",
                f"{options.pkcs12}: the password is wrong, or it is no PKCS#12 file.",
            ) from fault
        if held.cert is None:
            raise CommandRefused(
                "Tệp khóa không có chứng thư số. Hãy chỉ ra chuỗi chứng thư bằng --certificates.",
                "The key file holds no certificate. Name the chain with --certificates.",
            )
        chain = [held.cert.certificate, *(one.certificate for one in held.additional_certs)]
    keys = Pkcs12Keys({str(options.pkcs12): KeyFile(options.pkcs12, password)})
    return SigningKey(keys, _credential(SignerKind.PKCS12, str(options.pkcs12), chain, options.pkcs1))


def _chain(file: Path | None) -> "list[x509.Certificate]":
    from cryptography import x509

    if file is None:
        raise CommandRefused(
            "Thiếu --certificates: tệp PEM gồm chứng thư của người ký và các chứng thư cấp trên.",
            "--certificates is missing: a PEM file with the signer's certificate and those above it.",
        )
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as fault:
        raise CommandRefused(
            f"{file} không có chứng thư số nào (PEM).", f"{file} holds no certificate in PEM."
        ) from fault


def _credential(
    kind: "SignerKind", key: str, chain: "list[x509.Certificate]", pkcs1: bool, provider: str | None = None
) -> "Credential":
    from cryptography.hazmat.primitives.serialization import Encoding

    from chauban.signing.credentials import Credential, Purpose

    leaf = chain[0]
    # A root is known to whoever checks; in the chain it is only weight.
    above = [one for one in chain[1:] if one.issuer != one.subject]
    return Credential(
        id="shell",
        person=None,
        agency=None,
        purpose=Purpose.SIGN,
        kind=kind,
        key_ref=key,
        provider=provider,
        algorithm=_algorithm(leaf, pkcs1),
        chain_pem="".join(one.public_bytes(Encoding.PEM).decode() for one in (leaf, *above)),
        appearance="",
        valid_from=leaf.not_valid_before_utc.astimezone(UTC),
        valid_to=leaf.not_valid_after_utc.astimezone(UTC),
    )


def _algorithm(leaf: "x509.Certificate", pkcs1: bool) -> "Algorithm":
    from cryptography.hazmat.primitives.serialization import Encoding

    from chauban.signing.algorithms import Algorithm
    from chauban.signing.raw_signature import fits_key

    unwanted = Algorithm.RSA_PSS_SHA256 if pkcs1 else Algorithm.RSA_PKCS1_SHA256
    der = leaf.public_bytes(Encoding.DER)
    fitting = next((one for one in Algorithm if one is not unwanted and fits_key(der, one)), None)
    if fitting is None:
        raise CommandRefused(
            "Khóa của chứng thư không phải RSA từ 2048 bit, cũng không phải ECDSA P-256 hoặc P-384.",
            "The certificate's key is neither RSA of 2048 bits or more nor ECDSA on P-256 or P-384.",
        )
    return fitting


def _secret(what: str) -> str:
    """From the environment, for scripts; else typed, unseen."""
    return os.environ.get(SECRET) or getpass.getpass(f"{what}: ")
