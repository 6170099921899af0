"""The sentences that tell a change between two versions of a form."""

from collections.abc import Mapping

_SENTENCES = {
    "field-removed": ("Mục “{label}” không còn nữa.", "'{label}' is no longer asked for."),
    "field-added": ("Có thêm mục “{label}” (không bắt buộc).", "'{label}' is new and optional."),
    "field-added-required": ("Có thêm mục bắt buộc “{label}”.", "'{label}' is new and has to be filled in."),
    "kind-changed": (
        "Mục “{label}” đổi kiểu dữ liệu hoặc cách ghi.",
        "'{label}' has another type or way of writing.",
    ),
    "now-required": ("Mục “{label}” nay là bắt buộc.", "'{label}' now has to be filled in."),
    "now-optional": (
        "Mục “{label}” nay không bắt buộc: dữ liệu có thể không có mục này.",
        "'{label}' is now optional: the data may lack it.",
    ),
    "rule-changed": (
        "Điều kiện hiện mục “{label}” đã đổi.",
        "The condition on which '{label}' is shown or required has changed.",
    ),
    "limit-changed": (
        "Giới hạn của mục “{label}” ({limit}) đổi từ {was} thành {now}.",
        "The limit of '{label}' ({limit}) changed from {was} to {now}.",
    ),
    "option-removed": (
        "Mục “{label}” không còn lựa chọn “{value}”.",
        "'{label}' no longer offers '{value}'.",
    ),
    "option-added": (
        "Mục “{label}” có thêm lựa chọn “{value}”, giá trị mà chương trình đọc dữ liệu chưa biết.",
        "'{label}' also offers '{value}', a value that readers of the data do not know yet.",
    ),
    "text-changed": (
        "Lời ghi “{was}” nay là “{now}”.",
        "The Vietnamese text “{was}” now reads “{now}”.",
    ),
    "head-changed": ("“{label}” đổi từ “{was}” thành “{now}”.", "'{label}' changed from '{was}' to '{now}'."),
    "head-part-changed": ("“{label}” trong form.yaml đã đổi.", "'{label}' in form.yaml has changed."),
}


def sentences(code: str, labels: Mapping[str, str], values: Mapping[str, object]) -> dict[str, str]:
    """The sentence for a change in each language."""
    return {
        language: sentence.format(label=labels[language], **values)
        for language, sentence in zip(("vi", "en"), _SENTENCES[code], strict=True)
    }
