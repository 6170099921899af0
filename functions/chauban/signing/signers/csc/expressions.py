"""What the holder must give by an authorisation expression of version 2, such as `PIN AND OTP` or `(OTP OR BIO) AND PIN`."""

import re
from collections.abc import Collection
from itertools import combinations

from chauban.errors import ProviderAnswerUnusable

_TOKEN = re.compile(r"\s*(?:([()])|([A-Za-z0-9_.-]+))")
_MOST_TOKENS = 64


def fewest(expression: str, askable: Collection[str]) -> frozenset[str]:
    """The smallest set of the `askable` ids (lower case) that fulfils it; ties go by the alphabet's end, PIN before OTP.

    Raises `ProviderAnswerUnusable` where no such set does, and for what is no expression of AND, OR and brackets.
    """
    tokens = _tokens(expression)
    names = sorted(askable, reverse=True)
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            reader = _Reader(tokens, frozenset(chosen))
            if reader.whole():
                return frozenset(chosen)
    raise ProviderAnswerUnusable(reason="authorisation-not-known")


def _tokens(expression: str) -> list[str]:
    found: list[str] = []
    at = 0
    text = expression.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or len(found) == _MOST_TOKENS:
            raise ProviderAnswerUnusable(reason="authorisation-not-known")
        found.append((match.group(1) or match.group(2)).lower())
        at = match.end()
    return found


class _Reader:
    """Evaluates by recursive descent: OR binds less than AND, as is usual."""

    def __init__(self, tokens: list[str], given: frozenset[str]) -> None:
        self._tokens = tokens
        self._given = given
        self._at = 0

    def whole(self) -> bool:
        value = self._any()
        if self._at != len(self._tokens):
            raise ProviderAnswerUnusable(reason="authorisation-not-known")
        return value

    def _any(self) -> bool:
        values = [self._all()]
        while self._next_is("or"):
            values.append(self._all())
        return any(values)

    def _all(self) -> bool:
        values = [self._one()]
        while self._next_is("and"):
            values.append(self._one())
        return all(values)

    def _one(self) -> bool:
        if self._next_is("("):
            value = self._any()
            if not self._next_is(")"):
                raise ProviderAnswerUnusable(reason="authorisation-not-known")
            return value
        if self._at == len(self._tokens) or self._tokens[self._at] in (")", "and", "or"):
            raise ProviderAnswerUnusable(reason="authorisation-not-known")
        self._at += 1
        return self._tokens[self._at - 1] in self._given

    def _next_is(self, token: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == token
        self._at += found
        return found
