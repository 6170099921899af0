"""The project's own catalogue and form in memory, with credentials made up for the tests."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from chauban.access.catalogue import Agency, Appointment, Delegation
from chauban.access.loading import load_catalogue
from chauban.documents.font_files import WRITTEN_WITH
from chauban.dossiers.deadlines import YearCalendar
from chauban.errors import NotFound
from chauban.forms.definition import FormDefinition
from chauban.forms.packaging import read_definition
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, Purpose, SignerKind
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.providers import Provider, TokenRecord

ROOT = Path(__file__).parents[3]
SLUG = "xac-nhan-tinh-trang-hon-nhan"
FORM_FOLDER = ROOT / "forms" / SLUG / "1.0"
THUAN_HOA, PHU_XUAN = "ubnd-phuong-thuan-hoa", "ubnd-phuong-phu-xuan"
_VALID = {"valid_from": datetime(2025, 7, 1, tzinfo=UTC), "valid_to": datetime(2030, 7, 1, tzinfo=UTC)}


def credential(name: str, holder: str, purpose: Purpose, **changes: object) -> Credential:
    """A credential record of a person (to sign) or an agency (to seal)."""
    signs = purpose is Purpose.SIGN
    values = {
        "id": name,
        "person": holder if signs else None,
        "agency": None if signs else holder,
        "purpose": purpose,
        "kind": SignerKind.CLIENT if signs else SignerKind.KMS,
        "key_ref": None if signs else f"alias/chauban-test-seal-{holder}",
        "algorithm": Algorithm.RSA_PSS_SHA256,
        "chain_pem": f"chain of {name}",
        "appearance": f"appearances/{name}.png",
        **_VALID,
        **changes,
    }
    return Credential.model_validate(values)


class MemoryCatalogue:
    """A `Catalogue`, and a writer of it."""

    def __init__(self) -> None:
        self.agencies: dict[str, Agency] = {}
        self.appointments: dict[str, Appointment] = {}
        self.delegations: dict[str, Delegation] = {}
        self.years: dict[int, YearCalendar] = {}
        self.credentials: dict[str, Credential] = {}
        self.providers: dict[str, Provider] = {}
        self.policy: AlgorithmPolicy | None = None
        self.tokens: dict[str, TokenRecord] = {}

    def put_agency(self, agency: Agency) -> None:
        self.agencies[agency.id] = agency

    def put_appointment(self, appointment: Appointment) -> None:
        self.appointments[appointment.id] = appointment

    def put_delegation(self, delegation: Delegation) -> None:
        self.delegations[delegation.id] = delegation

    def put_calendar(self, calendar: YearCalendar) -> None:
        self.years[calendar.year] = calendar

    def put_credential(self, credential: Credential) -> None:
        self.credentials[credential.id] = credential

    def put_provider(self, provider: Provider) -> None:
        self.providers[provider.id] = provider

    def put_algorithms(self, policy: AlgorithmPolicy) -> None:
        self.policy = policy

    def algorithms(self) -> AlgorithmPolicy:
        assert self.policy
        return self.policy

    def put_token(self, token: TokenRecord) -> None:
        self.tokens[token.id] = token

    def provider(self, provider: str) -> Provider | None:
        return self.providers.get(provider)

    def token(self, token: str) -> TokenRecord | None:
        return self.tokens.get(token)

    def agency(self, agency: str) -> Agency | None:
        return self.agencies.get(agency)

    def appointments_of(self, person: str) -> tuple[Appointment, ...]:
        return tuple(held for held in self.appointments.values() if held.person == person)

    def officials_of(self, agency: str) -> tuple[Appointment, ...]:
        return tuple(held for held in self.appointments.values() if held.agency == agency)

    def delegation(self, delegation: str) -> Delegation | None:
        return self.delegations.get(delegation)

    def calendars(self) -> Mapping[int, YearCalendar]:
        return self.years

    def credential(self, credential: str) -> Credential | None:
        return self.credentials.get(credential)

    def credentials_of_person(self, person: str) -> tuple[Credential, ...]:
        return tuple(held for held in self.credentials.values() if held.person == person)

    def seals_of_agency(self, agency: str) -> tuple[Credential, ...]:
        return tuple(held for held in self.credentials.values() if held.agency == agency)


@cache
def _project_catalogue() -> MemoryCatalogue:
    catalogue = MemoryCatalogue()
    load_catalogue(ROOT / "catalogue", catalogue)
    return catalogue


def loaded_catalogue() -> MemoryCatalogue:
    """What `catalogue/` says, with a credential for each official and a seal for each agency."""
    catalogue, known = MemoryCatalogue(), _project_catalogue()
    catalogue.agencies, catalogue.appointments = dict(known.agencies), dict(known.appointments)
    catalogue.delegations, catalogue.years = dict(known.delegations), dict(known.years)
    catalogue.policy = known.policy
    for place, agency in (("thuan-hoa", THUAN_HOA), ("phu-xuan", PHU_XUAN)):
        catalogue.put_credential(credential(f"cred-official-{place}", f"official-{place}", Purpose.SIGN))
        catalogue.put_credential(credential(f"cred-seal-{place}", agency, Purpose.SEAL))
    return catalogue


@cache
def real_form() -> FormDefinition:
    """The form in `forms/`."""
    return read_definition(FORM_FOLDER)


class MemoryForms:
    """A `FormLibrary` of given versions; `published` has the days of those that came late."""

    def __init__(self, *versions: FormDefinition) -> None:
        self.versions = list(versions)
        self.withdrawn: list[FormDefinition] = []
        self.published: dict[str, date] = {}

    def all(self) -> tuple[FormDefinition, ...]:
        return tuple(self.versions)

    def taking(self, slug: str | None = None) -> tuple[FormDefinition, ...]:
        return tuple(form for form in self.versions if form not in self.withdrawn and slug in (None, form.slug))

    def version(self, slug: str, version: str) -> FormDefinition:
        for form in self.versions:
            if (form.slug, form.version) == (slug, version):
                return form
        raise NotFound

    def in_force_from(self, form: FormDefinition) -> date:
        return max(form.head.valid_from, self.published.get(form.version, form.head.valid_from))

    def print_files(self, slug: str, version: str) -> Mapping[str, bytes]:
        return {f"{slug}/{version}/result.html": b"<p></p>", WRITTEN_WITH: b"a font"}
