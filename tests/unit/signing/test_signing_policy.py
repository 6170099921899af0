"""Who may sign with what: the right at the moment, and the certificate as the official's own. Real certificates are read."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from chauban.access.catalogue import Capacity
from chauban.adapters.raw_signatures import read_certificate
from chauban.dossiers.documents import DocumentKind
from chauban.errors import CredentialNotFit, SignerNotEntitled
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, IdentifiedBy
from chauban.signing.pades.identity import certificate_facts
from chauban.signing.policy import SigningPolicy, same_name
from chauban.signing.sessions.model import SigningTask
from chauban.signing.terms import SigningTerms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.unit.fakes.catalogue import PHU_XUAN, MemoryCatalogue, loaded_catalogue
from tests.unit.signing.acts import credential_of
from tests.unit.signing.world import KeyOwner

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NAME, NUMBER = "Võ Thị Lan", "046190000111"


def certificate(
    name: str = NAME,
    more: tuple[tuple[x509.ObjectIdentifier, str], ...] = (),
    *,
    start: datetime = NOW - timedelta(days=1),
    end: datetime = NOW + timedelta(days=1),
    key: object = None,
    signs: bool | None = True,
) -> str:
    """A certificate that nobody trusts: what is judged here is what it says."""
    held = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in ((NameOID.COMMON_NAME, name), *more)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(held.public_key())
    builder = builder.serial_number(7).not_valid_before(start).not_valid_after(end)
    if signs is not None:
        usage = {"content_commitment": signs, "digital_signature": not signs}
        others = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")
        others += ("encipher_only", "decipher_only")
        builder = builder.add_extension(x509.KeyUsage(**usage, **dict.fromkeys(others, False)), critical=True)
    signed = builder.sign(held, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def credential(chain: str, **changes: object) -> Credential:
    values = {
        "id": "c",
        "person": "official-phu-xuan",
        "agency": None,
        "purpose": "sign",
        "kind": "client",
        "key_ref": None,
        "algorithm": Algorithm.ECDSA_P256_SHA256,
        "chain_pem": chain,
        "appearance": "a.png",
        "valid_from": NOW - timedelta(days=9),
        "valid_to": NOW + timedelta(days=9),
    }
    return Credential.model_validate({**values, **changes})


def task(official: str = "official-phu-xuan-1", **terms: object) -> SigningTask:
    return SigningTask(
        id="t",
        dossier="d",
        code="H57",
        document="x",
        kind=DocumentKind.RESULT,
        title="Giấy",
        agency=PHU_XUAN,
        official=official,
        sha256="",
        since=NOW,
        due_at=None,
        terms=SigningTerms.model_validate(terms),
    )


@dataclass
class Judge:
    """The policy over a catalogue that may be changed; the access key of a number is the number backwards."""

    catalogue: MemoryCatalogue

    def __call__(
        self, held: Credential, asked: SigningTask | None = None, login: str | None = None, *, at: datetime = NOW
    ) -> str | None:
        policy = SigningPolicy(self.catalogue, read_certificate, lambda number: number[::-1])
        try:
            policy.require(held, asked or task(), at, login)
        except (CredentialNotFit, SignerNotEntitled) as error:
            return error.reason
        return None


@pytest.fixture
def judge() -> Judge:
    return Judge(loaded_catalogue())


def test_an_official_with_a_certificate_of_her_own_may_sign(judge: Judge) -> None:
    assert judge(credential(certificate())) is None


def test_a_certificate_of_the_development_authority_is_read(official: KeyOwner) -> None:
    facts = certificate_facts(credential_of(official).chain_pem)
    assert (facts.names, facts.numbers, facts.signs) == (("Người thử official",), (), True)
    assert facts.algorithms == {Algorithm.RSA_PSS_SHA256, Algorithm.RSA_PKCS1_SHA256}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        (unicodedata.normalize("NFD", NAME), None),
        ("VÕ THỊ  LAN", None),
        ("Vo Thi Lan", "name-differs"),
        ("Võ Thị Lân", "name-differs"),
        ("Võ Thị Lan Anh", "name-differs"),
        ("Lan Võ Thị", "name-differs"),
    ],
)
def test_the_name_is_compared_as_a_name(judge: Judge, name: str, word: str | None) -> None:
    assert judge(credential(certificate(name))) == word


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hoàng Hòa", "HOÀNG HOÀ", True),
        ("Thúy", "Thuý", True),
        ("Đặng", "đặng", True),
        ("Đặng", "Dặng", False),
        ("Hòa", "Hóa", False),
        ("Lê", "Le", False),
        ("Trần", "Trân", False),
    ],
)
def test_the_tone_may_stand_on_either_vowel_but_is_the_same(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


UID, SERIAL = NameOID.USER_ID, NameOID.SERIAL_NUMBER


@pytest.mark.parametrize(
    "stated",
    [
        (UID, f"CCCD:{NUMBER}"),
        (UID, f"cccd: {NUMBER}"),
        (UID, NUMBER),
        (SERIAL, f"PNOVN-{NUMBER}"),
        (SERIAL, f"IDCVN-{NUMBER}"),
    ],
)
def test_the_number_in_the_certificate_is_that_of_the_login(
    judge: Judge, stated: tuple[x509.ObjectIdentifier, str]
) -> None:
    held = credential(certificate(more=(stated,)))
    assert judge(held, login=NUMBER[::-1]) is None
    assert judge(held, login="046190000222"[::-1]) == "personal-number-differs"
    # A worker has no login; an account without the number is known by the name.
    assert judge(held) is None


def test_a_number_of_another_country_or_a_card_is_no_personal_number(judge: Judge) -> None:
    held = credential(certificate(more=((SERIAL, f"PNOLA-{NUMBER}"), (UID, "MST:0123456789"))))
    assert judge(held, login="046190000222"[::-1]) is None


@pytest.mark.parametrize(
    ("name", "stated", "login", "word"),
    [
        ("VO THI LAN", f"CCCD:{NUMBER}", NUMBER, None),
        ("VO THI LAN", f"CCCD:{NUMBER}", "046190000222", "personal-number-differs"),
        ("VO THI LAN", f"CCCD:{NUMBER}", None, "personal-number-missing"),
        (NAME, "", NUMBER, "personal-number-missing"),
    ],
)
def test_a_credential_known_by_its_number_needs_it_in_the_certificate_and_in_the_login(
    judge: Judge, name: str, stated: str, login: str | None, word: str | None
) -> None:
    more = ((UID, stated),) if stated else ()
    held = credential(certificate(name, more), identified_by=IdentifiedBy.PERSONAL_NUMBER)
    assert judge(held, login=login[::-1] if login else None) == word


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: certificate(start=NOW + timedelta(seconds=1)), "certificate-not-yet-valid"),
        (lambda: certificate(end=NOW - timedelta(seconds=1)), "certificate-expired"),
        (lambda: certificate(signs=False), "wrong-key-usage"),
        (lambda: certificate(signs=None), "wrong-key-usage"),
        (lambda: certificate(key=ec.generate_private_key(ec.SECP384R1())), "key-does-not-fit"),
        (lambda: certificate(key=rsa.generate_private_key(65537, 2048)), "key-does-not-fit"),
        (lambda: "chain of cred", "certificate-unreadable"),
    ],
)
def test_a_certificate_that_is_not_for_this_is_refused(judge: Judge, make: Callable[[], str], word: str) -> None:
    assert judge(credential(make())) == word


@pytest.mark.parametrize(("bits", "word"), [(2048, None), (1024, "key-does-not-fit")], ids=["long enough", "too short"])
def test_rsa_keys_have_2048_bits_at_least(judge: Judge, bits: int, word: str | None) -> None:
    held = credential(certificate(key=rsa.generate_private_key(65537, bits)), algorithm=Algorithm.RSA_PSS_SHA256)
    assert judge(held) == word


def test_the_form_says_which_algorithms_are_allowed(judge: Judge) -> None:
    held = credential(certificate())
    assert judge(held, task(algorithms=[Algorithm.RSA_PSS_SHA256])) == "algorithm-not-allowed"
    assert judge(held, task(algorithms=[Algorithm.ECDSA_P256_SHA256])) is None


def test_a_credential_record_that_ended_is_refused(judge: Judge) -> None:
    assert judge(credential(certificate(), valid_to=NOW)) == "credential-not-valid"


def test_the_form_says_in_which_capacities_it_is_signed(judge: Judge) -> None:
    held = credential(certificate())
    assert judge(held, task(capacities=[Capacity.TM, Capacity.OWN])) == "capacity-not-allowed"
    assert judge(held, task(capacities=[Capacity.KT])) is None


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"valid_to": NOW}, "delegation-expired"),
        ({"withdrawn_at": NOW}, "delegation-withdrawn"),
        ({"agency": "ubnd-phuong-thuan-hoa"}, "delegation-of-another-agency"),
        ({"grantees": ("official-thuan-hoa-1",)}, "delegation-of-another-person"),
        ({"valid_from": NOW + timedelta(seconds=1)}, "delegation-not-yet-valid"),
    ],
)
def test_a_delegation_is_judged_as_it_is_now(judge: Judge, changes: dict[str, object], word: str) -> None:
    known = judge.catalogue.delegations["uy-quyen-ky-phu-xuan-1"]
    judge.catalogue.put_delegation(known.model_copy(update=changes))
    assert judge(credential(certificate())) == word


def test_an_appointment_that_ended_or_never_was_signs_nothing(judge: Judge) -> None:
    held = credential(certificate())
    assert judge(held, task("khong-co")) == "appointment-not-valid"
    assert judge(held, task("clerk-phu-xuan-1")) == "appointment-not-valid"
    known = judge.catalogue.appointments["official-phu-xuan-1"]
    judge.catalogue.put_appointment(known.model_copy(update={"valid_to": NOW}))
    assert judge(held) == "appointment-not-valid"
    assert judge(held, at=NOW - timedelta(seconds=1)) is None
