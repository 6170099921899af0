"""Published form versions: in S3 for the service, in a folder for tools and tests.

A version is there when its definition is. The definition's object says, as metadata, which print files belong to it and when it
was published; print files bear their hash, so that those of an interrupted publication are in nobody's way.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from chauban.adapters.memory import Remembered
from chauban.dossiers.numbering import local_day
from chauban.errors import ChaubanError, NotFound
from chauban.forms import packaging
from chauban.forms.definition import FormDefinition
from chauban.forms.withdrawal import Withdrawal, pack_withdrawal
from chauban.ports import Clock

LISTED = timedelta(seconds=30)
FOR_EVER = timedelta(days=365)
PREFIX = "forms/"
DEFINITION, WITHDRAWN = "definition.json", "withdrawn.json"
# Names in the metadata of a definition.
PRINT, PUBLISHED_AT = "print", "published-at"


class AlreadyPublished(ChaubanError):
    """A version was published before with other bytes."""

    code, status = "form-already-published", 409
    text = MappingProxyType(
        {
            "vi": "{key} đã được công bố với nội dung khác và không thay đổi được nữa. Hãy công bố một phiên bản mới.",
            "en": "{key} was published before with other content and never changes. Publish a new version.",
        }
    )


class _Published(NamedTuple):
    """A definition with what its object says of it."""

    form: FormDefinition
    print_name: str
    at: datetime


class S3Forms:
    """A `FormLibrary`: the list is at most half a minute old, a version is read once."""

    def __init__(self, client: Any, bucket: str, clock: Clock) -> None:
        self._client = client
        self._bucket = bucket
        self._listed = Remembered(clock, LISTED, self._list)
        self._clock = clock
        self._published = Remembered(clock, FOR_EVER, self._find)
        self._prints = Remembered(clock, FOR_EVER, lambda key: packaging.unpack_print(self._read(key)))

    def all(self) -> tuple[FormDefinition, ...]:
        """See `FormLibrary.all`."""
        return tuple(self._published(key).form for key in self._keys(DEFINITION))

    def taking(self, slug: str | None = None) -> tuple[FormDefinition, ...]:
        """See `FormLibrary.taking`; the definitions of other forms are not even read."""
        wanted = f"{PREFIX}{slug}/" if slug else PREFIX
        closed = {key.removesuffix(WITHDRAWN) for key in self._keys(WITHDRAWN)}
        keys = (key for key in self._keys(DEFINITION) if key.startswith(wanted))
        return tuple(self._published(key).form for key in keys if key.removesuffix(DEFINITION) not in closed)

    def version(self, slug: str, version: str) -> FormDefinition:
        """See `FormLibrary.version`."""
        return self._version(slug, version).form

    def in_force_from(self, form: FormDefinition) -> date:
        """See `FormLibrary.in_force_from`."""
        return max(form.head.valid_from, local_day(self._version(form.slug, form.version).at))

    def _version(self, slug: str, version: str) -> _Published:
        try:
            return self._published(_key(slug, version, DEFINITION))
        except ClientError as absent:
            # S3 says 403 for what is not there to those who may list only some prefixes.
            if absent.response["Error"]["Code"] not in {"NoSuchKey", "AccessDenied"}:
                raise
            raise NotFound from absent

    def print_files(self, slug: str, version: str) -> Mapping[str, bytes]:
        """See `FormLibrary.print_files`."""
        return self._prints(_key(slug, version, self._version(slug, version).print_name))

    def publish(self, forms: Path, folder: Path) -> None:
        """Publishes a version from disk: the print files first, since a definition that is there is in use.

        Raises `AlreadyPublished` where the version exists with other bytes; the same bytes change nothing. Whatever was left by
        a publication that ended before its definition was written does not count.
        """
        form, prints = packaging.read_definition(folder), packaging.pack_print(forms, folder)
        name = _print_name(prints)
        with suppress(AlreadyPublished):
            self._put(_key(form.slug, form.version, name), prints)
        said = {PRINT: name, PUBLISHED_AT: self._clock.now().isoformat()}
        try:
            self._put(_key(form.slug, form.version, DEFINITION), packaging.pack_definition(form), said)
        except AlreadyPublished:
            self._expect_same(form, prints)
        self._listed.forget()

    def is_published(self, forms: Path, folder: Path) -> bool:
        """Whether exactly this version is there; raises `AlreadyPublished` where it is there with other bytes."""
        form = packaging.read_definition(folder)
        if _key(form.slug, form.version, DEFINITION) not in self._listed(PREFIX):
            return False
        self._expect_same(form, packaging.pack_print(forms, folder))
        return True

    def _expect_same(self, form: FormDefinition, prints: bytes) -> None:
        """Raises `AlreadyPublished` where the published version is another."""
        key = _key(form.slug, form.version, DEFINITION)
        name = self._find(key).print_name
        printed = name == _print_name(prints) or self._read(_key(form.slug, form.version, name)) == prints
        if not printed or not packaging.same_definition(self._read(key), packaging.pack_definition(form)):
            raise AlreadyPublished(key=key)

    def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Closes a version to new filings, for good; False where it was withdrawn before. Raises `NotFound`."""
        self.version(withdrawal.slug, withdrawal.version)
        key = _key(withdrawal.slug, withdrawal.version, WITHDRAWN)
        if key in self._listed(PREFIX):
            return False
        with suppress(AlreadyPublished):
            self._put(key, pack_withdrawal(withdrawal))
        self._listed.forget()
        return True

    def _keys(self, name: str) -> tuple[str, ...]:
        return tuple(key for key in self._listed(PREFIX) if key.endswith("/" + name))

    def _list(self, prefix: str) -> tuple[str, ...]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return tuple(entry["Key"] for page in pages for entry in page.get("Contents", ()))

    def _find(self, key: str) -> _Published:
        """The definition at a key; what it does not say of itself, its object does."""
        answer = self._client.get_object(Bucket=self._bucket, Key=key)
        said, form = answer["Metadata"], packaging.unpack_definition(answer["Body"].read())
        at = datetime.fromisoformat(said[PUBLISHED_AT]) if PUBLISHED_AT in said else answer["LastModified"]
        return _Published(form, said.get(PRINT, "print.zip"), at)

    def _read(self, key: str) -> bytes:
        content: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return content

    def _put(self, key: str, content: bytes, said: Mapping[str, str] = MappingProxyType({})) -> None:
        """Writes an object; raises `AlreadyPublished` where it is there, with whatever content."""
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, IfNoneMatch="*", Metadata=dict(said))
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] != "PreconditionFailed":
                raise
            raise AlreadyPublished(key=key) from refusal


class FolderForms:
    """A `FormLibrary` read from `forms/` on disk."""

    def __init__(self, forms: Path) -> None:
        self._forms = forms

    def all(self) -> tuple[FormDefinition, ...]:
        """See `FormLibrary.all`."""
        return tuple(packaging.read_definition(folder) for folder in packaging.versions(self._forms))

    def taking(self, slug: str | None = None) -> tuple[FormDefinition, ...]:
        """See `FormLibrary.taking`; on disk nothing is withdrawn."""
        return tuple(form for form in self.all() if slug in (None, form.slug))

    def version(self, slug: str, version: str) -> FormDefinition:
        """See `FormLibrary.version`."""
        folder = self._forms / slug / version
        if not (folder / "form.yaml").is_file():
            raise NotFound
        return packaging.read_definition(folder)

    def in_force_from(self, form: FormDefinition) -> date:
        """See `FormLibrary.in_force_from`; on disk a version counts as published in time."""
        return form.head.valid_from

    def print_files(self, slug: str, version: str) -> Mapping[str, bytes]:
        """See `FormLibrary.print_files`."""
        return packaging.unpack_print(packaging.pack_print(self._forms, self._forms / slug / version))


def _print_name(content: bytes) -> str:
    return f"print-{hashlib.sha256(content).hexdigest()}.zip"


def _key(slug: str, version: str, name: str) -> str:
    return f"{PREFIX}{slug}/{version}/{name}"
