"""Every error that the service answers with: one root, a stable code, a status, and a text per language.

Services raise these; `handlers/problems.py` alone turns them into RFC 9457 problem details. A text says what is wrong and
what to do; values are filled in with `str.format` and never hold personal data.
"""

from chauban.errors.amendments import (
    AmendmentOpen,
    CopyOfCopy,
    NoSaoY,
    NotCopyable,
    NotInForce,
    OnlyResults,
    SaoYNeeded,
    SourceNotReady,
    SourceRefused,
)
from chauban.errors.attachments import AttachmentBeingExamined, AttachmentLimit
from chauban.errors.documents import (
    CertificateNotUsable,
    CredentialFixed,
    CredentialRefused,
    KeyKindRefused,
    NotConfigured,
    RenderingError,
    SignatureLost,
    SignatureMismatch,
    SigningError,
    TimestampUnavailable,
    VerificationFailed,
)
from chauban.errors.providers import (
    AuthorisationRefused,
    AuthorisationSpent,
    ProviderAnswerUnusable,
    ProviderError,
    ProviderUnavailable,
)
from chauban.errors.registries import (
    RegistryAnswerUnusable,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
)
from chauban.errors.requests import (
    BodyTooLarge,
    CompetentAgencyOnly,
    HigherLevelRequired,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    InvalidRequest,
    MalformedBody,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    PreconditionFailed,
    StrongLoginRequired,
)
from chauban.errors.root import (
    LANGUAGES,
    ChaubanError,
    FieldError,
)
from chauban.errors.signers import CredentialNotFit, DelegationFixed, SignerNotEntitled
from chauban.errors.states import (
    AuthorisationEnded,
    ConcurrentChange,
    FormNotCurrent,
    NoticeLimit,
    NoticeOpen,
    TaskTaken,
    WrongState,
)
from chauban.errors.unsafe import UnsafeToSign

__all__ = [
    "CopyOfCopy",
    "NotCopyable",
    "NoSaoY",
    "SaoYNeeded",
    "SourceNotReady",
    "SourceRefused",
    "AmendmentOpen",
    "AttachmentBeingExamined",
    "AttachmentLimit",
    "AuthorisationEnded",
    "AuthorisationRefused",
    "AuthorisationSpent",
    "BodyTooLarge",
    "CertificateNotUsable",
    "ChaubanError",
    "CompetentAgencyOnly",
    "ConcurrentChange",
    "CredentialNotFit",
    "CredentialFixed",
    "CredentialRefused",
    "DelegationFixed",
    "FieldError",
    "FormNotCurrent",
    "HigherLevelRequired",
    "IdempotencyKeyRequired",
    "IdempotencyKeyReused",
    "InvalidRequest",
    "KeyKindRefused",
    "LANGUAGES",
    "MalformedBody",
    "NotAllowed",
    "NotAuthenticated",
    "NotConfigured",
    "NotFound",
    "NotInForce",
    "NoticeLimit",
    "NoticeOpen",
    "OnlyResults",
    "PreconditionFailed",
    "ProviderAnswerUnusable",
    "ProviderError",
    "ProviderUnavailable",
    "RegistryAnswerUnusable",
    "RegistryError",
    "RegistryRefused",
    "RegistryUnavailable",
    "RenderingError",
    "SignatureLost",
    "SignatureMismatch",
    "SignerNotEntitled",
    "SigningError",
    "StrongLoginRequired",
    "TaskTaken",
    "TimestampUnavailable",
    "UnsafeToSign",
    "VerificationFailed",
    "WrongState",
]
