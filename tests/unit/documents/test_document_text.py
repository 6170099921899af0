"""What a machine, or a screen reader, reads out of the pages: Vietnamese, precomposed, complete."""

import copy
import unicodedata

import pytest
from chauban.documents.rendering import WeasyPrintRenderer

from tests.unit.documents import pages
from tests.unit.documents.conftest import CASES, context_of, request_for, sample

STATUS = {
    "never-married": "Chưa đăng ký kết hôn với ai.",
    "married": "Hiện tại đang có vợ là bà ĐỖ THỊ ƯỚC",
    "divorced": "Đã đăng ký kết hôn, nhưng đã ly hôn theo Quyết định công nhận thuận tình ly hôn số 214/2019/QĐST-HNGĐ "
    "ngày 08 tháng 3 năm 2019",
    "widowed": "Đã đăng ký kết hôn, nhưng vợ đã chết (Trích lục khai tử số 118/TLKT",
}


def flowing(pdf: bytes) -> str:
    return " ".join(pages.text(pdf).split())


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", ["application", "result"])
def test_each_case_is_put_into_words(kind, case, rendered):
    text = pages.flowing(rendered(kind, case).pdf)
    answers = sample(case)["answers"]
    assert STATUS[case] in text
    assert answers["subject"]["full_name"].upper() in text
    assert answers["subject"]["residence"] in text
    assert answers["purpose"] in text


def test_a_result_has_the_words_of_the_form(rendered):
    text = flowing(rendered("result", "never-married").pdf)
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
        "Xét đề nghị của ông/bà NGUYỄN THỊ AN",
        "XÁC NHẬN:",
        "Trong thời gian cư trú tại 12 Lê Lợi",
        "Giấy này có giá trị sử dụng trong thời hạn 6 tháng, kể từ ngày cấp, được sử dụng để: đăng ký kết hôn./.",
        "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH",
        "Nơi nhận:",
    ):
        assert part in text


def test_a_receipt_says_all_that_the_form_asks(rendered):
    text = flowing(rendered("receipt", "never-married").pdf)
    for part in (
        "H57.40.01-260105-0007",
        "Tiếp nhận hồ sơ của: NGUYỄN THỊ AN",
        "Chủ hồ sơ: NGUYỄN THỊ AN",
        "Hình thức nộp: Trực tuyến",
        "Địa chỉ: 12 Lê Lợi, phường Thuận Hóa, thành phố Huế",
        "Số điện thoại: 0905 123 456",
        "Nội dung yêu cầu giải quyết: Cấp Giấy xác nhận tình trạng hôn nhân",
        "Số lượng hồ sơ: 01 (bộ)",
        "24 giờ làm việc (3 ngày làm việc)",
        "Thời gian nhận hồ sơ: 09 giờ 09 phút, ngày 05/01/2026",
        "09 giờ 09 phút, ngày 08/01/2026",
        "https://tra-cuu.example/H57.40.01-260105-0007",
        "Hồ Thị Diệu Hiền",
    ):
        assert part in text


@pytest.mark.parametrize("kind", ["application", "receipt", "result"])
def test_decomposed_input_gives_the_same_file_as_precomposed(kind, rendered):
    context = decomposed(context_of("divorced"))
    assert context != context_of("divorced")
    request = request_for(kind, context_of("divorced"))
    made = WeasyPrintRenderer().render(request.__class__(**{**vars(request), "context": context}))
    assert made.sha256 == rendered(kind, "divorced").sha256


def test_extracted_text_is_precomposed_with_the_letter_đ_in_both_sizes(context):
    context["answers"]["subject"]["full_name"] = unicodedata.normalize("NFD", "Đặng Đình Đường Quỳnh")
    text = flowing(WeasyPrintRenderer().render(request_for("result", context)).pdf)
    assert "ĐẶNG ĐÌNH ĐƯỜNG QUỲNH" in text
    assert text == unicodedata.normalize("NFC", text)
    assert "đ" in text


def test_a_name_in_capitals_stays_one(context):
    context["answers"]["subject"]["full_name"] = "ĐOÀN ƯỚC Ỷ"
    assert "ĐOÀN ƯỚC Ỷ" in flowing(WeasyPrintRenderer().render(request_for("result", context)).pdf)


def test_a_deputy_signs_for_the_chairman(context):
    context["official"] = {**context["official"], "capacity": "KT. CHỦ TỊCH", "title": "PHÓ CHỦ TỊCH"}
    text = flowing(WeasyPrintRenderer().render(request_for("result", context)).pdf)
    assert "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH" in text


def decomposed(value):
    if isinstance(value, str):
        return unicodedata.normalize("NFD", value)
    if isinstance(value, dict):
        return {key: decomposed(item) for key, item in copy.copy(value).items()}
    return [decomposed(item) for item in value] if isinstance(value, list) else value
