"""Agencies, appointments, delegations, calendars, credentials and providers in the table, kept in memory for half a minute,
and what ends a right to sign for a second."""

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta

from chauban.access.catalogue import Agency, Appointment, Delegation
from chauban.access.delegations import require_kept
from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import Table, put
from chauban.adapters.memory import Remembered
from chauban.dossiers.deadlines import YearCalendar
from chauban.errors import NotConfigured
from chauban.ports import Clock
from chauban.signing.credentials import Credential
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.providers import Provider, TokenRecord

KEPT = timedelta(seconds=30)
# A delegation that is withdrawn ends what somebody may sign: that is heard of at once, and asked once for a whole session.
DELEGATION_KEPT = timedelta(seconds=1)
# So does a credential that is replaced.
CREDENTIAL_KEPT = timedelta(seconds=1)
_AGENCY, _APPOINTMENT, _CREDENTIAL, _CALENDAR = "AGENCY", "APPOINTMENT#", "CREDENTIAL#", "CALENDAR#"
_DELEGATION, _PROVIDER, _TOKEN = "DELEGATION", "PROVIDER", "TOKEN"
# The partition of the index in which credentials stand in the order of their end.
_ENDS = "K"


class DynamoCatalogue:
    """A `Catalogue`, and the way to load it. What concerns a person lies under the person, what an agency, under the agency."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._partitions: Remembered[list[items.Item]] = Remembered(clock, KEPT, table.partition)
        self._delegations: Remembered[list[items.Item]] = Remembered(clock, DELEGATION_KEPT, table.partition)
        self._held: Remembered[list[items.Item]] = Remembered(clock, CREDENTIAL_KEPT, table.partition)

    def agency(self, agency: str) -> Agency | None:
        """See `Catalogue.agency`."""
        found = [item for item in self._partitions(f"A#{agency}") if item["sk"] == _AGENCY]
        return items.value_of(Agency, found[0]) if found else None

    def appointments_of(self, person: str) -> tuple[Appointment, ...]:
        """See `Catalogue.appointments_of`."""
        return self._appointments(f"P#{person}")

    def officials_of(self, agency: str) -> tuple[Appointment, ...]:
        """See `Catalogue.officials_of`."""
        return self._appointments(f"A#{agency}")

    def delegation(self, delegation: str) -> Delegation | None:
        """See `Catalogue.delegation`."""
        found = self._delegations(f"V#{delegation}")
        return items.value_of(Delegation, found[0]) if found else None

    def calendars(self) -> Mapping[int, YearCalendar]:
        """See `Catalogue.calendars`."""
        found = [items.value_of(YearCalendar, item) for item in self._partitions("CALENDAR")]
        return {calendar.year: calendar for calendar in found}

    def credential(self, credential: str) -> Credential | None:
        """See `Catalogue.credential`."""
        found = self._held(f"K#{credential}")
        return items.value_of(Credential, found[0]) if found else None

    def credentials_of_person(self, person: str) -> tuple[Credential, ...]:
        """See `Catalogue.credentials_of_person`."""
        return self._credentials(f"P#{person}")

    def seals_of_agency(self, agency: str) -> tuple[Credential, ...]:
        """See `Catalogue.seals_of_agency`."""
        return self._credentials(f"A#{agency}")

    def provider(self, provider: str) -> Provider | None:
        """See `Catalogue.provider`."""
        found = [item for item in self._partitions(f"E#{provider}") if item["sk"] == _PROVIDER]
        return items.value_of(Provider, found[0]) if found else None

    def algorithms(self) -> AlgorithmPolicy:
        """See `PolicySource.algorithms`."""
        found = self._partitions("ALGORITHMS")
        if not found:
            raise NotConfigured(what="the policy on algorithms (catalogue/algorithms.yaml)")
        return items.value_of(AlgorithmPolicy, found[0])

    def put_algorithms(self, policy: AlgorithmPolicy) -> None:
        """Loads or replaces the policy on algorithms."""
        self._put(policy.model_dump_json(), items.key("ALGORITHMS", "POLICY"))

    def token(self, token: str) -> TokenRecord | None:
        """See `Catalogue.token`."""
        found = [item for item in self._partitions(f"E#{token}") if item["sk"] == _TOKEN]
        return items.value_of(TokenRecord, found[0]) if found else None

    def put_agency(self, agency: Agency) -> None:
        """Loads or replaces an agency."""
        self._put(agency.model_dump_json(), items.key(f"A#{agency.id}", _AGENCY))

    def put_appointment(self, appointment: Appointment) -> None:
        """Loads or replaces an appointment."""
        sort = _APPOINTMENT + appointment.id
        self._put(
            appointment.model_dump_json(),
            items.key(f"P#{appointment.person}", sort),
            items.key(f"A#{appointment.agency}", sort),
        )

    def put_delegation(self, delegation: Delegation) -> None:
        """Records a delegation, or its earlier end; raises `DelegationFixed` where the one on record says something else.

        Raises `ConcurrentChange` where somebody else recorded it at the same time.
        """
        place = items.key(f"V#{delegation.id}", _DELEGATION)
        present = self._table.get(place)
        require_kept(items.value_of(Delegation, present) if present else None, delegation)
        item = {**place, "value": delegation.model_dump_json()}
        if present:
            write = put(item, "#v = :was", was=present["value"])
            write["Put"]["ExpressionAttributeNames"] = {"#v": "value"}
        else:
            write = put(item, "attribute_not_exists(pk)")
        self._table.transact([write])
        self._delegations.forget()

    def put_calendar(self, calendar: YearCalendar) -> None:
        """Loads or replaces a year."""
        self._put(calendar.model_dump_json(), items.key("CALENDAR", f"{_CALENDAR}{calendar.year}"))

    def put_credential(self, credential: Credential) -> None:
        """Loads or replaces a credential, under itself and under its holder."""
        self._write(_credential_items(credential))

    def replace_credential(self, old: Credential, new: Credential) -> None:
        """See `CredentialStore.replace_credential`."""
        self._write([*_credential_items(old), *_credential_items(new)])

    def credentials_by_end(self) -> tuple[Credential, ...]:
        """See `CredentialStore.credentials_by_end`; past what is remembered, for somebody who watches."""
        found: list[Credential] = []
        cursor: str | None = None
        while True:
            page, cursor = self._table.page("work", _ENDS, limit=200, cursor=cursor, newest_first=False)
            found += [items.value_of(Credential, item) for item in page]
            if cursor is None:
                return tuple(found)

    def put_provider(self, provider: Provider) -> None:
        """Loads or replaces a provider."""
        self._put(provider.model_dump_json(), items.key(f"E#{provider.id}", _PROVIDER))

    def put_token(self, token: TokenRecord) -> None:
        """Loads or replaces a token."""
        self._put(token.model_dump_json(), items.key(f"E#{token.id}", _TOKEN))

    def _put(self, value: str, *places: items.Item) -> None:
        self._write([{**place, "value": value} for place in places])

    def _write(self, kept: Sequence[items.Item]) -> None:
        self._table.transact([put(item) for item in kept])
        self._partitions.forget()
        self._held.forget()

    def _appointments(self, pk: str) -> tuple[Appointment, ...]:
        found = [item for item in self._partitions(pk) if item["sk"].startswith(_APPOINTMENT)]
        return tuple(items.value_of(Appointment, item) for item in found)

    def _credentials(self, pk: str) -> tuple[Credential, ...]:
        found = [item for item in self._held(pk) if item["sk"].startswith(_CREDENTIAL)]
        return tuple(items.value_of(Credential, item) for item in found)


def _credential_items(credential: Credential) -> list[items.Item]:
    """A credential under itself, in the order of its end, and under its holder."""
    holder = f"P#{credential.person}" if credential.person else f"A#{credential.agency}"
    sort, value = _CREDENTIAL + credential.id, credential.model_dump_json()
    end = {"work_pk": _ENDS, "work_sk": f"{credential.valid_to.astimezone(UTC).isoformat()}#{credential.id}"}
    return [
        {**items.key(f"K#{credential.id}", sort), **end, "value": value},
        {**items.key(holder, sort), "value": value},
    ]
