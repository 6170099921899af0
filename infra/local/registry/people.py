"""The citizens of the demo as the population database would know them; their data agree with their personal numbers."""

from __future__ import annotations

from infra.local.accounts import PEOPLE
from infra.local.demo.people import sex_and_year

_SEX = {"male": "Nam", "female": "Nữ"}
_STREETS = ("12 đường Lê Lợi, phường Thuận Hóa, thành phố Huế", "5/20 đường Bà Triệu, phường Phú Xuân, thành phố Huế")


# Old people of whose birth only the year, or month and year, is recorded. They have no login: the desk asks for them.
ELDERS = (("046036000036", "Lê Văn Tư", "0000"), ("046137000041", "Trần Thị Năm", "0500"))


def population() -> dict[str, dict[str, object]]:
    """The answers by personal number."""
    citizens = [person for person in PEOPLE if person.personal_number]
    known = {
        str(person.personal_number): _record(str(person.personal_number), person.name, position)
        for position, person in enumerate(citizens)
    }
    for number, name, day in ELDERS:
        record = _record(number, name, 0)
        known[number] = {**record, "NgayThangNamSinh": str(record["NgayThangNamSinh"])[:4] + day}
    return known


def _record(number: str, name: str, position: int) -> dict[str, object]:
    sex, year = sex_and_year(number)
    street = _STREETS[position % len(_STREETS)]
    return {
        "SoDinhDanh": number,
        "HoVaTen": name.upper(),
        "GioiTinh": _SEX[sex],
        "DanToc": "Kinh",
        "TonGiao": "Không",
        "TinhTrangHonNhan": "Chưa kết hôn",
        "NgayThangNamSinh": f"{year}{3 + position:02d}{15 + position:02d}",
        "NoiDangKyKhaiSinh": "phường Thuận Hóa, thành phố Huế",
        "QuocTich": "Việt Nam",
        "QueQuan": "phường Kim Long, thành phố Huế",
        "ThuongTru": street,
        "NoiOHienTai": street,
        "Cha": None,
        "Me": None,
        "VoChong": None,
        "ChuHo": {"HoVaTen": name.upper(), "SoDinhDanh": number, "QuanHe": "Chủ hộ"},
    }
