"""Files that others issued and signed: made and signed by other means than ours, in other shapes."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from chauban.documents.fonts import FontConfiguration  # first: it must come before WeasyPrint

# isort: split
from asn1crypto import keys, pem, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigner
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from weasyprint import HTML

from tests.unit.signing.world import KeyOwner, World

FONT_FILE = Path(__file__).parents[3] / "forms/_shared/fonts/ChaubanText-Regular.ttf"
FONT = FONT_FILE.as_uri()
TITLE, PASSAGE = "Quyết định về việc hỗ trợ", "Hỗ trợ một lần số tiền 5.000.000 đồng."
PAGE = f"""<!DOCTYPE html><html lang="vi"><head><title>{TITLE}</title><style>
@font-face {{ font-family: Page; src: url({FONT}) }}
@page {{ size: %(size)s; margin: %(top)s 20mm 20mm 30mm }} body {{ font-family: Page; font-size: 13pt }}
</style></head><body><p style="text-align:right">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>
<h1>QUYẾT ĐỊNH</h1><p>{PASSAGE}</p><p>%(more)s</p></body></html>"""


@lru_cache
def page(variant: str | None = None, size: str = "A4", top: str = "20mm", more: str = "Điều 1.") -> bytes:
    """An unsigned page of another authority; `variant` as WeasyPrint names it, `top` the margin above the text."""
    html = PAGE % {"size": size, "top": top, "more": more}
    options: dict[str, Any] = {"pdf_variant": variant, "pdf_tags": True} if variant else {}
    made: bytes = HTML(string=html).write_pdf(font_config=FontConfiguration(), **options)
    return made


def changed(pdf: bytes, **entries: Any) -> bytes:
    """With entries of its first page set: `Rotate=90`, `CropBox=[...]`; written with a cross-reference table."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        for name, value in entries.items():
            opened.pages[0][f"/{name}"] = value
        written = BytesIO()
        opened.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return written.getvalue()


def signed(
    world: World,
    pdf: bytes,
    owner: KeyOwner,
    *,
    field: SigFieldSpec | None = None,
    timestamped: bool = True,
    embedded: bool = True,
    **more: Any,
) -> bytes:
    """With an approval signature (PAdES) in a visible field, or what `more` says (`certify`, `docmdp_permissions`, ...)."""
    secret = owner.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = [x509.Certificate.load(der) for _, _, der in pem.unarmor(owner.chain_pem.encode(), multiple=True)]
    registry = SimpleCertificateStore()
    registry.register_multiple(chain)
    signer = SimpleSigner(
        signing_cert=chain[0], signing_key=keys.PrivateKeyInfo.load(secret), cert_registry=registry, prefer_pss=True
    )
    roots = [x509.Certificate.load(anchor) for anchor in world.anchors]
    trust = ValidationContext(trust_roots=roots, allow_fetching=True, revocation_mode="hard-fail")
    place = field or SigFieldSpec("Signature1", box=(350, 100, 500, 160))
    description = PdfSignatureMetadata(
        field_name=place.sig_field_name,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=embedded,
        validation_context=trust if embedded else None,
        md_algorithm="sha256",
        **more,
    )
    stamper = HTTPTimeStamper(world.authority.tsa_urls[0]) if timestamped else None
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    output = PdfSigner(description, signer, timestamper=stamper, new_field_spec=place).sign_pdf(writer)
    return bytes(output.getvalue())


def rewritten(pdf: bytes) -> bytes:
    """Saved by a program that keeps no revisions."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        written = BytesIO()
        opened.save(written)
    return written.getvalue()


def tampered(pdf: bytes) -> bytes:
    """With a bit of the page's first stream turned."""
    place = pdf.index(b"stream\n") + 20
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
