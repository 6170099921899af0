"""`chauban credentials`: from the key in a token to a record that signs, its successor, and what is said before it ends."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
from chauban.adapters.machine import SystemClock
from chauban.signing.algorithms import Algorithm
from chauban.signing.providers import TokenRecord
from chauban.signing.signers.pkcs11 import Token
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from tests.unit.cli.certified import imported, issued, on_device
from tests.unit.cli.conftest import Shell
from tests.unit.signers import softhsm
from tests.unit.signing.world import World

AGENCY = "ubnd-phuong-thuan-hoa"


def in_token(token: Token, label: str) -> tuple[str, ...]:
    return ("--pkcs11", token.module, "--token", token.label, "--key", label)


@pytest.mark.parametrize(
    "algorithm", [Algorithm.RSA_PSS_SHA256, Algorithm.ECDSA_P256_SHA256, Algorithm.ECDSA_P384_SHA384]
)
def test_a_request_for_a_key_in_a_token_is_signed_by_it(shell: Shell, token: Token, algorithm: Algorithm) -> None:
    label = f"request-{algorithm.value}"
    public = softhsm.made_in(token, label, algorithm)
    out = shell.folder / "seal.csr"
    subject = "CN=Ủy ban nhân dân phường Thuận Hóa,O=Thành phố Huế,C=VN"
    code, said, err = shell("credentials", "csr", "--subject", subject, "--out", out, *in_token(token, label))
    assert (code, err) == (0, "")
    assert algorithm.value in said
    request = x509.load_pem_x509_csr(out.read_bytes())
    assert request.is_signature_valid
    assert request.public_key() == public
    assert request.subject.rfc4514_string() == subject
    usage = request.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment


def test_a_subject_of_another_form_is_refused_in_two_languages(shell: Shell, token: Token) -> None:
    softhsm.made_in(token, "other-subject", Algorithm.RSA_PSS_SHA256)
    out = shell.folder / "seal.csr"
    code, _, err = shell("credentials", "csr", "--subject", "Ủy ban", "--out", out, *in_token(token, "other-subject"))
    assert code == 1
    assert "RFC 4514" in err.splitlines()[0]
    assert not out.exists()


@pytest.fixture
def known_token(records: DynamoCatalogue, token: Token) -> Token:
    """The token, with a record in the catalogue: the seal worker reaches it by that."""
    values = {"id": "hsm-hue", "kind": "pkcs11", "library": "/opt/hsm/lib.so", "token": token.label, "secret_name": "s"}
    records.put_token(TokenRecord.model_validate(values))
    return token


def worker_s(token: Token, label: str) -> tuple[str, ...]:
    """A key of the catalogue's token, which can be asked from here, too."""
    return ("--provider", "hsm-hue", "--key", label, "--pkcs11", token.module)


def test_a_seal_in_a_token_is_taken_in_and_replaced_without_a_gap(
    shell: Shell, records: DynamoCatalogue, picture: Path, known_token: Token
) -> None:
    token = known_token
    chain = issued(shell, softhsm.made_in(token, "seal-1", Algorithm.RSA_PSS_SHA256))
    code, said, err = imported(shell, picture, chain, "--agency", AGENCY, *worker_s(token, "seal-1"))
    assert (code, err) == (0, "")
    (first,) = records.seals_of_agency(AGENCY)
    assert said.startswith(first.id)
    assert (first.kind.value, first.key_ref, first.provider) == ("pkcs11", "seal-1", "hsm-hue")

    successor = issued(shell, softhsm.made_in(token, "seal-2", Algorithm.ECDSA_P384_SHA384))
    begins = datetime.now(UTC) + timedelta(hours=1)
    more = ("--from", begins.isoformat(), "--certificates", successor, "--roots", shell.roots)
    # The token need not be in reach; then nobody compares its key here.
    code, _, err = shell("credentials", "rotate", first.id, "--table", "chauban", *more, *worker_s(token, "seal-2")[:4])
    assert (code, err) == (0, "")
    again = DynamoCatalogue(records._table, SystemClock())
    old, new = sorted(again.seals_of_agency(AGENCY), key=lambda one: one.valid_from)
    assert (old.id, old.valid_to) == (first.id, new.valid_from)
    assert (new.valid_from, new.key_ref) == (begins, "seal-2")
    assert new.algorithm is Algorithm.ECDSA_P384_SHA384
    assert new.appearance == old.appearance


def test_a_token_s_library_goes_with_the_token_s_record(
    shell: Shell, records: DynamoCatalogue, picture: Path, known_token: Token
) -> None:
    chain = on_device(shell, "Hoàng Minh Đức")
    code, _, err = imported(
        shell, picture, chain, "--person", "official-thuan-hoa", "--client", "--pkcs11", known_token.module
    )
    assert code == 1
    assert [("--provider" in line) for line in err.splitlines()] == [True, True]


@pytest.mark.parametrize(
    ("holder", "place"),
    [
        (("--agency", AGENCY), ("--client",)),
        (("--person", "official-thuan-hoa"), ("--provider", "hsm-hue", "--key", "seal-5")),
    ],
)
def test_a_key_that_the_service_would_never_sign_with_is_refused_in_two_languages(
    shell: Shell,
    records: DynamoCatalogue,
    picture: Path,
    known_token: Token,
    holder: tuple[str, str],
    place: tuple[str, ...],
) -> None:
    name = "Ủy ban nhân dân phường Thuận Hóa" if holder[0] == "--agency" else "Hoàng Minh Đức"
    code, _, err = imported(shell, picture, on_device(shell, name), *holder, *place)
    assert code == 1
    assert [("--kms" in line) for line in err.splitlines()] == [True, True]
    assert (records.seals_of_agency(AGENCY), records.credentials_of_person("official-thuan-hoa")) == ((), ())


def test_a_certificate_of_another_key_is_refused(
    shell: Shell, records: DynamoCatalogue, picture: Path, known_token: Token
) -> None:
    token = known_token
    softhsm.made_in(token, "seal-3", Algorithm.RSA_PSS_SHA256)
    foreign = issued(shell, rsa.generate_private_key(65537, 2048).public_key())
    code, _, err = imported(shell, picture, foreign, "--agency", AGENCY, *worker_s(token, "seal-3"))
    assert code == 1
    assert "không phải của khóa này" in err
    assert records.seals_of_agency(AGENCY) == ()


def test_a_seal_is_known_by_the_agency_s_name_in_its_certificate(
    shell: Shell, records: DynamoCatalogue, picture: Path, known_token: Token
) -> None:
    token = known_token
    foreign = issued(shell, softhsm.made_in(token, "seal-4", Algorithm.RSA_PSS_SHA256), "Ủy ban nhân dân phường khác")
    code, _, err = imported(shell, picture, foreign, "--agency", AGENCY, *worker_s(token, "seal-4"))
    assert code == 1
    assert "stranger" in err
    assert records.seals_of_agency(AGENCY) == ()


def test_a_successor_is_its_holder_s_own(shell: Shell, records: DynamoCatalogue, picture: Path) -> None:
    imported(shell, picture, on_device(shell, "Hoàng Minh Đức"), "--person", "official-thuan-hoa", "--client")
    (kept,) = records.credentials_of_person("official-thuan-hoa")
    more = ("--certificates", on_device(shell, "Võ Thị Lan"), "--roots", shell.roots, "--client")
    code, _, err = shell("credentials", "rotate", kept.id, "--table", "chauban", *more)
    assert code == 1
    assert len(err.splitlines()) == 2
    assert DynamoCatalogue(records._table, SystemClock()).credentials_of_person("official-thuan-hoa") == (kept,)


def test_an_official_is_known_by_the_name_in_the_certificate(
    shell: Shell, records: DynamoCatalogue, picture: Path
) -> None:
    own = on_device(shell, "Hoàng Minh Đức")
    code, _, err = imported(shell, picture, own, "--person", "official-thuan-hoa", "--client")
    assert (code, err) == (0, "")
    (kept,) = records.credentials_of_person("official-thuan-hoa")
    assert kept.kind.value == "client"

    foreign = on_device(shell, "Người Khác")
    code, _, err = imported(shell, picture, foreign, "--person", "official-thuan-hoa", "--client")
    assert code == 1
    assert len(err.splitlines()) == 2


def test_the_same_certificate_is_taken_in_once(shell: Shell, records: DynamoCatalogue, picture: Path) -> None:
    own = on_device(shell, "Hoàng Minh Đức")
    assert imported(shell, picture, own, "--person", "official-thuan-hoa", "--client")[0] == 0
    code, _, err = imported(shell, picture, own, "--person", "official-thuan-hoa", "--client")
    assert code == 1
    assert "known-already" in err


def test_a_certificate_under_another_root_is_refused(
    shell: Shell, records: DynamoCatalogue, picture: Path, world: World
) -> None:
    stranger = x509.load_pem_x509_certificates(on_device(shell, "Hoàng Minh Đức").read_bytes())[1]
    shell.roots = shell.file("other.pem", stranger.public_bytes(Encoding.PEM))
    foreign = ec.generate_private_key(ec.SECP256R1())
    own = self_signed(shell, foreign)
    code, _, err = imported(shell, picture, own, "--person", "official-thuan-hoa", "--client")
    assert code == 1
    assert "unknown_issuer" in err


def self_signed(shell: Shell, key: ec.EllipticCurvePrivateKey) -> Path:
    from cryptography.hazmat.primitives import hashes

    name = x509.Name.from_rfc4514_string("CN=Hoàng Minh Đức")
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(9))
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
        .sign(key, hashes.SHA256())
    )
    return shell.file("self.pem", made.public_bytes(Encoding.PEM))


def test_what_ends_soon_without_a_successor_is_listed_and_fails(
    shell: Shell, records: DynamoCatalogue, picture: Path
) -> None:
    own = on_device(shell, "Hoàng Minh Đức")
    imported(shell, picture, own, "--person", "official-thuan-hoa", "--client")
    (kept,) = records.credentials_of_person("official-thuan-hoa")
    code, said, _ = shell("credentials", "list", "--table", "chauban")
    assert (code, said.split()[0]) == (0, kept.id)
    left = (kept.valid_to - datetime.now(UTC)).days
    assert shell("credentials", "list", "--table", "chauban", "--days", str(left - 1))[:2] == (0, "")
    code, said, _ = shell("credentials", "list", "--table", "chauban", "--days", str(left + 1))
    assert (code, said.split()[0]) == (1, kept.id)


def test_a_time_without_zone_is_refused(shell: Shell, records: DynamoCatalogue, picture: Path) -> None:
    own = on_device(shell, "Hoàng Minh Đức")
    imported(shell, picture, own, "--person", "official-thuan-hoa", "--client")
    (kept,) = records.credentials_of_person("official-thuan-hoa")
    more = ("--from", "2027-01-05T08:00", "--certificates", own, "--roots", shell.roots, "--client")
    code, _, err = shell("credentials", "rotate", kept.id, "--table", "chauban", *more)
    assert code == 1
    assert "--from" in err
