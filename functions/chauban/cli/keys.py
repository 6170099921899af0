"""The key that a command signs with: a PKCS#12 file, a PKCS#11 token, or a key in AWS KMS, with its certificates."""

import argparse
import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chauban.cli.command import CommandRefused

if TYPE_CHECKING:
    from cryptography import x509

    from chauban.signing.algorithms import Algorithm
    from chauban.signing.credentials import Credential, SignerKind
    from chauban.signing.ports import PublicKeys

SECRET = "CHAUBAN_KEY_SECRET"  # noqa: S105 - the name of the variable, not what it holds


@dataclass(frozen=True)
class HeldKey:
    """A key in its place: the holder, and by what it is known there."""

    keys: "PublicKeys"
    kind: "SignerKind"
    key_ref: str
    provider: str | None = None

    def public_key(self) -> bytes:
        """The SubjectPublicKeyInfo in DER; raises `SigningError`."""
        return self.keys.public_key(self.key_ref, self.provider)

    def credential(self, chain_pem: str, algorithm: "Algorithm") -> "Credential":
        """The record under which the holder is asked to sign."""
        from chauban.signing.credentials import Credential, Purpose

        always = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
        return Credential(
            id="shell",
            person=None,
            agency=None,
            purpose=Purpose.SIGN,
            kind=self.kind,
            key_ref=self.key_ref,
            provider=self.provider,
            algorithm=algorithm,
            chain_pem=chain_pem,
            appearance="",
            valid_from=always[0],
            valid_to=always[1],
        )


@dataclass(frozen=True)
class SigningKey:
    """A holder of keys, and the credential that names the key in it."""

    keys: "PublicKeys"
    credential: "Credential"


def add_key_options(
    parser: argparse.ArgumentParser, *, files: bool = False, elsewhere: bool = False, certified: bool = True
) -> None:
    """The options that name a key: in `files` too, or `elsewhere`, by the catalogue's record of who holds it. One that is not
    `certified` yet is asked about by that record as well.

    Its password or PIN is never one of them, for others can read a command line.
    """
    place = parser.add_mutually_exclusive_group(required=True)
    if files:
        place.add_argument("--pkcs12", type=Path, metavar="FILE", help="a key file; its password is asked for")
    if elsewhere:
        place.add_argument(
            "--provider", metavar="ID", help="a remote provider or a token of the catalogue; --key names the key there"
        )
        place.add_argument("--client", action="store_true", help="a key that only the official's own device holds")
        parser.add_argument(
            "--pkcs11",
            metavar="LIBRARY",
            help="with a token: its library here, to compare the key; the PIN is asked for",
        )
    else:
        place.add_argument("--pkcs11", metavar="LIBRARY", help="the vendor's library of a token; its PIN is asked for")
        parser.add_argument("--token", help="the label of the PKCS#11 token")
        if not certified:
            place.add_argument(
                "--provider", metavar="ID", help="says how a provider of the catalogue comes to a certificate"
            )
    place.add_argument("--kms", metavar="KEY", help="a key in AWS KMS, by alias or ARN, with the shell's credentials")
    parser.add_argument("--key", help="the label of the key on the token, or its name at the provider")
    parser.add_argument(
        "--pkcs1",
        action="store_true",
        help="RSA with PKCS#1 v1.5 padding, where the key's provider does nothing else (RSA-PSS otherwise)",
    )


def add_chain_option(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """The option that names the certificates of a key."""
    parser.add_argument(
        "--certificates", type=Path, metavar="PEM", required=required, help="the chain, the signer's certificate first"
    )


def held_key(options: argparse.Namespace) -> HeldKey:
    """The key of a token or of KMS; raises `CommandRefused` where something is missing."""
    from chauban.signing.credentials import SignerKind

    if options.pkcs11:
        if not (options.token and options.key):
            raise CommandRefused(
                "Thiếu --token (nhãn thiết bị) và --key (nhãn khóa).", "Name the token (--token) and its key (--key)."
            )
        return key_in_token(options.pkcs11, options.token, options.key)
    from chauban.adapters.kms import KmsKeys
    from chauban.bootstrap import client

    return HeldKey(KmsKeys(client("kms")), SignerKind.KMS, options.kms)


def key_in_token(library: str, label: str, key: str) -> HeldKey:
    """A key in a token that can be reached from here."""
    from chauban.signing.credentials import SignerKind
    from chauban.signing.signers.pkcs11 import Pkcs11Keys, Token

    return HeldKey(Pkcs11Keys({label: Token(library, label, _secret("PIN"))}), SignerKind.PKCS11, key, label)


def signing_key(options: argparse.Namespace) -> SigningKey:
    """The key that the options name, with its certificates; raises `CommandRefused` where something does not fit."""
    if options.pkcs12:
        held, chain = _from_file(options)
    else:
        held, chain = held_key(options), read_chain(options.certificates)
    algorithm = algorithm_of(public_der(chain[0]), pkcs1=options.pkcs1)
    return SigningKey(held.keys, held.credential(chain_pem(chain), algorithm))


def chain_pem(chain: "Sequence[x509.Certificate]") -> str:
    """The certificates as a credential keeps them: a root is known to whoever checks, and left out."""
    from cryptography.hazmat.primitives.serialization import Encoding

    kept = [chain[0], *(one for one in chain[1:] if one.issuer != one.subject)]
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in kept)


def public_der(certificate: "x509.Certificate") -> bytes:
    """The SubjectPublicKeyInfo of a certificate in DER."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def algorithm_of(public_key: bytes, *, pkcs1: bool) -> "Algorithm":
    """The algorithm that a key (SubjectPublicKeyInfo in DER) signs with; raises `CommandRefused` for one that is too weak."""
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    from chauban.signing.algorithms import Algorithm
    from chauban.signing.pades.raw_signature import key_fits

    unwanted = Algorithm.RSA_PSS_SHA256 if pkcs1 else Algorithm.RSA_PKCS1_SHA256
    key = load_der_public_key(public_key)
    fitting = next((one for one in Algorithm if one is not unwanted and key_fits(key, one)), None)
    if fitting is None:
        raise CommandRefused(
            "Khóa không phải RSA từ 2048 bit, cũng không phải ECDSA P-256 hoặc P-384.",
            "The key is neither RSA of 2048 bits or more nor ECDSA on P-256 or P-384.",
        )
    return fitting


def read_chain(file: Path | None) -> "list[x509.Certificate]":
    """The certificates of a PEM file, the signer's first; raises `CommandRefused` where there are none."""
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


def _from_file(options: argparse.Namespace) -> "tuple[HeldKey, list[x509.Certificate]]":
    from cryptography.hazmat.primitives.serialization import pkcs12

    from chauban.signing.credentials import SignerKind
    from chauban.signing.signers.pkcs12 import KeyFile, Pkcs12Keys

    password = _secret(f"{options.pkcs12.name}: mật khẩu / password")
    try:
        stored = pkcs12.load_pkcs12(options.pkcs12.read_bytes(), password.encode())
    except (OSError, ValueError) as fault:
        raise CommandRefused(
            f"{options.pkcs12}: sai mật khẩu, hoặc không phải tệp PKCS#12.",
            f"{options.pkcs12}: the password is wrong, or it is no PKCS#12 file.",
        ) from fault
    keys = Pkcs12Keys({str(options.pkcs12): KeyFile(options.pkcs12, password)})
    held = HeldKey(keys, SignerKind.PKCS12, str(options.pkcs12))
    if options.certificates or stored.cert is None:
        return held, read_chain(options.certificates)
    return held, [stored.cert.certificate, *(one.certificate for one in stored.additional_certs)]


def _secret(what: str) -> str:
    """From the environment, for scripts; else typed, unseen."""
    return os.environ.get(SECRET) or getpass.getpass(f"{what}: ")
