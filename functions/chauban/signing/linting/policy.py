"""What a document of the service may consist of: its fields, its embedded files, its links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SIGNATURE, TEXT = "Sig", "Tx"
# The fields of a certified copy and of an annex, which are signed in words, the one that has the number, and the name under which a
# copy embeds its source.
COPY, ANNEX, NUMBER = "copy", "annex", "number"
SOURCE, DATA = "ban-goc.pdf", "data.json"
# By name: the media type of an embedded source, and how its bytes may begin.
SOURCES: Mapping[str, tuple[str, tuple[bytes, ...]]] = MappingProxyType(
    {
        SOURCE: ("application/pdf", (b"%PDF-",)),
        "ban-goc.jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
        "ban-goc.png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
        "ban-goc.tif": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    }
)


@dataclass(frozen=True)
class LintPolicy:
    """The names of the fields by type; embedded files by their relationship (ISO 32000-2, 14.13); how links may begin.

    `profiles` are the SHA-256 of the colour profiles that documents are made with (WeasyPrint's sRGB).

    `overlapping` are pairs of signature fields of which one may lie over the other: a seal covers a part of the signature."""

    signatures: frozenset[str] = frozenset({"official", "official2", "seal", COPY, ANNEX})
    texts: frozenset[str] = frozenset({NUMBER, "date"})
    files: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({DATA: "Data", **dict.fromkeys(SOURCES, "Source")})
    )
    profiles: frozenset[str] = frozenset({"384b832de3412066743b52a75ee906b6fb9fb8d9e09e936fc2c43223815c6e0a"})
    links: tuple[str, ...] = ("https://", "mailto:", "tel:")
    overlapping: frozenset[frozenset[str]] = frozenset(
        {frozenset({"official", "seal"}), frozenset({"official2", "seal"})}
    )

    def kind(self, name: str) -> str | None:
        """The type of the field of that name; None for a name that no field of ours has."""
        return SIGNATURE if name in self.signatures else TEXT if name in self.texts else None
