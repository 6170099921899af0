"""Credentials that are replaced as a department does it: by the command, with keys at a provider and in KMS."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from infra.local import drawings
from infra.local.devices import public_pem
from infra.local.trust import issue_certificate
from tests.integration.remote_keys import CSC_PIN
from tests.integration.running_stack import RunningStack

# The development provider once more, which here takes one document under an authorisation.
ONE_BY_ONE = "csc-mot-van-ban"


@dataclass(frozen=True)
class Keeper:
    """Somebody who keeps a stack's credentials, with a folder for files."""

    stack: RunningStack
    folder: Path

    def does(self, *arguments: str) -> str:
        """What a command says, which must succeed."""
        done = self.stack.chauban(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def knows_the_provider(self) -> None:
        """The catalogue has a record of `ONE_BY_ONE`."""
        catalogue = self.folder / "catalogue"
        shutil.copytree(self.stack.stack.folder.root / "catalogue", catalogue)
        file = catalogue / "providers.yaml"
        known = json.loads(file.read_text(encoding="utf-8"))
        usual = next(one for one in known if one["id"] == CSC_PIN)
        file.write_text(json.dumps([*known, {**usual, "id": ONE_BY_ONE, "most": 1, "per_call": 1}]), encoding="utf-8")
        self.does("catalogue", "load", *self._table, str(catalogue))

    def imports(self, person: str, name: str, key: str) -> str:
        """The id of a person's new credential at `ONE_BY_ONE`; its certificates come from the provider."""
        picture = self.folder / "picture.png"
        picture.write_bytes(drawings.signature(name))
        place = ("--provider", ONE_BY_ONE, "--key", key, "--account", person, *self._roots)
        bucket = ("--bucket", self.stack.resource("FormsBucket"), "--appearance", str(picture))
        return self.does("credentials", "import", *self._table, *bucket, "--person", person, *place).split()[0]

    def rotates(self, credential: str, *key: str) -> str:
        """The id of the successor, which begins now."""
        said = self.does("credentials", "rotate", credential, *self._table, *self._roots, *key)
        old, new = (line.split()[0] for line in said.splitlines())
        assert old == credential
        return new

    def rotates_a_seal(self, credential: str, agency: str, name: str) -> str:
        """The id of a seal's successor, with a new key in KMS: asked for, certified, taken in."""
        kms, alias = self.stack.aws("kms"), f"alias/chauban-local-seal-{agency}-2"
        made = kms.create_key(Description="A successor", KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P384")
        kms.create_alias(AliasName=alias, TargetKeyId=made["KeyMetadata"]["KeyId"])
        asked, chain = self.folder / "seal.csr", self.folder / "seal.pem"
        self.does("credentials", "csr", "--kms", alias, "--subject", f"CN={name},C=VN", "--out", str(asked))
        public = public_pem(x509.load_pem_x509_csr(asked.read_bytes()).public_key())
        issued = issue_certificate(self.stack.stack.folder.trust, f"seal-{agency}-2", name, public, "seal")
        chain.write_text(issued, encoding="utf-8")
        return self.rotates(credential, "--kms", alias, "--certificates", str(chain))

    @property
    def _table(self) -> tuple[str, str]:
        return "--table", self.stack.resource("Table")

    @property
    def _roots(self) -> tuple[str, str]:
        return "--roots", self.stack.description["trust_root"]
