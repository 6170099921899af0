"""Decree 30/2020/ND-CP, Annex I, measured on the pages as a reader shows them: margins, boxes, sizes, signature and seal.

Lengths are points from the upper left corner; ink is what is not white at 144 dots per inch, so a tolerance of one point is
two dots.
"""

from dataclasses import dataclass

import pytest
from chauban.documents.rendering import WeasyPrintRenderer

from tests.unit.documents import pages
from tests.unit.documents.conftest import CASES, TEMPLATES, request_for

MM = pages.MM
DOT = 1 / pages.PIXELS_PER_POINT
LINE_PER_SIZE = (1825 + 443) / 2048
"""The height of a word as pdftotext gives it, ascent and descent of the text font, for one point of size."""

OFFICIAL, SEAL = "0.1 0.2 0.9", "0.9 0.1 0.1"


@dataclass(frozen=True)
class Line:
    """Words of one line that follow each other, with their common box."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def size(self) -> float:
        return (self.bottom - self.top) / LINE_PER_SIZE


def line(pdf: bytes, text: str, page: int = 1) -> Line:
    """The first place of consecutive words `text` on a page."""
    wanted = text.split()
    found = [word for word in pages.words(pdf) if word.page == page]
    for start in range(len(found)):
        run = found[start : start + len(wanted)]
        if [word.text for word in run] == wanted:
            boxes = [word.box for word in run]
            return Line(boxes[0][0], min(b[1] for b in boxes), boxes[-1][2], max(b[3] for b in boxes))
    raise AssertionError(f"{text} is not on page {page}")


def page_count(pdf: bytes) -> int:
    return len(pages.opened(pdf).pages)


@pytest.fixture(params=[(kind, case) for kind in sorted(TEMPLATES) for case in CASES], ids="-".join)
def any_pdf(request, rendered):
    return rendered(*request.param).pdf


@pytest.fixture
def result(rendered):
    return rendered("result", "never-married").pdf


def test_pages_are_a4_portrait(any_pdf):
    for page in pages.opened(any_pdf).pages:
        left, bottom, right, top = (float(value) for value in page.MediaBox)
        assert (right - left) / MM == pytest.approx(210, abs=0.2)
        assert (top - bottom) / MM == pytest.approx(297, abs=0.2)


def test_the_text_keeps_to_the_margins_of_the_decree(any_pdf):
    lefts, tops, rights = [], [], []
    for number in range(1, page_count(any_pdf) + 1):
        image = pages.picture(any_pdf, number)
        if number > 1:
            # the page number stands in the top margin
            image.paste("white", (0, 0, image.width, round(50 * pages.PIXELS_PER_POINT)))
        left, top, right, bottom = pages.ink(image)
        lefts.append(left / MM)
        tops.append(top / MM)
        rights.append((595 - right) / MM)
        assert (842 - bottom) / MM >= 20
    # A line may end before the margin, none after it; the widest shows where the margin is.
    assert 30 <= min(lefts) <= 35
    assert 20 <= min(tops) <= 25
    assert 15 <= min(rights) <= 20


def test_a_full_page_reaches_down_to_the_bottom_margin(render_template):
    page = '<html lang="vi"><head><title>x</title><link rel="stylesheet" href="../_shared/print.css"></head><body>{}</body></html>'
    pdf = render_template(page.format("<p>Dòng chữ</p>" * 60)).pdf
    assert page_count(pdf) == 2
    assert 20 <= (842 - pages.ink(pages.picture(pdf))[3]) / MM <= 27  # 25 and what the last line leaves over


def test_the_page_number_stands_in_the_middle_of_the_top_margin_from_page_two_on(rendered):
    pdf = rendered("result", "divorced").pdf
    assert page_count(pdf) == 2
    strips = []
    for number in (1, 2):
        image = pages.picture(pdf, number)
        strips.append(image.crop((0, 0, image.width, round(55 * pages.PIXELS_PER_POINT))))
    assert pages.ink(strips[0]) is None
    left, top, right, bottom = pages.ink(strips[1])
    number = line(pdf, "2", page=2)
    assert number.size == pytest.approx(13, abs=0.6)
    assert (left + right) / 2 == pytest.approx(86 + 464 / 2, abs=1)
    assert top > 10
    assert bottom < 57


def test_box_1_the_national_title_at_the_upper_right(result):
    state = line(result, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = line(result, "Độc lập - Tự do - Hạnh phúc")
    assert 12 <= round(state.size, 1) <= 13
    assert 13 <= round(motto.size, 1) <= 14
    assert state.left > 595 / 2 - 15
    assert motto.middle == pytest.approx(state.middle, abs=1)
    assert motto.top > state.top
    # ruled as long as its text
    left, _, right, _ = rule_below(result, motto)
    assert left == pytest.approx(motto.left, abs=1)
    assert right == pytest.approx(motto.right, abs=1)


def test_box_2_the_agency_at_the_upper_left(result):
    agency = line(result, "PHƯỜNG THUẬN HÓA")
    assert 12 <= round(agency.size, 1) <= 13
    assert agency.right < line(result, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").left
    left, _, right, _ = rule_below(result, agency)
    assert 1 / 3 <= (right - left) / (agency.right - agency.left) <= 0.6
    assert (left + right) / 2 == pytest.approx(agency.middle, abs=1)


def test_boxes_3_and_4_number_and_date_on_one_line(result):
    number, place = line(result, "Số:"), line(result, "Thuận Hóa,")
    assert number.top == pytest.approx(place.top, abs=0.1)
    assert round(number.size, 1) == round(place.size, 1) == 13
    assert number.right < 272 < place.left
    assert number.top > line(result, "PHƯỜNG THUẬN HÓA").bottom


@pytest.mark.parametrize(("name", "label", "value"), [("number", "Số:", "05/N"), ("date", "Thuận Hóa,", "ăm 2026")])
def test_what_is_filled_in_stands_on_the_line_of_the_text_before_it(name, label, value, result):
    before = line(result, label)
    clean, filled = pages.picture(result), pages.picture(pages.with_text(result, {name: value}))
    left, _, _, bottom = pages.ink(filled, clean)
    words_before = clean.crop(
        [round(v * pages.PIXELS_PER_POINT) for v in (before.left, before.top, before.right, before.bottom)]
    )
    # "ố", "n" and "a" stand on the base line, as digits and "N" do; only a comma and a dot below go under it.
    base = before.top + 13 * 1825 / 2048
    assert pages.ink(words_before) is not None
    assert bottom == pytest.approx(base, abs=2 * DOT)
    assert 1 < left - before.right < 8


@pytest.mark.parametrize(
    "agency",
    [
        {"parent_name": "Thành phố Huế"},
        {"name": "ỦY BAN NHÂN DÂN XÃ A LƯỚI 1", "parent_name": "ỦY BAN NHÂN DÂN THÀNH PHỐ HUẾ"},
        {"name": "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG THÀNH PHỐ HUẾ", "place": "Huế"},
    ],
    ids=["with parent", "with a long parent", "with a long name"],
)
def test_fields_stand_on_their_line_below_any_agency(agency, context):
    context["agency"] |= agency
    pdf = WeasyPrintRenderer().render(request_for("result", context)).pdf
    test_what_is_filled_in_stands_on_the_line_of_the_text_before_it("number", "Số:", "05/N", pdf)
    label = f"{context['agency']['place']},"
    test_what_is_filled_in_stands_on_the_line_of_the_text_before_it("date", label, "ăm 2026", pdf)
    # to a hundredth of a point: the boxes were not rounded
    _, top, _, _ = pages.place(pdf, "number")
    assert line(pdf, "Số:").top + 13 * 1825 / 2048 == pytest.approx(top + 13, abs=0.02)


@pytest.mark.parametrize(("name", "value"), [("number", "9999/UBND-XNTTHN"), ("date", "ngày 28 tháng 02 năm 2026")])
def test_the_longest_values_fit_their_field(name, value, result):
    left, top, right, bottom = pages.ink(pages.picture(pages.with_text(result, {name: value})), pages.picture(result))
    field = pages.place(result, name)
    assert field[0] <= left
    assert right <= field[2]
    assert field[1] <= top
    assert bottom <= field[3]


def test_box_5_the_title_in_the_middle(result):
    title = line(result, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")
    assert 13 <= round(title.size, 1) <= 14
    assert title.middle == pytest.approx(86 + 464 / 2, abs=1)
    left, _, right, _ = rule_below(result, title)
    assert 1 / 3 <= (right - left) / (title.right - title.left) <= 1 / 2


def test_box_6_the_body_indented_justified_and_large_enough(result):
    first = line(result, "Xét đề nghị")
    assert (first.left - 86) / MM == pytest.approx(10, abs=0.2)
    assert 13 <= round(first.size, 1) <= 14
    level = [word.box for word in pages.words(result) if word.page == 1 and abs(word.box[1] - first.top) < DOT]
    assert max(right for _, _, right, _ in level) == pytest.approx(550, abs=1)


@pytest.mark.parametrize("case", CASES)
def test_boxes_7_authority_signature_and_name_one_below_the_other(case, rendered):
    pdf = rendered("result", case).pdf
    page = page_count(pdf)
    title, name = line(pdf, "CHỦ TỊCH", page), line(pdf, "Nguyễn Phước Bửu Lâm", page)
    left, top, right, bottom = pages.place(pdf, "official")
    assert title.bottom <= top
    assert bottom <= name.top
    assert (left + right) / 2 == pytest.approx(title.middle, abs=1)
    assert name.middle == pytest.approx(title.middle, abs=1)
    assert title.left > 595 / 2
    assert 13 <= round(title.size, 1) <= 14
    assert 13 <= round(name.size, 1) <= 14
    # halfway between title and name
    assert top - title.bottom == pytest.approx(name.top - bottom, abs=6)


@pytest.mark.parametrize("case", CASES)
def test_box_8_the_seal_covers_the_left_third_of_the_signature(case, rendered):
    pdf = rendered("result", case).pdf
    page = page_count(pdf)
    clean = pages.picture(pdf, page)
    signature = pages.ink(pages.picture(pages.with_paint(pdf, "official", OFFICIAL), page), clean)
    seal = pages.ink(pages.picture(pages.with_paint(pdf, "seal", SEAL), page), clean)
    width = signature[2] - signature[0]
    assert seal[0] < signature[0] < seal[2] < signature[2]
    assert (seal[2] - signature[0]) / width == pytest.approx(1 / 3, abs=0.02)
    assert (seal[1] + seal[3]) / 2 == pytest.approx((signature[1] + signature[3]) / 2, abs=1)


def test_the_seal_has_its_real_size_and_covers_no_text(result, rendered):
    for pdf in (result, rendered("receipt", "never-married").pdf):
        left, top, right, bottom = pages.place(pdf, "seal")
        assert (right - left) / MM == pytest.approx(35, abs=0.5)
        assert right - left == bottom - top
        clean = pages.picture(pdf)
        corner = clean.crop([round(value * pages.PIXELS_PER_POINT) for value in (left, top, right, bottom)])
        assert pages.ink(corner) is None


def test_box_9_recipients_at_the_left_of_the_signature(result):
    heading, last = line(result, "Nơi nhận:"), line(result, "- Lưu: VT,")
    assert heading.size == pytest.approx(12, abs=0.1)
    assert last.size == pytest.approx(11, abs=0.1)
    assert heading.left == pytest.approx(86, abs=1)
    assert last.top > heading.top


def test_box_14_a_copy_is_certified_at_the_upper_right_corner_of_page_1(rendered):
    pdf = rendered("result", "divorced").pdf
    left, top, right, bottom = pages.place(pdf, "copy")
    assert right == pytest.approx(550, abs=1)
    assert left > 595 / 2
    assert 10 < top < bottom < line(pdf, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").top
    document = pages.opened(pdf)
    assert pages.fields(document)["copy"].P.objgen == document.pages[0].objgen


def test_receipt_the_code_is_large_enough_to_scan_and_beside_the_text(rendered):
    pdf = rendered("receipt", "never-married").pdf
    image = pages.picture(pdf)
    top = line(pdf, "Tiếp nhận hồ sơ của:").top
    left = 460
    corner = image.crop([round(value * pages.PIXELS_PER_POINT) for value in (left, top, 550, top + 92)])
    box = pages.ink(corner)
    assert (box[2] - box[0]) / MM >= 20
    assert box[2] - box[0] == pytest.approx(box[3] - box[1], abs=1)


def test_receipt_the_usual_one_has_one_page_and_the_seal_is_at_the_receiver(rendered):
    pdf = rendered("receipt", "never-married").pdf
    assert page_count(pdf) == 1
    heading, name = line(pdf, "NGƯỜI TIẾP NHẬN HỒ SƠ"), line(pdf, "Hồ Thị Diệu Hiền")
    left, top, right, bottom = pages.place(pdf, "seal")
    assert heading.bottom < top < bottom <= name.top + 1
    assert heading.left - 40 < left < right < heading.right


@pytest.mark.parametrize("case", CASES)
def test_a_signature_never_stands_alone_on_a_page(case, rendered):
    for kind, text in (("result", "được sử dụng để:"), ("application", "Tôi cam đoan")):
        pdf = rendered(kind, case).pdf
        assert line(pdf, text, page_count(pdf))


def rule_below(pdf: bytes, above: Line) -> pages.Box:
    """The ruled line under a line of text: rows with a run of dark dots longer than any letter is wide."""
    frame = (above.left - 30, above.bottom - 2, above.right + 30, above.bottom + 8)
    image = pages.picture(pdf).convert("L").crop([round(value * pages.PIXELS_PER_POINT) for value in frame])
    pixels = image.load()
    runs = []
    for y in range(image.height):
        dark = [x for x in range(image.width) if pixels[x, y] < 128]
        if len(dark) > 80 and dark[-1] - dark[0] == len(dark) - 1:
            left, right = dark[0] * DOT + frame[0], (dark[-1] + 1) * DOT + frame[0]
            runs.append((left, y * DOT + frame[1], right, (y + 1) * DOT + frame[1]))
    assert runs, "there is no rule below the text"
    assert len(runs) <= 3, "the rule is a bar"
    return runs[0]
