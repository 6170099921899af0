"""The whole service on fakes, and the main path through it one step at a time."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.copying.bringing import SourceDesk
from chauban.copying.certifying import Certifying
from chauban.copying.checking import SourceChecking
from chauban.copying.ordering import CopyDesk
from chauban.copying.printing import CopyPrinting
from chauban.dossiers.acting import Guard
from chauban.dossiers.amending import Amending
from chauban.dossiers.cancelling import Cancelling
from chauban.dossiers.changes import OutboxMessage
from chauban.dossiers.documents import Document, DocumentKind
from chauban.dossiers.drafting import Drafting
from chauban.dossiers.handing_over import HandingOver
from chauban.dossiers.handling import Handling
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_effects import NoticeEffects
from chauban.dossiers.notices import Notices
from chauban.dossiers.reading import Reading
from chauban.dossiers.rendering import DocumentMaking
from chauban.dossiers.requests import (
    DraftDecision,
    OpenSession,
    PostSignatures,
    ReceiveDossier,
    SignatureValue,
    SubmitDossier,
)
from chauban.dossiers.submission import Submission
from chauban.dossiers.supplements import Supplements
from chauban.dossiers.withdrawing import Withdrawing
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.handlers.failures import reason_of
from chauban.ports import Clock, DossierStore, DraftStore, SigningStore
from chauban.registers.desk import RegisterDesk
from chauban.registers.extending import RegisterExtending
from chauban.registers.number_books import NumberBookDesk
from chauban.registers.ports import NumberBookStore, RegisterStore
from chauban.registers.printing import RegisterPrinting
from chauban.registers.sealing import RegisterSealing
from chauban.registry.checking import PrefillCheck
from chauban.registry.prefilling import Prefilling
from chauban.signing.policy import SigningPolicy
from chauban.signing.preservation.extending import Extending
from chauban.signing.preservation.ports import PreservationStore
from chauban.signing.preservation.renewing import Renewing
from chauban.signing.seals.issuing import Issuing
from chauban.signing.seals.releasing import Releasing
from chauban.signing.seals.sealing import Sealing
from chauban.signing.sessions.acceptance import SignatureDesk
from chauban.signing.sessions.authorisations import AuthorisationStore
from chauban.signing.sessions.authorising import AuthorisationDesk
from chauban.signing.sessions.callbacks import CallbackDesk
from chauban.signing.sessions.hindrances import Hindrances
from chauban.signing.sessions.model import SigningSession
from chauban.signing.sessions.official import OfficialSigning
from chauban.signing.sessions.opening import SessionDesk
from chauban.signing.sessions.remote_signing import RemoteSigning
from chauban.signing.sessions.returning import Returning

from tests.unit.fakes.attachments import Attaching
from tests.unit.fakes.authorisations import FakeBox, FakeProvider, MemoryAuthorisations
from tests.unit.fakes.catalogue import MemoryForms, loaded_catalogue, real_form
from tests.unit.fakes.certificates import StatedCertificates
from tests.unit.fakes.dossiers import MemoryDossiers
from tests.unit.fakes.drafts import MemoryDrafts
from tests.unit.fakes.engine import FakeEngine, FakeForeign, FakeKeys, raw_signature, verify_raw
from tests.unit.fakes.files import MemoryFiles
from tests.unit.fakes.people import KEYS, clerk, decision_data, official, portal, submission_body
from tests.unit.fakes.preservation import FakePreservation, MemoryPreservation
from tests.unit.fakes.registers import MemoryNumberBooks, MemoryRegisters
from tests.unit.fakes.registry import FakeRegistry, MemoryPrefills
from tests.unit.fakes.renderer import FakeRenderer
from tests.unit.fakes.signing import MemorySigning
from tests.unit.fakes.tables import Tables
from tests.unit.fakes.time_and_ids import CountingIds, SettableClock

StoreMaker = Callable[[Clock], tuple[DossierStore, SigningStore, DraftStore, AuthorisationStore]]


class World:
    """Every service, wired to fakes that can be looked into and disturbed."""

    def __init__(
        self,
        stores: StoreMaker | None = None,
        books: NumberBookStore | None = None,
        due: PreservationStore | None = None,
        registers: RegisterStore | None = None,
    ) -> None:
        self.clock, self.ids, self.tables = SettableClock(), CountingIds(), Tables()
        self.store, self.signing, self.drafts, self.authorisations = (stores or self._memory)(self.clock)
        self.catalogue, self.forms, self.files = loaded_catalogue(), MemoryForms(real_form()), MemoryFiles()
        self.engine, self.keys, self.renderer = FakeEngine(self.clock), FakeKeys(), FakeRenderer()
        self.events = EventMaker("test", self.clock, self.ids)
        self.orders = OrderMaker(self.clock, self.ids)
        self.rights = Authorisation(self.catalogue, self.clock)
        store, forms, catalogue, files, clock = self.store, self.forms, self.catalogue, self.files, self.clock
        self.registry, self.prefills = FakeRegistry(), MemoryPrefills(clock)
        self.prefilling = Prefilling(store, self.prefills, self.registry, forms, self.rights, KEYS, clock, self.ids, 2)
        self.drafting = Drafting(self.drafts, forms, self.rights, clock)
        self.submission = Submission(
            store,
            self.drafts,
            forms,
            catalogue,
            self.rights,
            KEYS,
            self.events,
            self.orders,
            clock,
            self.ids,
            PrefillCheck(self.prefills),
        )
        self.handling = Handling(store, forms, catalogue, self.rights, self.events, self.orders, clock)
        effects, cancelling = NoticeEffects(catalogue, self.events), Cancelling(self.signing)
        self.notices = Notices(store, forms, catalogue, self.rights, effects, self.orders, clock)
        self.supplements = Supplements(
            store,
            forms,
            catalogue,
            self.rights,
            cancelling,
            self.events,
            self.orders,
            clock,
            PrefillCheck(self.prefills),
        )
        self.withdrawing = Withdrawing(store, cancelling, self.rights, self.events, clock)
        self.amending = Amending(store, forms, catalogue, self.rights, self.orders, clock)
        self.copies = CopyDesk(store, forms, files, self.rights, self.orders, clock)
        self.copy_printing = CopyPrinting(
            store, forms, catalogue, files, self.renderer, self.orders, clock, "https://tra-cuu.example"
        )
        self.foreign = FakeForeign()
        self.certifying = Certifying(
            store,
            forms,
            catalogue,
            files,
            self.engine,
            self.foreign,
            self.keys,
            verify_raw,
            self.events,
            self.orders,
            clock,
        )
        self.checking = SourceChecking(store, files, self.foreign, self.events, clock)
        self.handing_over = HandingOver(store, forms, catalogue, self.rights, self.orders, clock)
        self.registers: RegisterStore = registers or MemoryRegisters(self.tables)
        self.register_desk = RegisterDesk(
            self.registers, store, forms, files, self.rights, self.orders, clock, self.ids, 300
        )
        self.books: NumberBookStore = books or MemoryNumberBooks(self.tables)
        self.number_books = NumberBookDesk(store, self.books, self.register_desk, forms, self.rights, clock)
        self.register_printing = RegisterPrinting(
            self.registers, store, forms, catalogue, files, self.renderer, self.orders, clock, self.books
        )
        self.register_sealing = RegisterSealing(
            self.registers, catalogue, files, self.engine, self.keys, verify_raw, self.orders, clock
        )
        self.reading = Reading(store, files, self.rights, clock, 300)
        self.attaching = Attaching(self)
        self.sources = SourceDesk(store, self.rights, self.attaching.uploads, clock, self.ids)
        self.making = DocumentMaking(
            store, forms, catalogue, files, self.renderer, self.orders, clock, "https://tra-cuu.example"
        )
        self.certificates = StatedCertificates(catalogue)
        self.policy = SigningPolicy(catalogue, self.certificates)
        self.sessions = SessionDesk(
            store, self.signing, catalogue, self.rights, self.orders, clock, self.ids, 30, self.policy
        )
        self.desk = SignatureDesk(
            store, self.signing, catalogue, self.rights, self.orders, verify_raw, clock, self.policy
        )
        self.official = OfficialSigning(
            store, self.signing, catalogue, files, self.engine, self.events, self.orders, clock, self.policy
        )
        self.provider, self.box = FakeProvider(clock), FakeBox()
        signers = lambda _credential: self.provider  # noqa: E731
        kept = (self.signing, self.authorisations, catalogue)
        self.authorising = AuthorisationDesk(
            *kept, self.rights, signers, self.box, self.orders, clock, self.ids, self.policy
        )
        self.callbacks = CallbackDesk(self.signing, self.authorisations, self.orders, clock)
        self.remote = RemoteSigning(store, *kept, signers, self.box, self.orders, verify_raw, clock, self.policy)
        self.hindrances = Hindrances(self.signing, self.authorisations, clock)
        self.returning = Returning(store, self.signing, self.rights, self.events, clock)
        self.releasing = Releasing(store, self.signing, self.rights, self.events, self.orders, clock)
        issuing = Issuing(effects, cancelling, self.events, self.orders, clock)
        self.due: PreservationStore = due or MemoryPreservation(self.tables)
        self.preserving = FakePreservation(clock)
        self.extending = Extending(store, files, self.preserving, catalogue, self.events, clock)
        self.register_extending = RegisterExtending(self.registers, files, self.preserving, catalogue, clock)
        self.renewing = Renewing(self.due, self.extending, clock, reason_of, self.register_extending)
        self.sealing = Sealing(store, forms, catalogue, files, self.engine, self.keys, verify_raw, issuing, clock)

    def _memory(self, clock: Clock) -> tuple[DossierStore, SigningStore, DraftStore, AuthorisationStore]:
        stores = MemoryDossiers(self.tables, clock), MemorySigning(self.tables), MemoryDrafts(self.tables, clock)
        return *stores, MemoryAuthorisations(self.tables)

    # The path --------------------------------------------------------------------------------------------------------

    def submitted(self, caller: Caller | None = None, key: str | None = None, **changes: Any) -> Dossier:
        """A dossier as filed, a citizen's by whom it names; each with a key of its own unless one is given."""
        body = submission_body(**changes)
        request = SubmitDossier.model_validate(body)
        login = request.requester if caller and caller.party_key else None
        return self.submission.submit(caller or portal(), request, body, key or self.ids.new(), login)

    def received(self, **changes: Any) -> Dossier:
        """A dossier that a clerk received."""
        dossier = self.submitted(**changes)
        return self.handling.receive(clerk(), dossier.id, ReceiveDossier(), self.guard(clerk()))

    def drafted(self, **changes: Any) -> Dossier:
        """A dossier with a decision, nothing rendered yet."""
        dossier = self.received(**changes)
        request = DraftDecision(data=decision_data())
        return self.handling.draft(clerk(), dossier.id, request, self.guard(clerk()))

    def awaiting_signature(self, **changes: Any) -> Dossier:
        """A dossier whose result waits for the official."""
        dossier = self.drafted(**changes)
        self.making.make(dossier.id, result_of(dossier).id)
        return self.store.load(dossier.id)

    def opened(self, *dossiers: Dossier, caller: Caller | None = None, key: str | None = None) -> SigningSession:
        """A session for the results of dossiers, not yet prepared."""
        caller = caller or official()
        place = caller.subject.removeprefix("official-")
        tasks = tuple(result_of(dossier).id for dossier in dossiers)
        request = OpenSession(tasks=tasks, credential=f"cred-official-{place}")
        return self.sessions.open(caller, request, request.model_dump(mode="json"), key or self.ids.new())

    def ready(self, *dossiers: Dossier) -> SigningSession:
        """A session whose items can be signed."""
        session = self.opened(*dossiers)
        for item in session.items:
            self.official.prepare(session.id, item.item)
        return self.signing.session(session.id)

    def accepted(self, *dossiers: Dossier) -> SigningSession:
        """A session whose signatures were handed in, not yet embedded."""
        session = self.ready(*dossiers)
        return self.desk.accept(official(), session.id, signatures_for(session))

    def awaiting_seal(self, **changes: Any) -> Dossier:
        """A dossier whose result the official has signed."""
        dossier = self.awaiting_signature(**changes)
        session = self.accepted(dossier)
        self.official.embed(session.id, 1)
        return self.store.load(dossier.id)

    def issued(self, **changes: Any) -> Dossier:
        """A dossier at the end of the path."""
        dossier = self.awaiting_seal(**changes)
        self.sealing.seal(dossier.id, result_of(dossier).id)
        return self.store.load(dossier.id)

    # What happened ---------------------------------------------------------------------------------------------------

    def guard(self, caller: Caller, if_match: str | None = None, key: str | None = None) -> Guard:
        """A guard with a fresh key, unless a tag or a key is given."""
        return Guard.of(caller, "test", {}, key if key or if_match else self.ids.new(), if_match)

    def messages(self, channel: str, dossier: str | None = None) -> list[OutboxMessage]:
        """The messages written for a channel, in order; those of one owner where it is named."""
        return [m for m in self.tables.messages if m.channel == channel and dossier in (None, m.owner)]

    def events_of(self, dossier: str) -> list[str]:
        """The types of the events told about a dossier."""
        return [message.body["type"] for message in self.messages("bus", dossier)]

    def all_text(self) -> str:
        """Every message as text, to look for what must not be in it."""
        return json.dumps([[m.id, m.owner, m.channel, m.body] for m in self.tables.messages], ensure_ascii=False)


def result_of(dossier: Dossier) -> Document:
    """The dossier's result."""
    return document_of(dossier, DocumentKind.RESULT)


def document_of(dossier: Dossier, kind: DocumentKind) -> Document:
    """The dossier's document of a kind."""
    document = dossier.document_of(kind)
    assert document
    return document


def signature_for(session: SigningSession, item: int, salt: int = 0) -> str:
    """What the official's device makes of an item's digest, in base64."""
    entry = session.item(item)
    assert entry
    assert entry.digest
    return b64encode(raw_signature(session.credential, b64decode(entry.digest), salt)).decode()


def signatures_for(session: SigningSession, salt: int = 0) -> PostSignatures:
    """Good signatures for all items of a session."""
    values = [SignatureValue(item=e.item, signature=signature_for(session, e.item, salt)) for e in session.items]
    return PostSignatures(signatures=tuple(values))
