"""A register and a `PrefillStore` in memory."""

from chauban.errors import ConcurrentChange, RegistryError
from chauban.forms.prefill_rules import Attribute
from chauban.ports import Clock
from chauban.registry.inquiry import Inquiry, InquiryRecord, Prefill


class FakeRegistry:
    """Knows one person; `fault` is raised instead of an answer. `asked` holds every inquiry."""

    def __init__(self) -> None:
        self.asked: list[Inquiry] = []
        self.fault: RegistryError | None = None
        self.known = {
            Attribute.FULL_NAME: "NGUYỄN THỊ AN",
            Attribute.BIRTH_DATE: "1998-05-17",
            Attribute.PERSONAL_NUMBER: "046198000101",
            Attribute.SEX: "female",
            Attribute.RESIDENCE: "12 đường Lê Lợi, phường Thuận Hóa, thành phố Huế",
        }

    def ask(self, inquiry: Inquiry) -> dict[Attribute, str]:
        self.asked.append(inquiry)
        if self.fault:
            raise self.fault
        return {name: self.known[name] for name in inquiry.attributes if name in self.known}


class MemoryPrefills:
    """See `PrefillStore`; `records` holds what was written down of each inquiry, in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.kept: list[Prefill] = []
        self.records: list[InquiryRecord] = []

    def of_session(self, session: str) -> Prefill | None:
        return self._newest([one for one in self.kept if one.session == session])

    def of_token(self, token: str) -> Prefill | None:
        return self._newest([one for one in self.kept if one.token == token])

    def keep(self, prefill: Prefill) -> None:
        self.kept.append(prefill)

    def record(self, record: InquiryRecord) -> None:
        if any((one.request_id, one.outcome) == (record.request_id, record.outcome) for one in self.records):
            raise ConcurrentChange
        self.records.append(record)

    def _newest(self, found: list[Prefill]) -> Prefill | None:
        return found[-1] if found and self._clock.now() < found[-1].expires_at else None
