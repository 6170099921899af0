"""Handing a dossier from unit to unit, and the process control slip made of it."""

from dataclasses import dataclass

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard, acting_clerk, named_signer, signing_official
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.control_slip import SlipRow, slip_rows
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_documents import new_notice
from chauban.dossiers.notice_requests import HandOver
from chauban.dossiers.wording import printable
from chauban.errors import WrongState
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, FormLibrary

_HANDLED = {DossierStatus.RECEIVED, DossierStatus.PROCESSING, DossierStatus.SIGNING}
_WITH_A_SLIP = set(DossierStatus) - {DossierStatus.SUBMITTED, DossierStatus.REFUSED}


@dataclass(frozen=True)
class HandingOver:
    """Records hand-overs, shows and prints the slip. All raise `NotFound`, `NotAllowed`; changes also `WrongState`,
    `PreconditionFailed`."""

    store: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    authorisation: Authorisation
    orders: OrderMaker
    clock: Clock

    def hand_over(self, caller: Caller, dossier: str, request: HandOver, guard: Guard) -> Dossier:
        """The dossier after it went to another unit."""

        def decide(present: Dossier) -> Change | None:
            clerk = acting_clerk(self.authorisation, caller, "hand-over", present)
            if guard.done_before(self.store):
                return None
            guard.expect(present, _HANDLED)
            form = self.forms.version(present.filing.form.slug, present.filing.form.version)
            said = printable(form, request)
            after = present.with_fact(FactType.HANDED_OVER, self.clock.now(), caller.actor(clerk.id), **said)
            return Change(present, after, idempotency=guard.record(after.id, self.clock))

        return changing(self.store, dossier, decide)

    def slip(self, caller: Caller, dossier: str) -> tuple[Dossier, tuple[SlipRow, ...]]:
        """The dossier and the rows of its slip as they are now."""
        present = self.store.load(dossier)
        self.authorisation.on_dossier(caller, "view-control-slip", present)
        return present, slip_rows(present)

    def print_slip(self, caller: Caller, dossier: str, guard: Guard) -> Dossier:
        """The dossier with a printed slip ordered; it holds the rows of this moment."""

        def decide(present: Dossier) -> Change | None:
            clerk = acting_clerk(self.authorisation, caller, "print-control-slip", present)
            if guard.done_before(self.store):
                return None
            guard.expect(present, _WITH_A_SLIP)
            if present.fact(FactType.RECEIVED) is None:
                raise WrongState(state=present.status.value)
            now = self.clock.now()
            form = self.forms.version(present.filing.form.slug, present.filing.form.version)
            kind = DocumentKind.CONTROL_SLIP
            policy, agency = form.head.notices.of(kind.value), present.issuer(kind)
            signs = signing_official(self.catalogue, agency, None, now) if policy.signed_by == "official" else None
            who = named_signer(self.catalogue, signs) if signs else None
            slip, named = new_notice(present, kind, policy, agency, who)
            rows = [row.model_dump(mode="json") for row in slip_rows(present)]
            data = {**named, "rows": rows, "clerk": {"name": clerk.name, "title": clerk.title}}
            after = present.with_fact(FactType.CONTROL_SLIP_MADE, now, caller.actor(clerk.id), **data)
            after = after.with_document(slip)
            orders = (self.orders.render(after.id, slip.id),)
            return Change(present, after, orders, idempotency=guard.record(after.id, self.clock))

        return changing(self.store, dossier, decide)
