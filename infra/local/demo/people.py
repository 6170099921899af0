"""Made-up people of Huế: names, birth dates and personal numbers that fit together.

A personal number (số định danh cá nhân) has twelve digits: three for the province of birth registration, one for
century and sex, two for the year of birth, six at random (Decree 137/2015/ND-CP, article 13). None of these
people exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

HUE = "046"
"""The province code of Huế in personal numbers."""

_SURNAMES = (
    ("Nguyễn", 30), ("Trần", 12), ("Lê", 11), ("Phạm", 7), ("Hoàng", 7), ("Phan", 6), ("Võ", 5), ("Đặng", 5),
    ("Hồ", 4), ("Tôn Thất", 2), ("Huỳnh", 2), ("Dương", 2), ("Đoàn", 2), ("Châu", 1), ("Cao", 1), ("Thái", 1),
)  # fmt: skip
_MIDDLE = {
    "male": ("Văn", "Hữu", "Đình", "Quang", "Minh", "Thanh", "Viết", "Xuân", "Công", "Ngọc"),
    "female": ("Thị", "Thị Ngọc", "Thị Thanh", "Thị Diệu", "Ngọc", "Thị Mỹ", "Thị Phương", "Quỳnh"),
}
_GIVEN = {
    "male": ("An", "Bảo", "Đức", "Dũng", "Hiếu", "Hưng", "Khánh", "Long", "Nhật", "Phúc", "Quốc", "Sơn", "Thắng", "Vũ"),
    "female": ("Ánh", "Châu", "Diễm", "Giang", "Hương", "Lan", "Linh", "Nga", "Nhung", "Thủy", "Trang", "Uyên", "Yến"),
}
_STREETS = ("Lê Lợi", "Hùng Vương", "Nguyễn Huệ", "Bà Triệu", "Điện Biên Phủ", "Phan Chu Trinh", "Đống Đa", "Trần Phú")
WARDS = {"ubnd-phuong-thuan-hoa": "phường Thuận Hóa", "ubnd-phuong-phu-xuan": "phường Phú Xuân"}


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist. `sex` is "male" or "female"."""

    name: str
    sex: str
    born: date
    number: str
    address: str


def person(random: Random, today: date, *, sex: str | None = None, ward: str = "phường Thuận Hóa") -> Person:
    """A grown-up between 20 and 60 who lives in `ward`."""
    sex = sex or random.choice(("male", "female"))
    born = today - timedelta(days=random.randint(20 * 366, 60 * 365))
    return Person(name(random, sex), sex, born, personal_number(random, sex, born.year), address(random, ward))


def name(random: Random, sex: str) -> str:
    """Family, middle and given name, in that order."""
    surname = random.choices([s for s, _ in _SURNAMES], [weight for _, weight in _SURNAMES])[0]
    return f"{surname} {random.choice(_MIDDLE[sex])} {random.choice(_GIVEN[sex])}"


def address(random: Random, ward: str) -> str:
    """A street address in Huế."""
    alley = f"{random.randint(1, 40)}/" if random.random() < 0.3 else ""
    return f"{alley}{random.randint(1, 240)} đường {random.choice(_STREETS)}, {ward}, thành phố Huế"


def personal_number(random: Random, sex: str, year: int) -> str:
    """Twelve digits for somebody of Huế: the fourth is 0 or 1 for men or women of the 1900s, 2 or 3 of the 2000s."""
    century = 2 * (year // 100 - 19) + (sex == "female")
    return f"{HUE}{century}{year % 100:02d}{random.randrange(1_000_000):06d}"


def sex_and_year(number: str) -> tuple[str, int]:
    """What a personal number says of its holder."""
    century = int(number[3])
    return ("female" if century % 2 else "male"), 1900 + 100 * (century // 2) + int(number[4:6])
