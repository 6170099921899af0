"""Sessions with a remote key, over the fakes."""

from typing import Any

from chauban.access.identity import Caller
from chauban.adapters.dynamodb.items import message_from
from chauban.adapters.dynamodb.signing import DynamoSigning
from chauban.dossiers.changes import OutboxMessage
from chauban.dossiers.requests import AuthoriseSession, OpenSession
from chauban.signing.credentials import Purpose, SignerKind
from chauban.signing.providers import Provider
from chauban.signing.sessions.model import SigningSession

from tests.unit.fakes.catalogue import credential
from tests.unit.fakes.people import official
from tests.unit.fakes.world import World, result_of

CREDENTIAL = "cred-remote"


def with_provider(world: World, *, per_call: int = 2) -> None:
    """The official has a key at a provider, besides the device's."""
    provider = {"id": "csc-a", "kind": "csc", "base_url": "https://csc.example/v1", "api": "v1", "grant": "explicit"}
    world.catalogue.put_provider(Provider.model_validate({**provider, "secret_name": "s", "per_call": per_call}))
    remote = {"kind": SignerKind.CSC, "provider": "csc-a", "key_ref": "key-1"}
    world.catalogue.put_credential(credential(CREDENTIAL, "official-thuan-hoa", Purpose.SIGN, **remote))


def ready(world: World, count: int, *, per_call: int = 2, caller: Caller | None = None) -> SigningSession:
    """A session of so many documents that wait for the authorisation."""
    with_provider(world, per_call=per_call)
    tasks = tuple(result_of(world.awaiting_signature()).id for _ in range(count))
    request = OpenSession(tasks=tasks, credential=CREDENTIAL)
    session = world.sessions.open(caller or official(), request, request.model_dump(mode="json"), world.ids.new())
    for item in session.items:
        world.official.prepare(session.id, item.item)
    return world.signing.session(session.id)


def authorise(world: World, session: SigningSession, key: str | None = None, **parts: str) -> SigningSession:
    """The official authorises, with a PIN where nothing else is said."""
    request = AuthoriseSession.model_validate(parts or {"pin": "135790"})
    return world.authorising.authorise(official(), session.id, request, key or world.ids.new())


def orders(world: World, session: SigningSession) -> list[dict[str, Any]]:
    """The orders to the sign worker about a session, but for preparations."""
    return [m.body for m in _messages(world, session.id) if m.channel == "sign" and m.body["task"] != "prepare"]


def _messages(world: World, session: str) -> list[OutboxMessage]:
    if isinstance(world.signing, DynamoSigning):
        return [message_from(item) for item in world.signing._table.partition(f"O#{session}")]
    return world.messages("sign", session)


def take(world: World, order: dict[str, Any]) -> None:
    """What the sign worker does with an order."""
    if order["task"] == "ask":
        world.remote.ask(order["session"], order["authorisation"], order["turn"])
    elif order["task"] == "keep":
        world.remote.keep(order["session"], order["authorisation"], order["turn"], order["items"])
    else:
        world.official.embed(order["session"], order["item"])


def work(world: World, session: SigningSession, *, at_most: int = 100) -> SigningSession:
    """Carries out the orders one after another, those that come of them too; waits as long as an order says."""
    done: set[str] = set()
    for _ in range(at_most):
        waiting = [order for order in orders(world, session) if order["order"] not in done]
        if not waiting:
            break
        world.clock.forward(seconds=waiting[0].get("delay", 0))
        take(world, waiting[0])
        done.add(waiting[0]["order"])
    return world.signing.session(session.id)


def states(world: World, session: SigningSession) -> list[tuple[str, str | None]]:
    """Each item's state with its reason."""
    found, now = world.signing.session(session.id), world.clock.now()
    return [(item.status.value, found.reason(item, now)) for item in found.items]
