"""Signed files of others that were made to deceive: filled in after the signature, naming addresses, breaking what reads them."""

import zlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from chauban.signing import foreign_files as words
from chauban.signing.pades import foreign
from chauban.signing.pades.document_timestamps import add_validation_material
from chauban.signing.trust.material import ValidationMaterial
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import HTTPTimeStamper

from tests.unit.signing.foreign import page, signed
from tests.unit.signing.test_foreign import PLACES, judge
from tests.unit.signing.world import InterceptedFetch, KeyOwner, World


@pytest.fixture(scope="module")
def issuer(world: World) -> KeyOwner:
    return world.owner("form-agency", "rsa", "seal")


@pytest.fixture(scope="module")
def form(world: World, issuer: KeyOwner) -> bytes:
    return signed(world, with_text_field(page()), issuer)


def with_text_field(pdf: bytes) -> bytes:
    """With a field that says how much is granted."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        shown = opened.make_stream(b"/Tx BMC q BT 0 g /Helv 14 Tf 2 4 Td (5.000.000) Tj ET Q EMC")
        shown.Type, shown.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        shown.BBox = [0, 0, 300, 20]
        font = opened.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        fonts = pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=font))
        shown.Resources = fonts
        field = opened.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="amount",
                V="5.000.000",
                F=4,
                Rect=[100, 400, 400, 420],
                DA="/Helv 14 Tf 0 g",
                AP=pikepdf.Dictionary(N=shown),
                P=opened.pages[0].obj,
            )
        )
        opened.pages[0].Annots = opened.make_indirect(pikepdf.Array([field]))
        fields = pikepdf.Dictionary(Fields=pikepdf.Array([field]), DA="/Helv 0 Tf 0 g", DR=fonts)
        opened.Root.AcroForm = opened.make_indirect(fields)
        written = BytesIO()
        opened.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return written.getvalue()


def filled(pdf: bytes) -> bytes:
    """With another amount, in a revision of its own."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    fields = (each.get_object() for each in writer.root["/AcroForm"]["/Fields"])
    field = next(each for each in fields if each.get("/T") == "amount")
    shown = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject([generic.NumberObject(each) for each in (0, 0, 300, 20)]),
            pdf_name("/Resources"): field["/AP"]["/N"].raw_get("/Resources"),
        },
        stream_data=b"/Tx BMC q BT 0 g /Helv 14 Tf 2 4 Td (900.000.000) Tj ET Q EMC",
    )
    field[pdf_name("/V")] = pdf_string("900.000.000")
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(shown)})
    writer.update_container(field)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def stamped(world: World, pdf: bytes) -> bytes:
    """With a document timestamp."""
    stamper = PdfTimeStamper(HTTPTimeStamper(world.authority.tsa_urls[0]))
    output = stamper.timestamp_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), "sha256")
    return bytes(output.getvalue())


def test_what_is_filled_in_behind_the_last_signature_nobody_signed(world: World, form: bytes) -> None:
    assert judge(world, form).fault is None
    assert judge(world, filled(form)).fault == words.APPENDED


def test_a_document_timestamp_signs_for_nobody(world: World, form: bytes) -> None:
    assert judge(world, stamped(world, form)).fault is None
    assert judge(world, stamped(world, filled(form))).fault == words.APPENDED


def test_what_was_filled_in_before_the_last_signature_is_what_it_signs(
    world: World, form: bytes, issuer: KeyOwner
) -> None:
    second = SigFieldSpec("Signature2", box=PLACES["Signature2"])
    assert judge(world, signed(world, filled(form), issuer, field=second)).fault is None


def test_validation_material_may_follow(world: World, form: bytes) -> None:
    authority = ValidationMaterial(tuple(world.anchors), (), ())
    assert judge(world, add_validation_material(form, authority)).fault is None


def stranger(url: str, issued_by: Any = None, name: str = "nobody") -> KeyOwner:
    """Whose certificate names an address where its issuer is to be fetched, and where its status is to be asked."""
    key, now = rsa.generate_private_key(65537, 2048), datetime.now(UTC)
    places = [
        x509.AccessDescription(method, x509.UniformResourceIdentifier(url))
        for method in (AuthorityInformationAccessOID.CA_ISSUERS, AuthorityInformationAccessOID.OCSP)
    ]
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a stranger")]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=4))
        .not_valid_after(now + timedelta(days=4))
        .add_extension(usage, True)
        .add_extension(x509.AuthorityInformationAccess(places), False)
        .sign(issued_by or rsa.generate_private_key(65537, 2048), hashes.SHA256())
    )
    chain = made.public_bytes(serialization.Encoding.PEM).decode()
    return SimpleNamespace(key=key, chain_pem=chain)  # type: ignore[return-value]


class Recording(InterceptedFetch):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def get(self, url: str) -> bytes:
        self.asked.append(url)
        return super().get(url)

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        self.asked.append(url)
        return super().post(url, body, content_type)


def test_no_address_is_asked_that_a_strangers_certificate_names(world: World) -> None:
    asked, inside = Recording(), "http://127.0.0.1:9/internal"
    opinion = judge(world, signed(world, page(), stranger(inside), embedded=False), asked)
    assert opinion.fault == words.UNTRUSTED
    assert inside not in asked.asked


def test_a_signer_is_no_authority_and_vouches_for_no_address(world: World, issuer: KeyOwner) -> None:
    asked, inside = Recording(), "http://127.0.0.1:9/internal"
    leaf = x509.load_pem_x509_certificate(issuer.chain_pem.encode())
    names = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    child = stranger(inside, issuer.key, str(names[0].value))
    both = SimpleNamespace(key=child.key, chain_pem=child.chain_pem + issuer.chain_pem)
    assert judge(world, signed(world, page(), both, embedded=False), asked).fault == words.UNTRUSTED  # type: ignore[arg-type]
    assert inside not in asked.asked


@pytest.mark.parametrize("broken", [AttributeError("x"), zlib.error("x"), RecursionError()])
def test_whatever_breaks_while_a_file_is_read_it_is_unreadable(
    world: World, form: bytes, broken: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reading(*_: Any) -> None:
        raise broken

    monkeypatch.setattr(foreign, "_is_covered", reading)
    assert judge(world, form).fault == words.UNREADABLE
