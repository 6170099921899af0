"""Which hashes and keys are relied on until when: data with dates (`catalogue/algorithms.yaml`), and when files are renewed.

What is weak from a day on proves nothing that is made later; what was covered before by a document timestamp of stronger
algorithms still stands (EN 319 102-1, 5.6; ETSI TS 119 312 names algorithms and their times).
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from pydantic import Field, PositiveInt, model_validator

from chauban.errors import NotConfigured
from chauban.values import Frozen


class Family(StrEnum):
    """What has an end: a hash, or the keys of a kind of signature.

    RSA signatures are padded by PKCS#1 v1.5 or by PSS. The end of plain `rsa` is that of both; what is used as plain `rsa`, by a
    padding that nobody noted, has the end of whichever padding ends first.
    """

    HASH = "hash"
    RSA = "rsa"
    RSA_PKCS1 = "rsa-pkcs1"
    RSA_PSS = "rsa-pss"
    EC = "ec"


_PADDED = (Family.RSA_PKCS1, Family.RSA_PSS)


class UsedAlgorithm(Frozen):
    """An algorithm that a file relies on: a hash by its name, or keys of a family by their length in bits."""

    family: Family
    name: str | None = None
    bits: int | None = None


class AlgorithmEnd(Frozen):
    """What is weak from a day (UTC) on, and who says so: a hash by `name`, or keys of `family` with fewer than `below_bits`; one
    padding of RSA may end whatever the length."""

    family: Family
    name: str | None = None
    below_bits: PositiveInt | None = None
    weak_from: date
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _names_something(self) -> "AlgorithmEnd":
        if (self.family is Family.HASH) is (self.name is None) or (self.name and self.below_bits):
            raise ValueError("a hash is named, keys are given by their length")
        if self.name is None and self.below_bits is None and self.family not in _PADDED:
            raise ValueError("keys are given by their length, or by a padding")
        return self

    @property
    def moment(self) -> datetime:
        """The first moment (UTC) at which it is weak."""
        return datetime.combine(self.weak_from, time(), UTC)

    def covers(self, used: UsedAlgorithm) -> bool:
        """Whether this is the end of what is used."""
        families = {used.family, self.family}
        if len(families) > 1 and not (Family.RSA in families and families & set(_PADDED)):
            return False
        return used.name == self.name and (self.below_bits is None or (used.bits or 0) < self.below_bits)


class AlgorithmPolicy(Frozen):
    """`hashes` are those for new document timestamps, in order of preference; one must be relied on for `least_days` more.

    A file is renewed `renew_days` before the first thing that it rests on ends, spread over the `spread_days` before that.
    """

    hashes: tuple[str, ...] = Field(min_length=1)
    least_days: PositiveInt
    renew_days: PositiveInt
    spread_days: PositiveInt
    ends: tuple[AlgorithmEnd, ...]

    def end_of(self, used: Iterable[UsedAlgorithm]) -> datetime | None:
        """When the first of these becomes weak; None where no end is known."""
        return min((end.moment for each in used for end in self.ends if end.covers(each)), default=None)

    def limit_of(self, certificates: datetime, used: Iterable[UsedAlgorithm]) -> datetime:
        """When the first of these ends: certificates at an aware moment, or an algorithm."""
        weak = self.end_of(used)
        return min(certificates, weak) if weak else certificates

    def weak(self, used: Sequence[UsedAlgorithm], at: datetime) -> bool:
        """Whether any of these is weak at an aware moment."""
        end = self.end_of(used)
        return end is not None and end <= at

    def hash_for(self, at: datetime) -> str:
        """The hash of a document timestamp made at an aware moment; raises `NotConfigured` where the policy has none left."""
        least = at + timedelta(days=self.least_days)
        for name in self.hashes:
            if not self.weak([UsedAlgorithm(family=Family.HASH, name=name)], least):
                return name
        raise NotConfigured(what="a hash for document timestamps that is relied on for long enough (algorithms.yaml)")

    def due(self, document: str, made_at: datetime, ends_at: datetime) -> datetime:
        """When a file that rests on something until `ends_at` is renewed: in time, and not all files of a day at once.

        What lasts only shortly is renewed after half of its life at the earliest, and a quarter of it before its end.
        """
        life = max(ends_at - made_at, timedelta())
        margin = min(timedelta(days=self.renew_days), life / 4)
        spread = min(timedelta(days=self.spread_days), life / 4)
        return ends_at - margin - spread * share_of(document)


def share_of(document: str) -> float:
    """A number from 0 up to 1 that is always the same for a document, and evenly spread over many: its place in a time of work."""
    return int.from_bytes(hashlib.sha256(document.encode()).digest()[:4], "big") / 2**32
