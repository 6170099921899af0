"""What is never signed: a file in which something is hidden, or that is not what its makers wrote."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Protocol

from chauban.errors.documents import SigningError


class Fault(Protocol):
    """One thing that speaks against signing a file."""

    @property
    def code(self) -> str:
        """A stable word."""
        ...

    @property
    def place(self) -> str:
        """Where in the file, in the file's own terms."""
        ...

    def detail(self, language: str) -> str:
        """What was found, in `language`, with its place."""
        ...


class UnsafeToSign(SigningError):
    """`faults` are all that was found; `reason` is the code of the first of them."""

    code, status = "unsafe-to-sign", 409
    title = MappingProxyType({"vi": "Văn bản không an toàn để ký.", "en": "The file is not safe to sign."})
    text = MappingProxyType(
        {
            "vi": (
                "Văn bản chưa được ký vì tệp không giống tệp do hệ thống tạo ra: {found}. Hãy trả dự thảo lại để tạo tệp mới; nếu "
                "lỗi lặp lại, hãy báo quản trị viên."
            ),
            "en": (
                "The file was not signed, for it is not as the service makes files: {found}. Return the draft so that a new file "
                "is made; if it happens again, tell an administrator."
            ),
        }
    )

    def __init__(self, faults: Sequence[Fault] = (), *, found: str = "") -> None:
        self.faults, self._found = tuple(faults), found
        super().__init__(reason=faults[0].code if faults else "unknown")

    def detail(self, language: str) -> str:
        """The text in `language` with every finding."""
        found = "; ".join(fault.detail(language) for fault in self.faults)
        return self.text[language].format(found=found or self._found)

    def members(self, language: str) -> dict[str, object]:
        """Each finding by itself."""
        return {
            "findings": [
                {"code": fault.code, "place": fault.place, "detail": fault.detail(language)} for fault in self.faults
            ]
        }
