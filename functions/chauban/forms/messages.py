"""A fault found by the schema, as a sentence that says what to do, in Vietnamese and English."""

from collections.abc import Mapping, Sequence
from typing import Any

Texts = Mapping[str, Mapping[str, Any]]

_SENTENCES = {
    "required": ("Vui lòng điền mục “{label}”.", "Please fill in '{label}'."),
    "additionalProperties": (
        "Mục “{label}” không có trong mẫu đơn. Vui lòng bỏ mục này.",
        "The form has no entry '{label}'. Please leave it out.",
    ),
    "unevaluatedProperties": (
        "Mục “{label}” không có trong mẫu đơn. Vui lòng bỏ mục này.",
        "The form has no entry '{label}'. Please leave it out.",
    ),
    "maxLength": (
        "Mục “{label}” dài quá {limit} ký tự. Vui lòng viết ngắn lại.",
        "'{label}' is longer than {limit} characters. Please shorten it.",
    ),
    "minLength": (
        "Mục “{label}” cần ít nhất {limit} ký tự. Vui lòng điền đầy đủ.",
        "'{label}' needs at least {limit} characters. Please complete it.",
    ),
    "pattern": (
        "Mục “{label}” chưa đúng cách ghi. Vui lòng kiểm tra lại từng ký tự.",
        "'{label}' is not written in the expected way. Please check each character.",
    ),
    "enum": (
        "Mục “{label}” có giá trị ngoài danh sách. Vui lòng chọn một giá trị cho sẵn.",
        "'{label}' has a value outside the list. Please choose one of those offered.",
    ),
    "const": (
        "Mục “{label}” phải giữ giá trị cho sẵn.",
        "'{label}' must keep its given value.",
    ),
    "type": (
        "Mục “{label}” chưa đúng kiểu dữ liệu. Vui lòng điền lại.",
        "'{label}' has the wrong type of value. Please fill it in again.",
    ),
    "minimum": ("Mục “{label}” phải từ {limit} trở lên.", "'{label}' must be {limit} or more."),
    "maximum": ("Mục “{label}” phải từ {limit} trở xuống.", "'{label}' must be {limit} or less."),
    "minItems": (
        "Mục “{label}” cần ít nhất {limit} dòng. Vui lòng thêm dòng.",
        "'{label}' needs at least {limit} entries. Please add some.",
    ),
    "maxItems": (
        "Mục “{label}” có quá {limit} dòng. Vui lòng bỏ bớt.",
        "'{label}' has more than {limit} entries. Please remove some.",
    ),
}

_FORMATS = {
    "date": (
        "Mục “{label}” phải là một ngày có thật, viết theo dạng 2026-01-31 (năm-tháng-ngày).",
        "'{label}' must be a real date, written like 2026-01-31 (year-month-day).",
    ),
    "email": (
        "Mục “{label}” phải là một địa chỉ thư điện tử, ví dụ ten@vidu.vn.",
        "'{label}' must be an e-mail address, such as name@example.vn.",
    ),
}

_OTHERWISE = (
    "Mục “{label}” chưa hợp lệ. Vui lòng kiểm tra và điền lại.",
    "'{label}' is not valid. Please check it and fill it in again.",
)


def explain(keyword: str, details: Mapping[str, Any], place: Sequence[str], texts: Texts) -> dict[str, str]:
    """The sentences for a fault: `keyword` and `details` as the validator names them, `place` the path of the value.

    Labels come from `texts[language]["labels"]` by dotted path without list positions; a value without one is named by its path.
    """
    chosen = (
        _FORMATS.get(str(details.get("format")), _OTHERWISE)
        if keyword == "format"
        else _SENTENCES.get(keyword, _OTHERWISE)
    )
    path = ".".join(part for part in place if not part.isdigit())
    return {
        language: sentence.format(label=_label(texts, language, path), limit=details.get("limit", ""))
        for language, sentence in zip(("vi", "en"), chosen, strict=True)
    }


def _label(texts: Texts, language: str, path: str) -> str:
    return str(texts.get(language, {}).get("labels", {}).get(path, path or "answers"))
