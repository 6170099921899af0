"""A signing device with a key of its own, and a file prepared for it as the service would prepare it."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from infra.local.demo.device import Device
from tests.unit.demo.material import KeyAndCertificate, Prepared, attributes, certified, covered_digest, document


@pytest.fixture(scope="session")
def official() -> KeyAndCertificate:
    return certified(ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture(scope="session")
def stranger() -> KeyAndCertificate:
    return certified(rsa.generate_private_key(65537, 2048))


@pytest.fixture
def device(official: KeyAndCertificate) -> Device:
    return Device(official.key_pem, official.certificate_pem)


@pytest.fixture
def prepared(official: KeyAndCertificate) -> Prepared:
    pdf = document()
    return Prepared(pdf, attributes(covered_digest(pdf), official.certificate))
