"""Published form versions: in S3 for the service, in a folder for tools and tests."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from botocore.exceptions import ClientError

from chauban.adapters.memory import Remembered
from chauban.errors import ChaubanError, NotFound
from chauban.forms import packaging
from chauban.forms.definition import FormDefinition
from chauban.forms.withdrawal import Withdrawal, pack_withdrawal
from chauban.ports import Clock

LISTED = timedelta(seconds=30)
FOR_EVER = timedelta(days=365)
PREFIX = "forms/"
DEFINITION, PRINT, WITHDRAWN = "definition.json", "print.zip", "withdrawn.json"


class AlreadyPublished(ChaubanError):
    """A version was published before with other bytes."""

    code, status = "form-already-published", 409
    text = MappingProxyType(
        {
            "vi": "{key} đã được công bố với nội dung khác và không thay đổi được nữa. Hãy công bố một phiên bản mới.",
            "en": "{key} was published before with other content and never changes. Publish a new version.",
        }
    )


class S3Forms:
    """A `FormLibrary`: the list is at most half a minute old, a version is read once."""

    def __init__(self, client: Any, bucket: str, clock: Clock) -> None:
        self._client = client
        self._bucket = bucket
        self._listed = Remembered(clock, LISTED, self._list)
        self._definitions = Remembered(clock, FOR_EVER, lambda key: packaging.unpack_definition(self._read(key)))
        self._prints = Remembered(clock, FOR_EVER, lambda key: packaging.unpack_print(self._read(key)))

    def all(self) -> tuple[FormDefinition, ...]:
        """See `FormLibrary.all`."""
        return tuple(self._definitions(key) for key in self._keys(DEFINITION))

    def taking(self, slug: str | None = None) -> tuple[FormDefinition, ...]:
        """See `FormLibrary.taking`; the definitions of other forms are not even read."""
        wanted = f"{PREFIX}{slug}/" if slug else PREFIX
        closed = {key.removesuffix(WITHDRAWN) for key in self._keys(WITHDRAWN)}
        keys = (key for key in self._keys(DEFINITION) if key.startswith(wanted))
        return tuple(self._definitions(key) for key in keys if key.removesuffix(DEFINITION) not in closed)

    def version(self, slug: str, version: str) -> FormDefinition:
        """See `FormLibrary.version`."""
        try:
            return self._definitions(_key(slug, version, DEFINITION))
        except ClientError as absent:
            # S3 says 403 for what is not there to those who may list only some prefixes.
            if absent.response["Error"]["Code"] not in {"NoSuchKey", "AccessDenied"}:
                raise
            raise NotFound from absent

    def print_files(self, slug: str, version: str) -> Mapping[str, bytes]:
        """See `FormLibrary.print_files`."""
        return self._prints(_key(slug, version, PRINT))

    def publish(self, forms: Path, folder: Path) -> None:
        """Publishes a version from disk: the print files first, since a definition that is there is in use.

        Raises `AlreadyPublished` where the version exists with other bytes; the same bytes change nothing.
        """
        form = packaging.read_definition(folder)
        self._put(_key(form.slug, form.version, PRINT), packaging.pack_print(forms, folder))
        self._put(_key(form.slug, form.version, DEFINITION), packaging.pack_definition(form))
        self._listed.forget()

    def is_published(self, forms: Path, folder: Path) -> bool:
        """Whether exactly this version is there; raises `AlreadyPublished` where it is there with other bytes."""
        form = packaging.read_definition(folder)
        wanted = {PRINT: packaging.pack_print(forms, folder), DEFINITION: packaging.pack_definition(form)}
        keys = {_key(form.slug, form.version, name): content for name, content in wanted.items()}
        if _key(form.slug, form.version, DEFINITION) not in self._listed(PREFIX):
            return False
        for key, content in keys.items():
            if not _same(key, self._read(key), content):
                raise AlreadyPublished(key=key)
        return True

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

    def _read(self, key: str) -> bytes:
        content: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return content

    def _put(self, key: str, content: bytes) -> None:
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, IfNoneMatch="*")
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] != "PreconditionFailed":
                raise
            if not _same(key, self._read(key), content):
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

    def print_files(self, slug: str, version: str) -> Mapping[str, bytes]:
        """See `FormLibrary.print_files`."""
        return packaging.unpack_print(packaging.pack_print(self._forms, self._forms / slug / version))


def _same(key: str, published: bytes, content: bytes) -> bool:
    if key.endswith("/" + DEFINITION):
        return packaging.same_definition(published, content)
    return published == content


def _key(slug: str, version: str, name: str) -> str:
    return f"{PREFIX}{slug}/{version}/{name}"
