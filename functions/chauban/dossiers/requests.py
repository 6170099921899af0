"""What callers send: the bodies of the state-changing requests, with unknown entries refused."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chauban.dossiers.model import Channel, FormRef
from chauban.dossiers.parties import Contact, Party


class RequestBody(BaseModel):
    """A request body: immutable, unknown entries refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


ULID = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
AgencyId = Field(min_length=1, max_length=64)


class SubmitDossier(RequestBody):
    """`POST /v1/dossiers`. `owner` is the requester where it is left out; so is each agency the competent one."""

    form: FormRef
    procedure: str = Field(pattern=r"^\d\.\d{6}$")
    agency: str = AgencyId
    receiving_agency: str | None = Field(default=None, min_length=1, max_length=64)
    supporting_agency: str | None = Field(default=None, min_length=1, max_length=64)
    requester: Party
    owner: Party | None = None
    representative: Party | None = None
    channel: Channel
    contact: Contact = Contact()
    assurance: str | None = Field(default=None, max_length=20)
    former_code: str | None = Field(default=None, max_length=40, pattern=r"^[0-9A-Z.\-]+$")
    draft: str | None = Field(default=None, pattern=ULID, description="The draft that this dossier comes from")
    prefill: str | None = Field(default=None, min_length=1, max_length=100)
    answers: dict[str, Any]


class PutDraft(RequestBody):
    """`PUT /v1/drafts/{id}`. Answers need not be complete; `form` and `procedure` stay what they were when it was opened."""

    form: FormRef
    procedure: str = Field(pattern=r"^\d\.\d{6}$")
    agency: str | None = Field(default=None, min_length=1, max_length=64)
    answers: dict[str, Any]


class ValidateAnswers(RequestBody):
    """`POST /v1/forms/{slug}/{version}/validations`. `scope` limits it to a part of the answers (one page)."""

    answers: dict[str, Any]
    scope: str | None = Field(default=None, max_length=300, pattern=r"^#(/properties/[^/]+)+$")


class PreviewApplication(RequestBody):
    """`POST /v1/forms/{slug}/{version}/previews`: what the application is printed from."""

    procedure: str = Field(pattern=r"^\d\.\d{6}$")
    agency: str = AgencyId
    requester: Party
    owner: Party | None = None
    representative: Party | None = None
    channel: Channel = Channel.ONLINE
    contact: Contact = Contact()
    answers: dict[str, Any]


class ReceivedComponent(RequestBody):
    """A row of the receipt's table: how many originals, certified copies and photocopies came in."""

    name: str = Field(min_length=1, max_length=300)
    original: int = Field(default=0, ge=0, le=99)
    certified_copy: int = Field(default=0, ge=0, le=99)
    photocopy: int = Field(default=0, ge=0, le=99)


class ReceiveDossier(RequestBody):
    """`POST /v1/dossiers/{id}/receive`. Without `components` the receipt lists the form's own."""

    components: tuple[ReceivedComponent, ...] | None = Field(default=None, max_length=50)
    sets: int = Field(default=1, ge=1, le=20)


class DraftDecision(RequestBody):
    """`POST /v1/dossiers/{id}/decision`. `official` names the appointment that is to sign, where the agency has several;
    `officials` all of them in the order of signing, where the form asks for more than one.
    """

    kind: Literal["result"] = "result"
    official: str | None = Field(default=None, min_length=1, max_length=64)
    officials: tuple[Annotated[str, Field(min_length=1, max_length=64)], ...] | None = Field(
        default=None, min_length=1, max_length=2
    )
    data: dict[str, Any]


class OpenSession(RequestBody):
    """`POST /v1/signing/sessions`."""

    tasks: tuple[str, ...] = Field(min_length=1, max_length=500)
    credential: str = Field(min_length=1, max_length=64)


class SignatureValue(RequestBody):
    """The raw signature (base64) over an item's signed attributes."""

    item: int = Field(ge=1)
    signature: str = Field(min_length=1, max_length=2048, pattern=r"^[A-Za-z0-9+/]+={0,2}$")


class PostSignatures(RequestBody):
    """`POST /v1/signing/sessions/{id}/signatures`."""

    signatures: tuple[SignatureValue, ...] = Field(min_length=1, max_length=100)


class AuthoriseSession(RequestBody):
    """`POST /v1/signing/sessions/{id}/authorisation`: what the credential's provider asks for. Nothing of it is kept."""

    pin: str | None = Field(default=None, min_length=1, max_length=64, repr=False)
    otp: str | None = Field(default=None, min_length=1, max_length=64, repr=False)
    code: str | None = Field(default=None, min_length=1, max_length=2048, repr=False)
    state: str | None = Field(default=None, min_length=1, max_length=200, repr=False)
