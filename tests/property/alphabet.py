"""The characters that generated text is made of, and patterns of JSON Schema as patterns of Python."""

import re
import unicodedata

# All letters of Vietnamese, of the Latin alphabets of Ê Đê, Ba Na and their neighbours, some Greek and Cyrillic.
_LETTERS = (
    "AaĂăÂâBbCcDdĐđEeÊêGgHhIiKkLlMmNnOoÔôƠơPpQqRrSsTtUuƯưVvXxYyFfJjWwZz"
    "ÀÁẢÃẠàáảãạẰẮẲẴẶằắẳẵặẦẤẨẪẬầấẩẫậÈÉẺẼẸèéẻẽẹỀẾỂỄỆềếểễệÌÍỈĨỊìíỉĩịÒÓỎÕỌòóỏõọ"
    "ỒỐỔỖỘồốổỗộỜỚỞỠỢờớởỡợÙÚỦŨỤùúủũụỪỨỬỮỰừứửữựỲÝỶỸỴỳýỷỹỵ"
    "ŎŏĔĕĬĭŬŭČčÑñØøßÆæΑαΩωЖжЯя"
)
_OTHERS = " 0123456789.,;:'’-–/()&%+\"!?…"
ALPHABET = "".join(dict.fromkeys(_LETTERS + _OTHERS))

_PROPERTY = re.compile(r"\\p\{(?P<category>[A-Z][a-z]?)\}")


def python_pattern(pattern: str) -> str:
    """The same pattern for Python, whose `re` knows no `\\p{...}`: written out with the characters of the alphabet.

    A category that the alphabet has no character of (controls, in a class of what is not allowed) stands for NUL.
    """

    def written_out(match: re.Match[str]) -> str:
        found = (char for char in ALPHABET if unicodedata.category(char).startswith(match["category"]))
        return "".join(map(re.escape, found)) or r"\x00"

    return _PROPERTY.sub(written_out, pattern)
