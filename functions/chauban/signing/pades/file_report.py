"""What a signed file says of itself, for people and for machines: who signed, when, whether it holds, what is inside.

Nothing is fetched: the file, the anchors, and nothing else.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO

from cryptography import x509
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader

from chauban.signing.pades.inspection import SignatureVerdict, signature_report
from chauban.signing.pades.lasting import TimestampVerdict, timestamp_report
from chauban.signing.pades.levels import Level
from chauban.signing.pades.revisions import reading_pdf
from chauban.values import Frozen


class SignatureLine(Frozen):
    """One signature, in the order of signing; times are aware, `level` is what it really has, `faults` is empty when it holds."""

    field: str
    signer: str | None
    organisation: str | None
    issuer: str | None
    certificate_from: datetime | None
    certificate_to: datetime | None
    timestamp: datetime | None
    level: str
    covers_whole_file: bool
    faults: tuple[str, ...]


class TimestampLine(Frozen):
    """One document timestamp, oldest first; `faults` is empty when it holds."""

    field: str
    time: datetime
    authority: str | None
    covers_whole_file: bool
    faults: tuple[str, ...]


class InnerFile(Frozen):
    """A file within the file; `size` in bytes."""

    name: str
    size: int


class FileReport(Frozen):
    """`valid`: there is a signature, each one and each document timestamp holds, and the file is `covered`: nothing but validation
    material comes after the last of them. `values` are the text fields' values."""

    valid: bool
    covered: bool
    signatures: tuple[SignatureLine, ...]
    timestamps: tuple[TimestampLine, ...]
    empty_fields: tuple[str, ...]
    values: dict[str, str]
    inside: tuple[InnerFile, ...]


def file_report(pdf: bytes, anchors: Sequence[bytes]) -> FileReport:
    """The report of a file against anchors (DER); raises `VerificationFailed`, `SigningError` for a file that cannot be read."""
    verdicts, stamps = signature_report(pdf, anchors), timestamp_report(pdf, anchors)
    with reading_pdf():
        reader = PdfFileReader(BytesIO(pdf))
        fields = list(_fields(reader))
        inside = tuple(_inside(reader))
    covered = any(each.covers_whole_file for each in verdicts) or any(each.covers_whole_file for each in stamps)
    covered = covered or (not stamps and any(each.before_material for each in verdicts[-1:]))
    sound = not any(each.faults for each in verdicts) and not any(each.faults for each in stamps)
    lasts = covered and sound and bool(stamps)
    return FileReport(
        valid=bool(verdicts) and sound and covered,
        covered=covered,
        signatures=tuple(_line(each, lasts=lasts) for each in verdicts),
        timestamps=tuple(_stamp(each) for each in stamps),
        empty_fields=tuple(str(one["/T"]) for one in fields if one.get("/FT") == "/Sig" and "/V" not in one),
        values={str(one["/T"]): str(one.get("/V", "")) for one in fields if one.get("/FT") == "/Tx"},
        inside=inside,
    )


def _stamp(verdict: TimestampVerdict) -> TimestampLine:
    held = x509.load_der_x509_certificate(verdict.certificate)
    return TimestampLine(
        field=verdict.field,
        time=verdict.time,
        authority=_name(held.subject, NameOID.COMMON_NAME),
        covers_whole_file=verdict.covers_whole_file,
        faults=verdict.faults,
    )


def _line(verdict: SignatureVerdict, *, lasts: bool) -> SignatureLine:
    held = x509.load_der_x509_certificate(verdict.certificate) if verdict.certificate else None
    return SignatureLine(
        field=verdict.field,
        signer=_name(held.subject, NameOID.COMMON_NAME) if held else None,
        organisation=_name(held.subject, NameOID.ORGANIZATION_NAME) if held else None,
        issuer=_name(held.issuer, NameOID.COMMON_NAME) if held else None,
        certificate_from=held.not_valid_before_utc.astimezone(UTC) if held else None,
        certificate_to=held.not_valid_after_utc.astimezone(UTC) if held else None,
        timestamp=verdict.timestamp,
        level=(Level.LTA if lasts and verdict.level is Level.LT else verdict.level).value,
        covers_whole_file=verdict.covers_whole_file,
        faults=verdict.faults,
    )


def _name(name: x509.Name, kind: x509.ObjectIdentifier) -> str | None:
    found = name.get_attributes_for_oid(kind)
    return str(found[0].value) if found else None


def _fields(reader: PdfFileReader) -> Iterator[DictionaryObject]:
    if "/AcroForm" in reader.root:
        for reference in reader.root["/AcroForm"].get("/Fields", ()):
            yield reference.get_object()


def _inside(reader: PdfFileReader) -> Iterator[InnerFile]:
    """The files that the catalogue names (ISO 32000-2, 14.13.3)."""
    if "/AF" in reader.root:
        for reference in reader.root["/AF"]:
            specification = reference.get_object()
            yield InnerFile(name=str(specification["/UF"]), size=len(specification["/EF"]["/F"].data))
