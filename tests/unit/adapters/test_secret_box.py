"""What is sealed opens with its own context only, and KMS is told what for."""

from collections.abc import Callable
from typing import Any

import pytest
from chauban.adapters.secret_box import KmsBox
from chauban.errors import SigningError
from chauban.signing.sessions.authorising import context_of

CONTEXT = context_of("session-1", "authorisation-1")


@pytest.fixture
def box(aws: Callable[[str], Any]) -> KmsBox:
    kms = aws("kms")
    return KmsBox(kms, kms.create_key()["KeyMetadata"]["Arn"])


def test_a_text_comes_back_and_shows_nothing_of_itself(box: KmsBox) -> None:
    # Tokens of providers may be longer than what KMS encrypts by itself (4 KB).
    text = "một ủy quyền " * 1000
    sealed = box.seal(text, CONTEXT)
    assert box.open(sealed, CONTEXT) == text
    assert "quyền" not in sealed
    assert sealed != box.seal(text, CONTEXT)


@pytest.mark.parametrize("other", [context_of("session-2", "authorisation-1"), context_of("session-1", "login"), {}])
def test_another_context_opens_nothing(box: KmsBox, other: dict[str, str]) -> None:
    with pytest.raises(SigningError, match="sealed-otherwise"):
        box.open(box.seal("bí mật", CONTEXT), other)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_what_was_changed_opens_no_more(box: KmsBox, part: int) -> None:
    pieces = box.seal("bí mật", CONTEXT).split(".")
    other = box.seal("khác", CONTEXT).split(".")
    pieces[part] = other[part]
    with pytest.raises(SigningError):
        box.open(".".join(pieces), CONTEXT)
    for broken in ("", "a.b", "không phải"):
        with pytest.raises(SigningError):
            box.open(broken, CONTEXT)


def test_kms_is_told_the_context(box: KmsBox) -> None:
    seen: list[dict[str, Any]] = []

    class Listening:
        def __getattr__(self, name: str) -> Any:
            def call(**arguments: Any) -> Any:
                seen.append({"call": name, **arguments})
                return getattr(box.client, name)(**arguments)

            return call

    listened = KmsBox(Listening(), box.key)
    listened.open(listened.seal("bí mật", CONTEXT), CONTEXT)
    assert [one["call"] for one in seen] == ["generate_data_key", "decrypt"]
    assert all(one["EncryptionContext"] == CONTEXT and one["KeyId"] == box.key for one in seen)
