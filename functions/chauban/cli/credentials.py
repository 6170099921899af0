"""Commands for signing credentials: ask for a certificate, take it in, replace it in time, see which end when."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from chauban.cli.certified_keys import new_key, require_holder
from chauban.cli.command import CommandRefused, catalogue_in, say
from chauban.cli.keys import add_chain_option, add_key_options, algorithm_of, held_key
from chauban.cli.providers import held_at, require_requestable

if TYPE_CHECKING:
    from chauban.cli.command import Topics
    from chauban.signing.credentials import Credential


def add_topic(topics: "Topics") -> None:
    """The topic `credentials`."""
    actions = topics.add_parser("credentials", help="signing credentials").add_subparsers(dest="action", required=True)
    load = actions.add_parser("load", help="load credential records; private keys are never in them")
    _add_places(load)
    load.add_argument("file", type=Path)
    load.set_defaults(run=_load)
    request = actions.add_parser("csr", help="ask for a certificate for a key in AWS KMS or in a token")
    request.add_argument("--subject", help="as RFC 4514 writes it: CN=...,O=...,C=VN")
    request.add_argument("--out", type=Path, metavar="PEM")
    request.add_argument("--table", help="with --provider: the table with the catalogue")
    add_key_options(request, files=False, certified=False)
    request.set_defaults(run=_request)
    _import(actions.add_parser("import", help="take in a certificate: who signs with which key"))
    _rotate(actions.add_parser("rotate", help="replace a credential's key and certificate; nothing is deployed"))
    listing = actions.add_parser("list", help="the credentials, those that end first first")
    listing.add_argument("--table", required=True)
    listing.add_argument("--provider", metavar="ID", help="what this CSC provider has for --account instead")
    listing.add_argument("--account", help="the holder's account at the provider")
    listing.add_argument(
        "--days",
        type=int,
        metavar="N",
        help="those alone that end within N days and have no successor; then exit code 1",
    )
    listing.set_defaults(run=_list)


def _import(parser: argparse.ArgumentParser) -> None:
    _add_places(parser)
    holder = parser.add_mutually_exclusive_group(required=True)
    holder.add_argument("--agency", help="whose seal it is")
    holder.add_argument("--person", help="whose signature it is: the subject of the person's tokens")
    parser.add_argument(
        "--appearance", type=Path, required=True, metavar="PNG", help="the picture of the signature or seal"
    )
    parser.add_argument(
        "--by-number", action="store_true", help="known by the personal number in the certificate, not by the name"
    )
    _add_key_and_chain(parser)
    parser.set_defaults(run=_take_in)


def _rotate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("credential", help="the credential that is replaced")
    parser.add_argument("--table", required=True)
    parser.add_argument(
        "--from", dest="begins", type=datetime.fromisoformat, metavar="TIME", help="with its zone; now, if not given"
    )
    _add_key_and_chain(parser)
    parser.set_defaults(run=_replace)


def _add_places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--table", required=True)
    parser.add_argument("--bucket", required=True, help="the forms bucket, for the pictures of signatures and seals")


def _add_key_and_chain(parser: argparse.ArgumentParser) -> None:
    add_key_options(parser, files=False, elsewhere=True)
    add_chain_option(parser, required=False)
    parser.add_argument("--account", help="the holder's account at the remote provider")
    parser.add_argument(
        "--roots", type=Path, required=True, metavar="PEM", help="the roots that the certificate must lead to"
    )


def _load(options: argparse.Namespace) -> None:
    from chauban.access.loading import load_credentials
    from chauban.signing.pades.identity import certificate_facts

    count = load_credentials(
        options.file,
        catalogue_in(options.table),
        _keeper(options.bucket),
        lambda credential: certificate_facts(credential.chain_pem),
    )
    say(f"{count} credentials loaded into {options.table}")


def _request(options: argparse.Namespace) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from chauban.signing.certificate_request import certificate_request

    if options.provider:
        require_requestable(options.table, options.provider)
    if not (options.subject and options.out):
        raise CommandRefused(
            "Thiếu --subject (tên chủ thể) và --out (tệp nhận yêu cầu).",
            "Name the subject (--subject) and the file for the request (--out).",
        )
    held = held_key(options)
    public = held.public_key()
    algorithm = algorithm_of(public, pkcs1=options.pkcs1)
    asking = held.credential("", algorithm)
    try:
        der = certificate_request(options.subject, public, algorithm, lambda digest: held.keys.sign(asking, digest))
    except ValueError as fault:
        raise CommandRefused(
            "--subject không đúng dạng RFC 4514, ví dụ: CN=Tên cơ quan,O=Tên đơn vị,C=VN.",
            "--subject is not written as RFC 4514 asks, for example: CN=Name,O=Organisation,C=VN.",
        ) from fault
    options.out.write_bytes(x509.load_der_x509_csr(der).public_bytes(Encoding.PEM))
    say(f"{options.out}: {algorithm.value}")


def _take_in(options: argparse.Namespace) -> None:
    from chauban.access.loading import kept_image
    from chauban.signing.credential_records import CredentialRecords, credential_id
    from chauban.signing.credentials import Credential, IdentifiedBy, Purpose

    key = new_key(options)
    store = catalogue_in(options.table)
    credential = Credential(
        id=credential_id(options.person or options.agency, key.leaf),
        person=options.person,
        agency=options.agency,
        purpose=Purpose.SIGN if options.person else Purpose.SEAL,
        kind=key.kind,
        key_ref=key.key_ref,
        provider=key.provider,
        account=key.account,
        algorithm=key.algorithm,
        identified_by=IdentifiedBy.PERSONAL_NUMBER if options.by_number else IdentifiedBy.NAME,
        chain_pem=key.chain_pem,
        appearance=kept_image(options.appearance.read_bytes(), _keeper(options.bucket)),
        valid_from=key.facts.not_before,
        valid_to=key.facts.not_after,
    )
    require_holder(store, credential)
    _tell(CredentialRecords(store).add(credential, key.facts))


def _replace(options: argparse.Namespace) -> None:
    from chauban.signing.credential_records import CredentialRecords

    begins = options.begins or datetime.now(UTC)
    if begins.tzinfo is None:
        raise CommandRefused(
            "--from thiếu múi giờ, ví dụ: 2027-01-05T08:00:00+07:00.",
            "--from has no time zone, for example: 2027-01-05T08:00:00+07:00.",
        )
    store, key = catalogue_in(options.table), new_key(options)
    if present := store.credential(options.credential):
        certified = {"chain_pem": key.chain_pem, "algorithm": key.algorithm}
        period = {"valid_from": key.facts.not_before, "valid_to": key.facts.not_after}
        require_holder(store, present.model_copy(update=certified | period))
    for credential in CredentialRecords(store).rotate(options.credential, key, begins):
        _tell(credential)


def _list(options: argparse.Namespace) -> int:
    from chauban.signing.credential_records import CredentialRecords

    store, now = catalogue_in(options.table), datetime.now(UTC)
    if options.provider or options.account:
        return _list_at_provider(options)
    if options.days is None:
        found = store.credentials_by_end()
    else:
        found = CredentialRecords(store).ending_by(now + timedelta(days=options.days), now)
    for credential in found:
        _tell(credential)
    return 1 if options.days is not None and found else 0


def _list_at_provider(options: argparse.Namespace) -> int:
    """One line for each credential of the account there; its `key` is what `import --key` takes."""
    if not (options.provider and options.account):
        raise CommandRefused(
            "Cần cả --provider (nhà cung cấp) và --account (tài khoản của người ký tại đó).",
            "Give both --provider and --account, the holder's account there.",
        )
    for key, leaf in held_at(options.table, options.provider, options.account):
        say(f"{key}  {_period(leaf.not_valid_before_utc, leaf.not_valid_after_utc)}  {leaf.subject.rfc4514_string()}")
    return 0


def _tell(credential: "Credential") -> None:
    period = _period(credential.valid_from, credential.valid_to)
    say(f"{credential.id}  {credential.purpose}  {credential.kind}  {credential.algorithm}  {period}")


def _period(begins: datetime, ends: datetime) -> str:
    return f"{begins.astimezone(UTC):%Y-%m-%dT%H:%MZ} - {ends.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _keeper(bucket: str) -> "Callable[[str, bytes], None]":
    from chauban.bootstrap import client

    def keep(key: str, image: bytes) -> None:
        client("s3").put_object(Bucket=bucket, Key=key, Body=image, ContentType="image/png")

    return keep
