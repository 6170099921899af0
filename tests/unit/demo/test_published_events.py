"""What the service publishes keeps the committed contracts."""

from datetime import UTC, datetime

import pytest
from chauban.dossiers.changes import OutboxMessage
from chauban.dossiers.documents import AppliedSignature, Document, DocumentKind, Revision, StoredFile
from chauban.dossiers.model import Agencies, Assertion, Channel, Dossier, Filing, FormRef
from chauban.dossiers.numbering import IssuedNumber
from chauban.dossiers.parties import Contact, Party, Scheme
from chauban.events.contracts import EventMaker

from infra.local.demo.checks.events import check_events

NOW = datetime(2026, 11, 23, 1, 40, 12, 345000, tzinfo=UTC)
ID = "01KARX5T9V6T2J4Q8M3W7E1N5C"
FILE = StoredFile(bucket="archive", key="documents/00.pdf", sha256="c0" * 32, size=4)
CHECK = {"official": "good"}


class Fixed:
    """Clock and ids that stand still."""

    def now(self) -> datetime:
        return NOW

    def new(self) -> str:
        return "01KARX5TB2Q7C9F4D6H8K0M1NP"


@pytest.fixture
def dossier() -> Dossier:
    citizen = Party(scheme=Scheme.PERSONAL_NUMBER, identifier="046190000001", name="Nguyễn Thị Ánh")
    agency = "ubnd-phuong-thuan-hoa"
    filing = Filing(
        id=ID,
        code="H57.40.01-261123-10001",
        former_code=None,
        procedure="1.004873",
        procedure_name="Cấp Giấy xác nhận tình trạng hôn nhân",
        form=FormRef(slug="xac-nhan-tinh-trang-hon-nhan", version="1.0"),
        agencies=Agencies(competent=agency, receiving=agency, supporting=agency),
        channel=Channel.ONLINE,
        contact=Contact(),
        requester=citizen,
        owner=citizen,
        representative=None,
        asserted=Assertion(client="portal"),
        answers={},
        party_keys=("00",),
        submitted_at=NOW,
    )
    return Dossier(filing=filing, facts=())


@pytest.fixture
def events() -> EventMaker:
    return EventMaker("local", Fixed(), Fixed())


@pytest.fixture
def result() -> Document:
    signature = AppliedSignature(
        field="official",
        credential="cred-official-thuan-hoa",
        signed_at=NOW,
        timestamped_at=NOW,
        sha256=FILE.sha256,
        certificate_check=CHECK,
    )
    return Document(
        id="7Q2MZC4KXJ5V3B6HTRWYNAEDPS",
        kind=DocumentKind.RESULT,
        agency="ubnd-phuong-thuan-hoa",
        ordinal=1,
        cause="decision",
        title="Giấy xác nhận tình trạng hôn nhân",
        number=IssuedNumber(book="XNTTHN", symbol="UBND-XNTTHN", year=2026, number=5, day=NOW.date()),
        signatures=(signature,),
    )


def keeps_its_contract(message: OutboxMessage) -> None:
    check_events([message.body])


def test_submitted(events: EventMaker, dossier: Dossier) -> None:
    keeps_its_contract(events.submitted(dossier))


def test_received(events: EventMaker, dossier: Dossier) -> None:
    keeps_its_contract(events.received(dossier, NOW, NOW))


def test_signed(events: EventMaker, dossier: Dossier, result: Document) -> None:
    keeps_its_contract(events.signed(dossier, result, result.signatures[0]))


def test_issued(events: EventMaker, dossier: Dossier, result: Document) -> None:
    revision = Revision(revision=1, file=FILE, level="PAdES-BASELINE-LT", made_at=NOW)
    keeps_its_contract(events.issued(dossier, result, revision))
