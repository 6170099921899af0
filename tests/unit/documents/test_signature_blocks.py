"""The end of a document: titles of one to three lines and more, long names, one official or two, at the foot of a full page."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.dossiers.documents import DocumentKind

from tests.unit.documents import pages
from tests.unit.documents.conftest import published_files
from tests.unit.documents.material import SLUGS, Case, first_sample, request
from tests.unit.fakes.notices import render_request
from tests.unit.fakes.world import World

LINE = 17
TM = "TM. ỦY BAN NHÂN DÂN"


def official(name: str, title: str, authority: str | None = TM, capacity: str | None = None) -> dict[str, Any]:
    return {"name": name, "title": title, "authority_prefix": authority, "capacity": capacity}


LONG_NAME = "Công Tằng Tôn Nữ Thị Hoàng Phương Khánh Nguyên An"
LAN = official("Võ Thị Lan", "PHÓ CHỦ TỊCH", capacity="KT. CHỦ TỊCH")
YEN = official("Cao Thị Yến", "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", None)
BLOCKS = {
    "one line": [official("Hoàng Minh Đức", "CHỦ TỊCH", None)],
    "two lines": [official("Hoàng Minh Đức", "CHỦ TỊCH")],
    "three lines": [LAN],
    "a head by delegation": [
        official("Lê Văn Tám", "GIÁM ĐỐC TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", None, "TUQ. CHỦ TỊCH")
    ],
    "long lines and a long name": [
        official(LONG_NAME, "PHÓ TRƯỞNG PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ", f"{TM} PHƯỜNG THUẬN HÓA", "KT. CHỦ TỊCH")
    ],
    "a title on three lines": [
        official(
            "Lê Văn Tám",
            "PHÓ GIÁM ĐỐC TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG VÀ XÚC TIẾN ĐẦU TƯ, THƯƠNG MẠI, DU LỊCH, VIỆC LÀM THÀNH PHỐ",
            None,
            "TUQ. CHỦ TỊCH",
        )
    ],
    "two officials": [YEN, LAN],
    "two officials, the first with more lines": [LAN, YEN],
    "two officials with long names": [
        official(LONG_NAME, "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", None),
        official("Nguyễn Phước Vĩnh Thuyên Bửu Lâm", "PHÓ CHỦ TỊCH", f"{TM} PHƯỜNG THUẬN HÓA", "KT. CHỦ TỊCH"),
    ],
}
every_block = pytest.mark.parametrize("block", BLOCKS)


@cache
def rendered(block: str, slug: str = "dang-ky-khai-tu") -> bytes:
    wanted = request(first_sample(slug), DocumentKind.RESULT)
    officials = BLOCKS[block]
    context = {**wanted.context, "official": officials[0], "officials": officials}
    return WeasyPrintRenderer().render(replace(wanted, context=context)).pdf


def last_page(pdf: bytes) -> int:
    return len(pages.opened(pdf).pages)


def overlap(one: pages.Box, other: pages.Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def fields_of(block: str) -> list[str]:
    return ["official", "official2"][: len(BLOCKS[block])]


def lines_of(pdf: bytes, left: float, right: float, top: float, bottom: float) -> list[str]:
    """The lines of text in a part of the last page, from above."""
    page = last_page(pdf)
    inside = [
        word
        for word in pages.words(pdf)
        if word.page == page and left <= word.box[0] and word.box[2] <= right and top <= word.box[1] <= bottom
    ]
    levels: dict[int, list[str]] = {}
    for word in sorted(inside, key=lambda word: (round(word.box[3]), word.box[0])):
        levels.setdefault(round(word.box[3]), []).append(word.text)
    return [" ".join(texts) for _, texts in sorted(levels.items())]


@every_block
def test_nothing_is_written_where_somebody_signs_or_seals(block: str) -> None:
    pdf = rendered(block)
    page = last_page(pdf)
    for name in [*fields_of(block), "seal"]:
        field = pages.place(pdf, name)
        # A word's box is as high as its font; ink is what counts.
        under = [word for word in pages.words(pdf) if word.page == page and overlap(word.box, field)]
        assert all(word.box[3] - field[1] < 4 or field[3] - word.box[1] < 4 for word in under), (name, under)


@every_block
def test_the_lines_stand_over_the_signature_and_the_name_below(block: str) -> None:
    pdf = rendered(block)
    count = len(BLOCKS[block])
    for place, (field, who) in enumerate(zip(fields_of(block), BLOCKS[block], strict=True)):
        left, top, right, bottom = pages.place(pdf, field)
        column = (272, 551) if count == 1 else ((86, 318), (318, 551))[place]
        over = " ".join(lines_of(pdf, *column, top - 7 * LINE, top))
        below = " ".join(lines_of(pdf, *column, bottom, bottom + 4 * LINE))
        expected = [who["authority_prefix"], who["capacity"], who["title"]]
        assert over.endswith(" ".join(line for line in expected if line))
        assert below.startswith(who["name"])
        assert (left + right) / 2 == pytest.approx(sum(column) / 2, abs=2)


@every_block
def test_the_seal_covers_the_left_third_of_the_last_officials_signature(block: str) -> None:
    pdf = rendered(block)
    seal, signature = pages.place(pdf, "seal"), pages.place(pdf, fields_of(block)[-1])
    assert seal[0] < signature[0]
    assert (seal[2] - signature[0]) / (signature[2] - signature[0]) == pytest.approx(1 / 3, abs=0.02)
    if len(BLOCKS[block]) == 2:
        assert not overlap(seal, pages.place(pdf, "official"))


def test_two_signatures_stand_side_by_side_whoever_has_more_lines() -> None:
    for block in [block for block, officials in BLOCKS.items() if len(officials) == 2]:
        first, second = (pages.place(rendered(block), name) for name in ("official", "official2"))
        assert (first[1], first[3]) == (second[1], second[3])


def test_the_fields_are_in_the_order_of_signing() -> None:
    names = list(pages.fields(pages.opened(rendered("two officials"))))
    assert [name for name in names if name in {"official", "official2", "seal"}] == ["official", "official2", "seal"]
    assert "Nơi nhận:" in pages.text(rendered("two officials"))


def test_an_acting_head_has_one_line_in_the_place_of_the_title() -> None:
    acting = official("Võ Thị Lan", "CHỦ TỊCH", capacity="Q. CHỦ TỊCH")
    wanted = request(first_sample("dang-ky-khai-tu"), DocumentKind.RESULT)
    context = {**wanted.context, "official": acting, "officials": [acting]}
    text = pages.flowing(WeasyPrintRenderer().render(replace(wanted, context=context)).pdf)
    assert f"{TM} Q. CHỦ TỊCH Võ Thị Lan" in text


def test_a_name_on_two_lines_keeps_two_words_together() -> None:
    pdf = rendered("long lines and a long name")
    _, _, _, bottom = pages.place(pdf, "official")
    *_, last = lines_of(pdf, 272, 551, bottom, bottom + 4 * LINE)
    assert len(last.split()) >= 2


# At the foot of a full page -------------------------------------------------------------------------------------------------------

ENDS = [*((first_sample(slug), "three lines") for slug in SLUGS), (first_sample(SLUGS[0]), "two officials")]


def filled_up(case: Case, block: str, points: int) -> bytes:
    """The result with so much empty space above its text."""
    wanted = request(case, DocumentKind.RESULT)
    officials = BLOCKS[block]
    page = wanted.files["_shared/result.html"].decode()
    space = f'<div class="body result"><div style="height: {points}pt"></div>'
    files = {**wanted.files, "_shared/result.html": page.replace('<div class="body result">', space).encode()}
    context = {**wanted.context, "official": officials[0], "officials": officials}
    return WeasyPrintRenderer().render(replace(wanted, files=files, context=context)).pdf


def text_before_the_block(pdf: bytes) -> list[str]:
    """The lines of text on the page of the signature, above its block."""
    _, top, _, _ = pages.place(pdf, "official")
    page = last_page(pdf)
    beside = [word for word in pages.words(pdf) if word.page == page and word.box[1] > top - 5 * LINE]
    block = min(word.box[1] for word in beside if word.text in {"TM.", "nhận:", "CÔNG", "KT."})
    return lines_of(pdf, 80, 560, 57, min(block, top) - 3)


@pytest.mark.parametrize(("case", "block"), ENDS, ids=str)
def test_the_block_never_stands_without_two_lines_of_text(case: Case, block: str) -> None:
    fitting, moved = 0, 45 * LINE
    pages_before = last_page(filled_up(case, block, 0))
    # Where the block just does not fit any more: the last height with which it does, by halves.
    while moved - fitting > 3:
        middle = (fitting + moved) // 2
        if last_page(filled_up(case, block, middle)) == pages_before:
            fitting = middle
        else:
            moved = middle
    for points in (moved, moved + LINE, moved + 4 * LINE):
        pdf = filled_up(case, block, points)
        assert last_page(pdf) == pages_before + 1
        assert len(text_before_the_block(pdf)) >= 2


@pytest.mark.parametrize("kind", [DocumentKind.EXTENSION, DocumentKind.SUPPLEMENT_REQUEST])
@pytest.mark.parametrize("points", [253, 202])
def test_a_notices_block_takes_two_lines_of_its_text_along(kind: DocumentKind, points: int) -> None:
    """So much space makes the block fall on the second page, where the look-up address would go with it alone."""
    wanted = render_request(World(), kind, dict(published_files()))
    space = f'<div class="body notice"><div style="height: {points}pt"></div>'
    page = wanted.files[wanted.template].decode().replace('<div class="body notice">', space)
    pdf = WeasyPrintRenderer().render(replace(wanted, files={**wanted.files, wanted.template: page.encode()})).pdf
    assert last_page(pdf) == 2
    address = min(word.box[1] for word in pages.words(pdf) if word.page == 2 and word.text == "Tra")
    assert len(lines_of(pdf, 80, 560, 57, address - 3)) >= 2
