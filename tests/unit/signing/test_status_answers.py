"""A revoked intermediate is refused; answers that are stale, about another certificate or by the wrong signer are no proof."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from chauban.errors import CertificateNotUsable
from chauban.signing.trust.revocation import Source
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import ocsp

from tests.unit.signing.acts import down
from tests.unit.signing.world import InterceptedFetch, KeyOwner, World

HOUR = timedelta(hours=1)
GOOD, REVOKED = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED
Key = ec.EllipticCurvePrivateKey
Answer = Callable[[bytes], bytes]


@dataclass
class Responder:
    """Answers for the development authority, truly or not: `by` is whose key signs, under whose certificate."""

    world: World
    by: str = "ocsp-issuing"

    def certificate(self, label: str) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.world.authority.certificate_file(label).read_bytes())

    def key(self, label: str) -> Key:
        loaded = load_pem_private_key((self.world.authority.data / "keys" / f"{label}.pem").read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        return loaded

    def ocsp(
        self,
        about: x509.Certificate,
        issuer: str = "issuing",
        *,
        status: ocsp.OCSPCertStatus = GOOD,
        made: datetime | None = None,
        signer: tuple[x509.Certificate, Key] | None = None,
    ) -> Answer:
        """An answer that is good for an hour from `made`."""
        at = (made or datetime.now(UTC)).replace(microsecond=0, tzinfo=None)
        certificate, key = signer or (self.certificate(self.by), self.key(self.by))
        revoked = status is REVOKED
        built = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=about,
                issuer=self.certificate(issuer),
                algorithm=SHA256(),
                cert_status=status,
                this_update=at,
                next_update=at + HOUR,
                revocation_time=at if revoked else None,
                revocation_reason=x509.ReasonFlags.ca_compromise if revoked else None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, certificate)
            .certificates([certificate])
            .sign(key, SHA256())
        )
        return lambda _: built.public_bytes(Encoding.DER)

    def crl(
        self, issuer: str, *, revoked: x509.Certificate | None = None, made: datetime | None = None, key: str = ""
    ) -> Answer:
        """A list that is good for an hour from `made`."""
        at = (made or datetime.now(UTC)).replace(microsecond=0)
        number = x509.CRLNumber(int(at.timestamp()))
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate(issuer).subject)
        builder = builder.last_update(at).next_update(at + HOUR).add_extension(number, critical=False)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key(issuer).public_key())
        builder = builder.add_extension(identifier, critical=False)
        if revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(revoked.serial_number).revocation_date(at)
            builder = builder.add_revoked_certificate(entry.build())
        made_list = builder.sign(self.key(key or issuer), SHA256())
        return lambda _: made_list.public_bytes(Encoding.DER)


@pytest.fixture
def responder(world: World) -> Responder:
    return Responder(world)


def leaf_of(owner: KeyOwner) -> x509.Certificate:
    return x509.load_der_x509_certificate(owner.identity.certificate)


def sources(world: World, owner: KeyOwner, answers: dict[str, Answer]) -> list[Source]:
    """Where the evidence came from that the certificate stands; raises `CertificateNotUsable`."""
    fetch = InterceptedFetch(answers)
    checked = world.trust(fetch).check(owner.identity.certificate, owner.identity.chain, datetime.now(UTC))
    return [each.source for each in checked.evidence]


def reason(world: World, owner: KeyOwner, answers: dict[str, Answer]) -> str:
    with pytest.raises(CertificateNotUsable) as refused:
        sources(world, owner, answers)
    return str(refused.value.values["reason"])


def test_answers_made_here_are_believed_where_they_are_true(
    world: World, official: KeyOwner, responder: Responder
) -> None:
    """Or the tests below would show nothing."""
    assert sources(world, official, {"/ocsp/issuing": responder.ocsp(leaf_of(official))}) == [Source.OCSP] * 2
    answers = {"/ocsp/": down, "/crls/issuing": responder.crl("issuing"), "/crls/root": responder.crl("root")}
    assert sources(world, official, answers) == [Source.CRL] * 2
    revoked = {"/ocsp/issuing": responder.ocsp(leaf_of(official), status=REVOKED)}
    assert reason(world, official, revoked) == "revoked"


def test_a_revoked_intermediate_is_refused(world: World, official: KeyOwner, responder: Responder) -> None:
    above = responder.certificate("issuing")
    root = Responder(world, by="ocsp-root")
    said = {"/ocsp/root": root.ocsp(above, "root", status=REVOKED)}
    assert reason(world, official, said) == "revoked"
    listed = {"/ocsp/": down, "/crls/root": responder.crl("root", revoked=above)}
    assert reason(world, official, listed) == "revoked"
    # Also where only what is asked about the intermediate falls back on the list.
    mixed = {"/ocsp/root": down, "/crls/root": responder.crl("root", revoked=above)}
    assert reason(world, official, mixed) == "revoked"


def wrong(world: World, owner: KeyOwner, responder: Responder) -> dict[str, Answer]:
    """OCSP answers that say "good" and are not to be believed."""
    leaf, other = leaf_of(owner), leaf_of(world.owner("another-owner", "ec"))
    colleague = world.owner("colleague", "ec")
    assert isinstance(colleague.key, ec.EllipticCurvePrivateKey)
    return {
        "stale": responder.ocsp(leaf, made=datetime.now(UTC) - timedelta(days=3)),
        "from the future": responder.ocsp(leaf, made=datetime.now(UTC) + timedelta(days=3)),
        "for another certificate": responder.ocsp(other),
        "of another issuer": responder.ocsp(leaf, "root"),
        "by a responder of another authority": Responder(world, by="ocsp-root").ocsp(leaf),
        "by somebody with a certificate for signatures": responder.ocsp(
            leaf, signer=(leaf_of(colleague), colleague.key)
        ),
        "with a signature that is none": lambda body: spoilt(responder.ocsp(leaf)(body)),
        "by the certificate's own holder": responder.ocsp(leaf, signer=(leaf, _own(owner))),
    }


def spoilt(response: bytes) -> bytes:
    """The response with its signature changed in one bit."""
    signature = ocsp.load_der_ocsp_response(response).signature
    return response.replace(signature, signature[:-1] + bytes([signature[-1] ^ 1]))


def _own(owner: KeyOwner) -> Key:
    assert isinstance(owner.key, ec.EllipticCurvePrivateKey)
    return owner.key


CASES = [
    "stale",
    "from the future",
    "for another certificate",
    "of another issuer",
    "by a responder of another authority",
    "by somebody with a certificate for signatures",
    "with a signature that is none",
    "by the certificate's own holder",
]


@pytest.mark.parametrize("case", CASES)
def test_an_ocsp_answer_that_proves_nothing_is_not_believed(world: World, responder: Responder, case: str) -> None:
    owner = world.owner("believed", "ec")
    answer = wrong(world, owner, responder)[case]
    assert reason(world, owner, {"/ocsp/issuing": answer, "/crls/": down}) == "status_unavailable"
    # The list decides, for and against.
    clean = {"/ocsp/issuing": answer, "/crls/issuing": responder.crl("issuing")}
    assert Source.CRL in sources(world, owner, clean)
    listed = {"/ocsp/issuing": answer, "/crls/issuing": responder.crl("issuing", revoked=leaf_of(owner))}
    assert reason(world, owner, listed) == "revoked"


def test_an_ocsp_answer_about_the_intermediate_is_held_to_the_same(
    world: World, official: KeyOwner, responder: Responder
) -> None:
    above, root = responder.certificate("issuing"), Responder(world, by="ocsp-root")
    stale = root.ocsp(above, "root", made=datetime.now(UTC) - timedelta(days=3))
    for answer in (stale, responder.ocsp(above, "root")):
        assert reason(world, official, {"/ocsp/root": answer, "/crls/": down}) == "status_unavailable"


@pytest.mark.parametrize("case", ["stale", "by another key", "of another issuer"])
def test_a_list_that_proves_nothing_is_not_believed(
    world: World, official: KeyOwner, responder: Responder, case: str
) -> None:
    lists = {
        "stale": responder.crl("issuing", made=datetime.now(UTC) - timedelta(days=3)),
        "by another key": responder.crl("issuing", key="root"),
        "of another issuer": responder.crl("root"),
    }
    assert reason(world, official, {"/ocsp/": down, "/crls/issuing": lists[case]}) == "status_unavailable"
