"""What a timestamp rests on is read from each of its signatures: an RSA key ends earlier where it pads by PKCS#1 v1.5."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pytest
from asn1crypto import algos, cms
from chauban.errors import CertificateNotUsable, SigningError, TimestampUnavailable
from chauban.signing.preservation.algorithm_policy import Family, UsedAlgorithm
from chauban.signing.trust.strength import algorithms_of, hash_used
from chauban.signing.trust.timestamping import is_pkcs1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.x509.oid import NameOID

from tests.unit.preservation.certified import Life as Validity
from tests.unit.preservation.certified import holder
from tests.unit.preservation.simulated import TSA_LIFE, SimulatedTrust
from tests.unit.preservation.test_algorithm_policy import policy
from tests.unit.preservation.test_pades_preservation import Life
from tests.unit.preservation.years import START

PKCS1, PSS = padding.PKCS1v15(), padding.PSS(padding.MGF1(hashes.SHA256()), 32)
ONE, TWO = SimulatedTrust.TSAS
PADDED_END = datetime(2029, 1, 1, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | dsa.DSAPrivateKey


@lru_cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@dataclass(frozen=True)
class Party:
    """Somebody with a key, who certifies others."""

    label: str
    key: Key

    @property
    def name(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.label)])

    def certifies(self, other: "Party", pad: padding.PKCS1v15 | padding.PSS | None = None) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(other.name)
            .issuer_name(self.name)
            .public_key(other.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(START)
            .not_valid_after(START + timedelta(days=1))
        )
        return builder.sign(self.key, hashes.SHA256(), rsa_padding=pad)


ROOT, CA = Party("root", rsa_key(4096)), Party("ca", rsa_key(3072))
SIGNER = Party("signer", ec.generate_private_key(ec.SECP256R1()))
ANCHOR = ROOT.certifies(ROOT, PKCS1)


def keys(*path: x509.Certificate, pkcs1: bool = False) -> set[tuple[str, int | None]]:
    found = algorithms_of(path, pkcs1=pkcs1)
    assert hash_used("sha256") in found
    return {(each.family.value, each.bits) for each in found if each.family is not Family.HASH}


def test_each_signature_below_the_anchor_counts_with_its_own_padding_and_its_issuers_key() -> None:
    elliptic, old, new = ("ec", 256), CA.certifies(SIGNER, PKCS1), CA.certifies(SIGNER, PSS)
    assert keys(old, ROOT.certifies(CA, PSS), ANCHOR) == {elliptic, ("rsa-pkcs1", 3072), ("rsa-pss", 4096)}
    assert keys(new, ROOT.certifies(CA, PKCS1), ANCHOR) == {elliptic, ("rsa-pss", 3072), ("rsa-pkcs1", 4096)}
    # The anchor's own signature is not looked at: it is trusted without.
    assert keys(new, ROOT.certifies(CA, PSS), ANCHOR) == {elliptic, ("rsa-pss", 3072), ("rsa-pss", 4096)}


@pytest.mark.parametrize(("pkcs1", "family"), [(True, "rsa-pkcs1"), (False, "rsa-pss")])
def test_the_key_that_signs_counts_with_the_padding_of_what_it_signs(pkcs1: bool, family: str) -> None:
    mine = Party("mine", rsa_key(2048))
    assert (family, 2048) in keys(CA.certifies(mine, PSS), ROOT.certifies(CA, PSS), ANCHOR, pkcs1=pkcs1)


def test_the_order_of_what_a_token_carries_says_nothing() -> None:
    assert ("rsa-pkcs1", 3072) in keys(CA.certifies(SIGNER, PKCS1), ANCHOR, ROOT.certifies(CA, PSS))


def test_a_key_that_the_policy_has_no_words_for_is_refused() -> None:
    other = Party("other", dsa.generate_private_key(2048))
    with pytest.raises(SigningError, match="unknown-algorithm"):
        algorithms_of([other.certifies(SIGNER), ROOT.certifies(other, PSS), ANCHOR], pkcs1=False)


@pytest.mark.parametrize(
    ("algorithm", "padded"),
    [
        ("rsassa_pkcs1v15", True),
        ("sha256_rsa", True),
        ("sha512_rsa", True),
        ("rsassa_pss", False),
        ("sha256_ecdsa", False),
    ],
)
def test_the_padding_of_a_token_is_read_from_it(algorithm: str, padded: bool) -> None:
    signer = cms.SignerInfo({"signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm})})
    assert is_pkcs1(signer) is padded


@pytest.fixture
def life() -> Life:
    """The first authority has a long RSA key, and pads by PKCS#1 v1.5."""
    life = Life()
    first = life.trust.authority(ONE)
    validity = Validity(START, START + TSA_LIFE)
    life.trust.made["before"] = first
    padded = holder(first.name, first.issuer, validity, "sha256", timestamping=True, key=rsa_key(4096))
    life.trust.made[f"{ONE} 0"] = padded
    return life


def test_a_file_rests_on_the_padding_of_its_timestamp_and_is_renewed_before_that_ends(life: Life) -> None:
    extended = life.service().extend(life.sealed, policy())
    assert UsedAlgorithm(family=Family.RSA_PKCS1, bits=4096) in extended.rests_on
    assert extended.ends_at > PADDED_END
    assert policy().limit_of(extended.ends_at, extended.rests_on) == PADDED_END
    # What the other authority stamps rests on its certificate alone.
    life.trust.down = {ONE}
    other = life.service().extend(life.sealed, policy())
    assert policy().limit_of(other.ends_at, other.rests_on) == other.ends_at


def test_from_then_on_such_an_authority_is_passed_over_and_what_rests_on_it_has_lapsed(life: Life) -> None:
    pdf = life.service().extend(life.sealed, policy()).pdf
    life.clock.moment = PADDED_END - timedelta(days=1)
    # In time, the other one takes it over where the first does not answer.
    life.trust.down = {ONE}
    kept = life.service().extend(pdf, policy()).pdf
    life.trust.down, life.clock.moment = set(), PADDED_END + timedelta(days=1)
    with pytest.raises(CertificateNotUsable) as refusal:
        life.service().extend(pdf, policy())
    assert refusal.value.values["reason"] == "weak_algorithm"
    life.trust.down = {TWO}
    with pytest.raises(TimestampUnavailable) as none:
        life.service().extend(kept, policy())
    assert any("weak-algorithm" in note for note in none.value.__notes__)
