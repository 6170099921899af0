"""The two steps of the engine, each done by an engine of its own: what lies between is only what a caller stores."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from chauban.signing.credentials import Credential, Purpose, SignerKind
from chauban.signing.pades.engine import PadesEngine
from chauban.signing.ports import CompletedFile, PreparedFile
from chauban.signing.trust.fetching import FetchError

from tests.unit.signing.world import NUMBER, InterceptedFetch, KeyOwner, World, handwriting, seal_image


def credential_of(owner: KeyOwner) -> Credential:
    now = datetime.now(UTC)
    return Credential(
        id=f"cred-{owner.label}",
        person=None,
        agency=None,
        purpose=Purpose.SIGN,
        kind=SignerKind.CLIENT,
        key_ref=None,
        algorithm=owner.identity.algorithm,
        chain_pem=owner.chain_pem,
        appearance="appearances/test.png",
        valid_from=now - timedelta(days=1),
        valid_to=now + timedelta(days=1),
    )


def prepared_by(
    engine: PadesEngine, pdf: bytes, owner: KeyOwner, field: str = "official", at: datetime | None = None
) -> PreparedFile:
    """The revision for an official's signature, or, in the field `seal`, with number and date for the seal."""
    seals = field == "seal"
    fill: Mapping[str, str] | None = NUMBER if seals else None
    image = seal_image() if seals else handwriting()
    return engine.prepare(
        pdf,
        field=field,
        credential=credential_of(owner),
        image=image,
        at=at or datetime.now(UTC),
        fill=fill,
    )


def completed_by(
    engine: PadesEngine, prepared: PreparedFile, owner: KeyOwner, field: str = "official"
) -> CompletedFile:
    """The signature of the owner's key and its timestamp in their place."""
    return engine.complete(
        prepared.pdf,
        field=field,
        credential=credential_of(owner),
        signed_attributes=prepared.signed_attributes,
        signature=owner.sign(prepared.signed_attributes),
    )


def done(world: World, pdf: bytes, owner: KeyOwner, field: str = "official") -> bytes:
    """Both steps, in the world's present."""
    prepared = prepared_by(world.engine(), pdf, owner, field, world.now())
    return completed_by(world.engine(), prepared, owner, field).pdf


def down(_: bytes) -> bytes:
    """An address that does not answer."""
    raise FetchError("down")


def second_authority(world: World) -> Callable[[bytes], bytes]:
    """The backup's answer, for whoever intercepts the address that its own begins with."""
    return lambda body: InterceptedFetch().post(world.authority.tsa_urls[1], body, "application/timestamp-query")
