"""Codes and numbers: the dossier's code, and the number a result gets when the official has signed.

Sources: Decree 30/2020 (numbers restart at 01 each 1 January, below 10 a leading 0); Circular 01/2023 of the Government
Office (dossier code). All days and years are those of Vietnam.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from chauban.values import Frozen

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class IssuedNumber(Frozen):
    """A number taken from a book, once: `display` is what is printed ("05/UBND-XNTTHN"), `day` the date of the document."""

    book: str
    symbol: str
    year: int
    number: int
    day: date

    @property
    def display(self) -> str:
        """The number and symbol as printed after "Số: "."""
        return f"{self.number:02d}/{self.symbol}"


def local_day(moment: datetime) -> date:
    """The calendar day in Vietnam of an aware `moment`."""
    return moment.astimezone(VIETNAM).date()


def dossier_code(agency_identifier: str, day: date, count: int) -> str:
    """The code of the `count`-th dossier of an agency on a day, "H57.40.01-261123-0001"; the counter grows past 4 digits."""
    return f"{agency_identifier}-{day:%y%m%d}-{count:04d}"
