"""One signature on one file, from beginning to end in one process: what a shell needs, without a service around it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chauban.errors import VerificationFailed
from chauban.signing.credentials import Credential
from chauban.signing.pades.engine import PadesEngine
from chauban.signing.pades.file_report import file_report
from chauban.signing.pades.levels import Level, lowest
from chauban.signing.pades.preservation import PadesPreservation
from chauban.signing.ports import KeyHolder
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy


@dataclass(frozen=True)
class SignedFile:
    """The file with its new signature, the time of the signature's timestamp (aware), if it has one, and the lowest level of the
    file's signatures."""

    pdf: bytes
    timestamped_at: datetime | None
    level: str


@dataclass(frozen=True)
class Signing:
    """Signs one file with one key. At `level`, where there is one: what is less than B-LT leaves a verifier to find the rest, and
    B-LT has its material behind the last signature, as every validator counts it. Without a level, the material of each
    signature is in its own revision, as in the files that the service issues.
    """

    engine: PadesEngine
    keys: KeyHolder
    credential: Credential
    policy: AlgorithmPolicy
    level: Level | None = None

    def sign(
        self,
        pdf: bytes,
        *,
        field: str,
        signed_before: tuple[str, ...],
        others_follow: bool,
        image: bytes | None,
        fill: Mapping[str, str] | None,
        at: datetime,
    ) -> SignedFile:
        """Sign the empty signature `field`; `signed_before` names the fields that are signed already, `fill` gives text fields
        their values. Where `others_follow`, their revisions come behind the material.

        Raises `CertificateNotUsable`, `TimestampUnavailable`, `SigningError`; what does not verify is not returned.
        """
        behind = self.level is Level.LT and not others_follow
        made = Level.T if behind else self.level or Level.LT
        signed, stamped = self._signed(pdf, made, field=field, image=image, fill=fill, at=at)
        finished, level = self._finished(signed, (*signed_before, field), made, behind=behind)
        return SignedFile(finished, stamped, level)

    def _signed(
        self,
        pdf: bytes,
        made: Level,
        *,
        field: str,
        image: bytes | None,
        fill: Mapping[str, str] | None,
        at: datetime,
    ) -> tuple[bytes, datetime | None]:
        prepared = self.engine.prepare(
            pdf, field=field, credential=self.credential, image=image, at=at, fill=fill, level=made
        )
        digest = hashlib.new(self.credential.algorithm.digest, prepared.signed_attributes).digest()
        embed = partial(
            self.engine.complete_without_timestamp if made is Level.B else self.engine.complete,
            prepared.pdf,
            field=field,
            credential=self.credential,
            signed_attributes=prepared.signed_attributes,
        )
        completed = embed(signature=self.keys.sign(self.credential, digest))
        return completed.pdf, completed.timestamped_at

    def _finished(self, signed: bytes, fields: tuple[str, ...], made: Level, *, behind: bool) -> tuple[bytes, str]:
        """With what the level asks for behind the signature, and verified; the file, and the level that it has."""
        if behind:
            signed = self.engine.with_material(signed)
            report = file_report(signed, self.engine.trust.anchors)
            if not report.valid or [line.field for line in report.signatures] != list(fields):
                raise VerificationFailed(reason="validation-material-missing")
            return signed, lowest(Level(line.level) for line in report.signatures)
        if not made.has_material:
            return signed, lowest(each.level for each in self.engine.verify_now(signed, fields))
        level = self.engine.verify(signed, fields)
        if self.level is not Level.LTA:
            return signed, level
        extended = PadesPreservation(self.engine.trust, self.engine.timestamps).extend(signed, self.policy)
        return extended.pdf, extended.level
