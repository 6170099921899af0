"""Takes an official's authorisation of a remote key, for all documents of a session that can be signed now.

What the official typed, and the code that a provider's page gave, pass through `authorise` to the provider and are kept nowhere.
What the provider grants is kept encrypted, with the session, until the provider's own expiry; orders hold ids only.
"""

import hashlib
import hmac
import json
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.idempotency import MAX_KEY
from chauban.dossiers.requests import AuthoriseSession
from chauban.errors import (
    AuthorisationEnded,
    ChaubanError,
    ConcurrentChange,
    FieldError,
    IdempotencyKeyRequired,
    InvalidRequest,
    NotConfigured,
    ProviderError,
    WrongState,
)
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, Ids, SigningStore
from chauban.signing.credentials import REMOTE, Credential
from chauban.signing.policy import SigningPolicy
from chauban.signing.sessions.authorisations import AuthorisationStore, SealedLogin, SecretBox, Signers
from chauban.signing.sessions.model import (
    EXPIRED_REASON,
    AuthorisationStep,
    SessionAuthorisation,
    SessionItem,
    SessionStatus,
    SigningSession,
)
from chauban.signing.sessions.standing import Standing
from chauban.signing.signers.remote import Given, Grant, LoginPage, RemoteSigner, ToSign

# Longer than the call may take: a claim that nobody finished stands in the way of the next one no longer than that.
ASKING = timedelta(seconds=60)
LOGIN_PAGE = timedelta(minutes=10)
# What is left of a session when an authorisation ends at the latest; half of what is left, where that is less.
KEPT_FREE = timedelta(minutes=5)
# A page that has to be opened sooner than this is not handed out again.
TO_OPEN = timedelta(seconds=30)
_OPEN = frozenset({SessionStatus.PREPARING, SessionStatus.READY, SessionStatus.SIGNING})


@dataclass(frozen=True)
class Terms:
    """What an authorisation takes: which parts of the request, for which items, and where the provider's own page is."""

    needs: tuple[str, ...]
    items: tuple[int, ...]
    most: int
    login_url: str | None = field(default=None, repr=False)
    login_until: datetime | None = None


@dataclass(frozen=True)
class AuthorisationDesk:
    """Terms and authorisations of sessions with remote keys."""

    signing: SigningStore
    authorisations: AuthorisationStore
    catalogue: Catalogue
    authorisation: Authorisation
    signers: Signers
    secrets: SecretBox
    orders: OrderMaker
    clock: Clock
    ids: Ids
    policy: SigningPolicy

    def terms(self, caller: Caller, session: str) -> Terms:
        """What the session's next authorisation takes.

        Raises `NotFound`, `StrongLoginRequired`, `NotAllowed`, `SignerNotEntitled`, `CredentialNotFit`, `WrongState`, and the
        errors of providers.
        """
        found, credential, signer = self._asked_for(caller, session)
        items = self._authorisable(caller, found, credential, signer.most(credential))
        needs, most = signer.needs(credential), signer.most(credential)
        page, until = self._page(found, credential, signer, items) if "code" in needs else (None, None)
        url = page.url if page else None
        return Terms(tuple(sorted(needs)), tuple(item.item for item in items), most, url, until)

    def authorise(
        self, caller: Caller, session: str, request: AuthoriseSession, idempotency_key: str | None
    ) -> SigningSession:
        """The session, with its signing ordered. The same key again is answered with the session as it stands, while that
        authorisation is the session's.

        Raises what `terms` does, `InvalidRequest`, `IdempotencyKeyRequired`, `AuthorisationEnded` for the key of one that failed or
        that another came after, `ProviderUnavailable`, `AuthorisationRefused`, `AuthorisationSpent`, `ProviderAnswerUnusable`.
        """
        found, credential, signer = self._asked_for(caller, session)
        key = _key_name(caller, idempotency_key)
        if earlier := self._earlier(found.id, key):
            return earlier
        items = self._authorisable(caller, found, credential, signer.most(credential))
        needs = signer.needs(credential)
        given, items = self._given(found, request, needs, items)
        try:
            begun = self._begun(caller, found, items, key)
        except ConcurrentChange as lost:
            # The same request in another thread is answered as it is; another one is in the way.
            if earlier := self._earlier(found.id, key):
                return earlier
            raise self._in_the_way(found.id, lost) from lost
        documents = documents_of(items)
        try:
            grant = signer.authorise(credential, documents, given)
        except ProviderError as fault:
            self.authorisations.fail(found.id, begun.ended(fault.code))
            raise
        step = AuthorisationStep.GRANTED if needs else AuthorisationStep.HOLDER
        self._granted(found, begun.model_copy(update={"step": step}), grant)
        return self.signing.session(found.id)

    def _asked_for(self, caller: Caller, session: str) -> tuple[SigningSession, Credential, RemoteSigner]:
        found = self.signing.session(session)
        self.authorisation.use_session(caller, found)
        credential = self.catalogue.credential(found.credential)
        if credential is None:
            raise NotConfigured(what="credential of the session")
        if credential.kind not in REMOTE:
            raise WrongState(state=f"credential:{credential.kind.value}")
        return found, credential, self.signers(credential)

    def _authorisable(
        self, caller: Caller, session: SigningSession, credential: Credential, most: int
    ) -> tuple[SessionItem, ...]:
        """The items that an authorisation would be for, as many as the provider takes. Rights are those of this moment:
        an item without one fails alone.
        """
        now = self.clock.now()
        status = session.status(now)
        items = tuple(item for item in session.items if item.unsigned)
        if session.awaiting(now) or status not in _OPEN or now >= session.expires_at or not items:
            raise WrongState(state=status.value)
        standing = Standing(self.signing, self.authorisation, self.policy)
        good = standing.signable(caller, session, credential, items, now)
        if not good:
            raise WrongState(state=self.signing.session(session.id).status(now).value)
        return good[:most]

    def _page(
        self, session: SigningSession, credential: Credential, signer: RemoteSigner, items: Sequence[SessionItem]
    ) -> tuple[LoginPage, datetime]:
        """The provider's page for these items, and until when to open it: the one handed out before, while it serves."""
        now, numbers = self.clock.now(), tuple(item.item for item in items)
        known = self.authorisations.login(session.id)
        if known and known.items == numbers and now + LOGIN_PAGE / 2 < known.expires_at:
            page = self._opened(session, known)
            if page.open_until is None or now + TO_OPEN < page.open_until:
                return page, page.open_until or known.expires_at
        page = signer.login_page(credential, documents_of(items), self.ids.new())
        told = [page.url, page.state, page.verifier, page.open_until and page.open_until.isoformat()]
        sealed = self.secrets.seal(json.dumps(told), context_of(session.id, "login"))
        until = min(now + LOGIN_PAGE, session.expires_at)
        self.authorisations.keep_login(session.id, SealedLogin(numbers, sealed, until))
        return page, page.open_until or until

    def _opened(self, session: SigningSession, login: SealedLogin) -> LoginPage:
        url, state, verifier, until = json.loads(self.secrets.open(login.sealed, context_of(session.id, "login")))
        return LoginPage(url, state, verifier, datetime.fromisoformat(until) if until else None)

    def _given(
        self,
        session: SigningSession,
        request: AuthoriseSession,
        needs: frozenset[str],
        items: tuple[SessionItem, ...],
    ) -> tuple[Given, tuple[SessionItem, ...]]:
        """What the provider is told, and for which items: a page's code is for those that the page was for."""
        sent = {name for name in ("pin", "otp", "code") if getattr(request, name) is not None}
        if sent != needs:
            raise InvalidRequest(
                [_fault(name, "missing" if name in needs else "not-asked-for") for name in sorted(sent ^ needs)]
            )
        if "code" not in needs:
            return Given(pin=request.pin, otp=request.otp), items
        login = self.authorisations.login(session.id)
        if login is None or self.clock.now() >= login.expires_at:
            raise InvalidRequest([_fault("state", "login-over")])
        page = self._opened(session, login)
        if not hmac.compare_digest(page.state.encode(), (request.state or "").encode()):
            raise InvalidRequest([_fault("state", "another-login")])
        covered = tuple(item for item in items if item.item in login.items)
        self.authorisations.forget_login(session.id)
        if len(covered) != len(login.items):
            raise InvalidRequest([_fault("state", "login-over")])
        return Given(pin=request.pin, otp=request.otp, code=request.code, verifier=page.verifier), covered

    def _begun(
        self, caller: Caller, session: SigningSession, items: Sequence[SessionItem], key: str
    ) -> SessionAuthorisation:
        now = self.clock.now()
        begun = SessionAuthorisation(
            id=self.ids.new(),
            key=key,
            by=caller.actor(items[0].appointment),
            asked_at=now,
            expires_at=min(now + ASKING, session.expires_at),
            items=tuple(item.item for item in items),
        )
        self.authorisations.begin(session.id, begun, session.authorisation.id if session.authorisation else None)
        return begun

    def _granted(self, session: SigningSession, begun: SessionAuthorisation, grant: Grant) -> None:
        # Some minutes are left of the session for what it brings no value for: to be authorised again, not opened again.
        now = self.clock.now()
        left = session.expires_at - now
        until = min(grant.expires_at, session.expires_at - min(KEPT_FREE, left / 2))
        granted = begun.model_copy(update={"expires_at": until})
        sealed = self.secrets.seal(grant.secret, context_of(session.id, granted.id))
        order = self.orders.ask(session.id, granted.id, 0)
        try:
            self.authorisations.grant(session.id, granted, sealed, (order,))
        except ConcurrentChange as lost:
            raise self._in_the_way(session.id, lost) from lost

    def _earlier(self, session: str, key: str) -> SigningSession | None:
        """The session as it stands, where this key began its authorisation; None where it began none.

        Raises `AuthorisationEnded` where it began one that failed, was cut off, or that another came after.
        """
        began = self.authorisations.began(session, key)
        if began is None:
            return None
        found = self.signing.session(session)
        given = found.authorisation
        if given is None or given.id != began:
            raise AuthorisationEnded(reason="superseded")
        cut_off = given.step is AuthorisationStep.ASKING and self.clock.now() >= given.expires_at
        if given.step is AuthorisationStep.FAILED or cut_off:
            raise AuthorisationEnded(reason=given.reason or EXPIRED_REASON)
        return found

    def _in_the_way(self, session: str, lost: ConcurrentChange) -> ChaubanError:
        """Why an authorisation was not written: the session's state, or a change that the caller may try to get past."""
        found = self.signing.session(session)
        status = found.status(self.clock.now())
        return lost if status is SessionStatus.READY else WrongState(state=status.value)


def documents_of(items: Sequence[SessionItem]) -> list[ToSign]:
    """What a provider is given of these items: number, a label for the phone, digest."""
    return [ToSign(item.item, f"{item.code} {item.title}", b64decode(item.digest or "")) for item in items]


def context_of(session: str, what: str) -> dict[str, str]:
    """What encrypted texts of a session are bound to: `what` is an authorisation's id or "login"."""
    return {"session": session, "for": what}


def _key_name(caller: Caller, key: str | None) -> str:
    """An idempotency key by which the request is known again. Nothing of the body goes into it: a PIN is soon guessed."""
    if not key or len(key) > MAX_KEY:
        raise IdempotencyKeyRequired
    return hashlib.sha256(f"{caller.client}|{caller.subject}\n{key}".encode()).hexdigest()


_FAULTS = {
    "missing": (
        "Nhà cung cấp chữ ký số cần thông tin này. Xem GET .../authorisation rồi gửi lại.",
        "The signing provider asks for this. See GET .../authorisation and send it.",
    ),
    "not-asked-for": (
        "Nhà cung cấp chữ ký số không cần thông tin này. Hãy bỏ ra rồi gửi lại.",
        "The signing provider does not ask for this. Leave it out and send the request again.",
    ),
    "login-over": (
        "Trang ủy quyền đã quá hạn hoặc danh sách văn bản đã thay đổi. Mở lại trang theo GET .../authorisation.",
        "The provider's page has expired, or the documents have changed. Open it again from GET .../authorisation.",
    ),
    "another-login": (
        "Giá trị state không thuộc trang ủy quyền của phiên ký này. Mở lại trang theo GET .../authorisation.",
        "This state is not of this session's login page. Open the page again from GET .../authorisation.",
    ),
}


def _fault(part: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(f"#/{part}", code, {"vi": vietnamese, "en": english})
