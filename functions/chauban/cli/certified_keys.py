"""A key with its certificates, as a credential takes it in: they belong together, lead to a root, and are the holder's own."""

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chauban.cli.command import CommandRefused, catalogue_in
from chauban.cli.keys import algorithm_of, chain_pem, held_key, key_in_token, public_der, read_chain
from chauban.cli.providers import csc_signer, named_provider

if TYPE_CHECKING:
    from cryptography import x509

    from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
    from chauban.signing.credential_records import NewKey
    from chauban.signing.credentials import Credential, SignerKind
    from chauban.signing.providers import Provider, TokenRecord


@dataclass(frozen=True)
class _Place:
    """Where the key is, by which name, and at whom; its public side and its certificates where they can be asked for from here."""

    kind: "SignerKind"
    key_ref: str | None = None
    provider: str | None = None
    public_key: bytes | None = None
    told: "tuple[x509.Certificate, ...]" = ()


def new_key(options: argparse.Namespace) -> "NewKey":
    """The key with its certificates, neither revoked nor suspended; raises `CommandRefused`, `CertificateNotUsable`."""
    from chauban.signing.credential_records import NewKey
    from chauban.signing.pades.identity import certificate_facts

    place = _place(options)
    chain = list(place.told) if place.told and options.certificates is None else read_chain(options.certificates)
    if place.public_key is not None and place.public_key != public_der(chain[0]):
        raise CommandRefused("Chứng thư không phải của khóa này.", "The certificate is not that of this key.")
    if place.told and place.told[0] != chain[0]:
        raise CommandRefused(
            f"Nhà cung cấp {place.provider} có chứng thư khác cho khóa này. Hãy bỏ --certificates để lấy từ nhà cung cấp.",
            f"The provider {place.provider} has another certificate for this key. Leave --certificates out to take that one.",
        )
    leaf, pem = _checked(chain, options.roots), chain_pem(chain)
    return NewKey(
        kind=place.kind,
        key_ref=place.key_ref,
        provider=place.provider,
        account=options.account,
        algorithm=algorithm_of(public_der(chain[0]), pkcs1=options.pkcs1),
        chain_pem=pem,
        leaf=leaf,
        facts=certificate_facts(pem),
    )


def require_holder(store: "DynamoCatalogue", credential: "Credential") -> None:
    """The agency or the official is in the catalogue, and the certificate is its own; raises `CommandRefused`,
    `CredentialRefused`, `CredentialNotFit`.
    """
    from chauban.access.catalogue import Role
    from chauban.adapters.raw_signatures import read_certificate
    from chauban.errors import CredentialRefused
    from chauban.signing.policy import SigningPolicy, same_name

    if credential.agency:
        agency = store.agency(credential.agency)
        if agency is None:
            raise CommandRefused(
                f"Danh mục chưa có cơ quan {credential.agency}.", f"The catalogue has no agency {credential.agency}."
            )
        if not any(same_name(name, agency.name) for name in read_certificate(credential).names):
            raise CredentialRefused(reason="stranger")
        return
    held = [one for one in store.appointments_of(credential.person or "") if one.role is Role.OFFICIAL]
    if not held:
        raise CommandRefused(
            f"Danh mục chưa có người ký {credential.person}.", f"The catalogue has no official {credential.person}."
        )
    policy = SigningPolicy(store, read_certificate)
    for appointment in held:
        policy.require_fit(credential, appointment, datetime.now(UTC))


def _place(options: argparse.Namespace) -> _Place:
    from chauban.signing.credentials import SignerKind

    if options.pkcs11 and not options.provider:
        raise _not_a_token()
    if options.client:
        return _Place(SignerKind.CLIENT)
    if not options.provider:
        held = held_key(options)
        return _Place(held.kind, held.key_ref, held.provider, held.public_key())
    if not options.key:
        raise CommandRefused(
            "Thiếu --key: mã khóa tại nhà cung cấp, hoặc nhãn khóa trong thiết bị.",
            "--key is missing: the key's name at the provider, or its label on the token.",
        )
    store = catalogue_in(options.table)
    if token := store.token(options.provider):
        return _in_token(token, options)
    provider = named_provider(store, options.provider)
    if options.pkcs11:
        raise _not_a_token()
    return _Place(provider.kind, options.key, provider.id, told=_told_by(provider, options.key))


def _in_token(token: "TokenRecord", options: argparse.Namespace) -> _Place:
    """The seal worker reaches the token; this shell only where it has the library, too."""
    public = key_in_token(options.pkcs11, token.token, options.key).public_key() if options.pkcs11 else None
    return _Place(token.kind, options.key, token.id, public)


def _not_a_token() -> CommandRefused:
    return CommandRefused(
        "--pkcs11 chỉ dùng cùng --provider của một thiết bị PKCS#11 trong danh mục (providers.yaml).",
        "--pkcs11 goes with the --provider of a PKCS#11 token of the catalogue (providers.yaml).",
    )


def _told_by(provider: "Provider", key: str) -> "tuple[x509.Certificate, ...]":
    """The certificates that the provider itself has for a key, where its interface can be asked: that of CSC."""
    from cryptography import x509

    from chauban.signing.credentials import SignerKind

    if provider.kind is not SignerKind.CSC:
        return ()
    return tuple(x509.load_der_x509_certificate(each) for each in csc_signer(provider).certificates(key))


def _checked(chain: "list[x509.Certificate]", roots: Path) -> bytes:
    """The signer's certificate in DER; raises `CertificateNotUsable` unless it may be used for signing now."""
    from cryptography.hazmat.primitives.serialization import Encoding

    from chauban.signing.pades.engine import STATUS_TIMEOUT_SECONDS
    from chauban.signing.trust.certificates import TrustService
    from chauban.signing.trust.fetching import HttpFetch

    leaf, *above = (one.public_bytes(Encoding.DER) for one in chain)
    anchors = [one.public_bytes(Encoding.DER) for one in read_chain(roots)]
    TrustService(anchors, HttpFetch(STATUS_TIMEOUT_SECONDS)).check(leaf, above, datetime.now(UTC))
    return leaf
