"""A certificate of nobody, over a key of P-256 and for signatures, for records that only its time matters of."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding


def certificate_until(end: datetime) -> str:
    """PEM of a certificate that ends then."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=Cơ quan")
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, end - timedelta(days=400), end)
    signs = x509.KeyUsage(False, True, False, False, False, False, False, False, False)
    return made.add_extension(signs, critical=True).sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
