"""Takes the raw signatures that an official's device made, each checked against the certificate before anything else.

At most one value is ever kept for a document's fixed signed attributes. Handing in the same item again is answered with the
session as it stands; a value that does not verify refuses the whole request, and none of it is accepted. A document that went on
since it was prepared, was cancelled, or may not be signed by this official any more, fails its own item; the others are accepted.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.requests import PostSignatures, SignatureValue
from chauban.errors import FieldError, InvalidRequest, NotConfigured, SignatureMismatch, WrongState
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, SigningStore
from chauban.signing.credentials import Credential
from chauban.signing.policy import SigningPolicy
from chauban.signing.ports import RawVerifier
from chauban.signing.sessions.accepting import Acceptance
from chauban.signing.sessions.model import ItemStatus, SessionItem, SessionStatus, SigningSession
from chauban.signing.sessions.standing import Standing


@dataclass(frozen=True)
class SignatureDesk:
    """Accepts signature values."""

    store: DossierStore
    signing: SigningStore
    catalogue: Catalogue
    authorisation: Authorisation
    orders: OrderMaker
    verify: RawVerifier
    clock: Clock
    policy: SigningPolicy

    def accept(self, caller: Caller, session: str, request: PostSignatures) -> SigningSession:
        """The session after its signatures were accepted and their embedding ordered.

        Raises `NotFound`, `NotAllowed`, `StrongLoginRequired`, `SignerNotEntitled`, `CredentialNotFit`, `WrongState`,
        `InvalidRequest` (with a pointer for each value).
        """
        found = self.signing.session(session)
        self.authorisation.use_session(caller, found)
        credential = self.catalogue.credential(found.credential)
        if credential is None:
            raise NotConfigured(what="credential of the session")
        values = self._checked(caller, found, credential, request)
        acceptance = Acceptance(self.store, self.signing, self.orders, self.clock, self.policy)
        ended = [acceptance.take(found, item, value, caller.actor(item.appointment)) for item, value in values]
        present = self.signing.session(session)
        wanted = {item.item for item, _ in values}
        over = next((status for status in ended if status), None)
        # Nothing is taken back of what was accepted before the session ended: then each item says how it stands.
        if over and not any(item.accepted_at for item in present.items if item.item in wanted):
            raise WrongState(state=over.value)
        return present

    def _checked(
        self, caller: Caller, session: SigningSession, credential: Credential, request: PostSignatures
    ) -> list[tuple[SessionItem, str]]:
        """The items whose values are new and good; the faults of all the others are told at once. Rights are those of this
        moment, not of the moment when the session was opened.
        """
        status = session.status(self.clock.now())
        if status not in {SessionStatus.READY, SessionStatus.PREPARING, SessionStatus.SIGNING, SessionStatus.DONE}:
            raise WrongState(state=status.value)
        now = self.clock.now()
        faults, good = [], []
        wanted = {value.item for value in request.signatures}
        unsigned = [item for item in session.items if item.item in wanted and item.unsigned]
        if unsigned and now >= session.expires_at:
            raise WrongState(state=SessionStatus.EXPIRED.value)
        standing = Standing(self.signing, self.authorisation, self.policy)
        signable = {item.item for item in standing.signable(caller, session, credential, unsigned, now)}
        for position, value in enumerate(request.signatures):
            item = session.item(value.item)
            if item is None:
                faults.append(_fault(position, "item", "unknown-item"))
            elif item.accepted_at is not None:
                continue
            elif item.status is not ItemStatus.READY or item.signed_attributes is None:
                faults.append(_fault(position, "item", "item-not-ready"))
            elif item.item not in signable:
                # It was settled with its reason, which the session tells.
                continue
            elif self._verifies(credential, item, value):
                good.append((item, value.signature))
            else:
                faults.append(_fault(position, "signature", "signature-mismatch"))
        if faults:
            raise InvalidRequest(faults)
        return good

    def _verifies(self, credential: Credential, item: SessionItem, value: SignatureValue) -> bool:
        try:
            signature = b64decode(value.signature, validate=True)
            self.verify(credential, b64decode(item.signed_attributes or ""), signature)
        except (SignatureMismatch, binascii.Error):
            return False
        return True


_FAULTS = {
    "unknown-item": ("Phiên ký không có mục này.", "The session has no such item."),
    "item-not-ready": (
        "Mục này chưa sẵn sàng hoặc không còn ký được. Hãy tải lại phiên ký.",
        "The item is not ready, or can no longer be signed. Load the session again.",
    ),
    "signature-mismatch": (SignatureMismatch.text["vi"], SignatureMismatch.text["en"]),
}


def _fault(position: int, part: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(f"#/signatures/{position}/{part}", code, {"vi": vietnamese, "en": english})
