"""What proves that a file existed, read from its bytes alone: each signature, timestamp and document timestamp, and how long by
its own certificates and hashes it can be relied on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader


@dataclass(frozen=True)
class Proof:
    """`made_at` is empty for a signature, whose time somebody else says; `ends_at` is that of its first certificate to end;
    `authority` and `root` are the names of its signer and of whom the certificates lead to."""

    field: str
    made_at: datetime | None
    ends_at: datetime
    hashes: frozenset[str]
    authority: str
    root: str

    def stands_until(self, retired: Mapping[str, date]) -> datetime:
        """When its first certificate ends, or its first hash is retired."""
        weak = [datetime.combine(day, time(), UTC) for name, day in retired.items() if name in self.hashes]
        return min([self.ends_at, *weak])


@dataclass(frozen=True)
class Chain:
    """The proofs of one file: what `signed` it, and the `stamps` over all of it, oldest first."""

    signed: tuple[Proof, ...]
    stamps: tuple[Proof, ...]

    def margins(self, end: datetime, retired: Mapping[str, date]) -> list[timedelta]:
        """How long before the first proof would have ended each document timestamp came, and how long the last one stands at `end`;
        what is negative has lapsed."""
        moments = [*(each.made_at for each in self.stamps), end]
        standing = [min(each.stands_until(retired) for each in self.signed)]
        standing += [each.stands_until(retired) for each in self.stamps]
        return [until - moment for until, moment in zip(standing, moments, strict=True) if moment]


def chain_of(pdf: bytes) -> Chain:
    """What a file holds."""
    signed, stamps = [], []
    for each in PdfFileReader(BytesIO(pdf)).embedded_signatures:
        if each.sig_object["/Type"] == "/DocTimeStamp":
            stamps.append(_proof(each.field_name, each.signed_data))
        else:
            signed += [_proof(each.field_name, each.signed_data)]
            signed += [_proof(each.field_name, token) for token in _tokens(each.signed_data)]
    return Chain(tuple(signed), tuple(stamps))


def _tokens(signed: cms.SignedData) -> Iterator[cms.SignedData]:
    for attribute in signed["signer_infos"][0]["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            yield from (value["content"] for value in attribute["values"])


def _proof(field: str, signed: cms.SignedData) -> Proof:
    information = signed["signer_infos"][0]
    held: list[x509.Certificate] = [each.chosen for each in signed["certificates"]]
    below = [each for each in held if each.self_signed == "no"]
    signer = next(each for each in held if each.serial_number == information["sid"].chosen["serial_number"].native)
    hashes = {information["digest_algorithm"]["algorithm"].native, *(each.hash_algo for each in below)}
    made_at = None
    if signed["encap_content_info"]["content_type"].native == "tst_info":
        stamped = signed["encap_content_info"]["content"].parsed
        made_at = stamped["gen_time"].native
        hashes.add(stamped["message_imprint"]["hash_algorithm"]["algorithm"].native)
    assert signer in below
    ends_at = min(each.not_valid_after for each in below)
    names = {each.subject.native["common_name"] for each in below}
    (root,) = {each.issuer.native["common_name"] for each in below} - names
    return Proof(field, made_at, ends_at, frozenset(hashes), signer.subject.native["common_name"], root)
