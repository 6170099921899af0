"""The device signs what was shown, and refuses everything else."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from infra.local.demo.device import Device, DeviceRefuses
from tests.unit.demo.material import KeyAndCertificate, Prepared, attributes, covered_digest, document


def examine(device: Device, prepared: Prepared) -> None:
    device.examine(prepared.document, prepared.sha256, prepared.attributes, prepared.digest)


def test_what_was_shown_is_accepted_and_signed(device: Device, prepared: Prepared, official: KeyAndCertificate) -> None:
    examine(device, prepared)
    signature = device.sign(prepared.digest, "ECDSA_P256_SHA256")
    official.certificate.public_key().verify(signature, prepared.attributes, ec.ECDSA(hashes.SHA256()))


def test_rsa_keys_sign_with_pss_and_the_hash_length_as_salt(stranger: KeyAndCertificate, prepared: Prepared) -> None:
    device = Device(stranger.key_pem, stranger.certificate_pem)
    signature = device.sign(prepared.digest, "RSA_PSS_SHA256")
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
    stranger.certificate.public_key().verify(signature, prepared.attributes, pss, hashes.SHA256())


def test_a_file_other_than_announced_is_refused(device: Device, prepared: Prepared) -> None:
    with pytest.raises(DeviceRefuses, match="not the one announced"):
        device.examine(document(b"KHAC"), prepared.sha256, prepared.attributes, prepared.digest)


def test_a_digest_of_something_else_is_refused(device: Device, prepared: Prepared) -> None:
    other = hashlib.sha256(b"another decision").digest()
    with pytest.raises(DeviceRefuses, match="not that of the signed attributes"):
        device.examine(prepared.document, prepared.sha256, prepared.attributes, other)


def test_attributes_for_another_document_are_refused(device: Device, official: KeyAndCertificate) -> None:
    shown, signed = document(), document(b"KHAC")
    swapped = Prepared(shown, attributes(covered_digest(signed), official.certificate))
    with pytest.raises(DeviceRefuses, match="another document"):
        examine(device, swapped)


def test_bytes_after_what_is_covered_are_refused(device: Device, official: KeyAndCertificate) -> None:
    pdf = document(after=b"2 0 obj (hidden) endobj\n%%EOF\n")
    inside = document()
    with pytest.raises(DeviceRefuses, match="whole file"):
        examine(device, Prepared(pdf, attributes(covered_digest(inside), official.certificate)))


def test_a_place_that_already_holds_a_value_is_refused(device: Device, official: KeyAndCertificate) -> None:
    hole = b"<" + b"3A" * 32 + b">"
    pdf = document(hole=hole)
    with pytest.raises(DeviceRefuses, match="not empty"):
        examine(device, Prepared(pdf, attributes(covered_digest(pdf, hole), official.certificate)))


def test_attributes_that_name_another_certificate_are_refused(device: Device, stranger: KeyAndCertificate) -> None:
    pdf = document()
    with pytest.raises(DeviceRefuses, match="another certificate"):
        examine(device, Prepared(pdf, attributes(covered_digest(pdf), stranger.certificate)))


def test_attributes_about_something_that_is_no_document_are_refused(
    device: Device, official: KeyAndCertificate
) -> None:
    pdf = document()
    about_a_timestamp = attributes(covered_digest(pdf), official.certificate, content_type="tst_info")
    with pytest.raises(DeviceRefuses, match="content type"):
        examine(device, Prepared(pdf, about_a_timestamp))


def test_attributes_that_are_not_der_are_refused(device: Device) -> None:
    with pytest.raises(DeviceRefuses, match="not DER"):
        examine(device, Prepared(document(), b"\x31\x82"))


def test_an_algorithm_of_another_kind_of_key_is_refused(device: Device, prepared: Prepared) -> None:
    with pytest.raises(DeviceRefuses, match="RSA_PSS_SHA256"):
        device.sign(prepared.digest, "RSA_PSS_SHA256")


def test_a_certificate_for_another_key_is_refused(official: KeyAndCertificate, stranger: KeyAndCertificate) -> None:
    with pytest.raises(DeviceRefuses, match="not for the key"):
        Device(official.key_pem, stranger.certificate_pem)
