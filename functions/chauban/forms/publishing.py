"""Publishing a version: checked first, compared with the one before, then written once and for all."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from chauban.forms.definition import FormDefinition
from chauban.forms.difference import differences, is_major
from chauban.forms.findings import Finding, finding
from chauban.forms.packaging import read_definition


class Shelf(Protocol):
    """Where versions are published."""

    def all(self) -> tuple[FormDefinition, ...]:
        """Every published version."""
        ...

    def is_published(self, forms: Path, folder: Path) -> bool:
        """Whether exactly this version is there; raises `AlreadyPublished` where other bytes are."""
        ...

    def publish(self, forms: Path, folder: Path) -> None:
        """Writes it; raises `AlreadyPublished`."""
        ...


class Step(StrEnum):
    """What came of publishing a version."""

    UNCHANGED = "unchanged"
    REFUSED = "refused"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Publishing:
    """Publishes versions; `check` gives the faults that a version must not have."""

    shelf: Shelf
    check: Callable[[Path], Sequence[Finding]]

    def publish(self, folder: Path) -> tuple[Step, Sequence[Finding]]:
        """The version in `<forms>/<slug>/<version>`; raises `AlreadyPublished`, and `ValueError` for one that cannot be read."""
        forms = folder.parent.parent
        # What cannot even be read is for the check to tell.
        with suppress(ValueError, OSError):
            if self.shelf.is_published(forms, folder):
                return Step.UNCHANGED, ()
        if found := self.check(folder):
            return Step.REFUSED, found
        form = read_definition(folder)
        if fault := self._number_fault(form) or self._order_fault(form):
            return Step.REFUSED, [fault]
        self.shelf.publish(forms, folder)
        return Step.PUBLISHED, ()

    def _number_fault(self, form: FormDefinition) -> Finding | None:
        """A change that breaks programs needs a new major number: that is what portals and readers go by."""
        earlier = [
            other
            for other in self.shelf.all()
            if other.slug == form.slug and other.order < form.order and other.order[0] == form.order[0]
        ]
        before = max(earlier, key=lambda other: other.order, default=None)
        if before is None or not is_major(differences(before, form)):
            return None
        wanted = f"{form.order[0] + 1}.0"
        return finding(
            "form.yaml",
            "version",
            "major-change",
            f"Thay đổi so với {before.version} là thay đổi lớn (xem `chauban forms diff`): hãy đặt phiên bản là {wanted}.",
            f"The change from {before.version} is a major one (see `chauban forms diff`): make the version {wanted}.",
        )

    def _order_fault(self, form: FormDefinition) -> Finding | None:
        """The newest first day is current: a higher version that begins before a lower one would never be."""
        same = [other for other in self.shelf.all() if other.slug == form.slug and other.order < form.order]
        later = max(same, key=lambda other: other.head.valid_from, default=None)
        if later is None or later.head.valid_from <= form.head.valid_from:
            return None
        first = later.head.valid_from.isoformat()
        return finding(
            "form.yaml",
            "valid_from",
            "never-current",
            f"Phiên bản {later.version} có hiệu lực từ {first}, sau ngày này, nên phiên bản mới sẽ không bao giờ hiện hành.",
            f"Version {later.version} begins on {first}, after this one, which would therefore never be current.",
        )
