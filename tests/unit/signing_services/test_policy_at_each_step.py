"""Whether an official may sign is judged when a session is opened, when it is authorised, and when a value comes."""

import pytest
from chauban.dossiers.requests import OpenSession
from chauban.errors import CredentialNotFit, SignerNotEntitled

from tests.unit.fakes.people import official
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, result_of, signatures_for
from tests.unit.signing_services.remote import CREDENTIAL, authorise, orders, ready, states, take, with_provider, work


def withdraw(world: World) -> None:
    """From now on nobody may sign in the official's capacity: what it rests on is gone."""
    held = world.catalogue.appointments["official-thuan-hoa-1"]
    gone = {"capacity": "KT.", "delegation": "khong-con"}
    world.catalogue.put_appointment(held.model_copy(update=gone))


def test_at_opening(world: World) -> None:
    with_provider(world)
    task = result_of(world.awaiting_signature()).id
    request = OpenSession(tasks=(task,), credential=CREDENTIAL)
    withdraw(world)
    with pytest.raises(SignerNotEntitled) as refused:
        world.sessions.open(official(), request, {}, "k")
    assert refused.value.reason == "delegation-missing"
    assert world.tables.sessions == {}


def test_at_the_authorisation(world: World) -> None:
    session = ready(world, 2)
    withdraw(world)
    with pytest.raises(SignerNotEntitled):
        authorise(world, session)
    assert world.provider.given == []


def test_when_a_value_comes_from_the_provider(world: World) -> None:
    session = ready(world, 2)
    authorise(world, session)
    take(world, orders(world, session)[0])
    withdraw(world)
    work(world, session)
    assert states(world, session) == [("failed", "delegation-missing")] * 2
    assert all(world.signing.task(item.task).session is None for item in session.items)


def test_when_the_officials_device_hands_a_value_in(world: World) -> None:
    session = world.ready(world.awaiting_signature())
    withdraw(world)
    with pytest.raises(SignerNotEntitled):
        world.desk.accept(official(), session.id, signatures_for(session))


def test_a_certificate_that_ended_meanwhile_is_refused(world: World) -> None:
    session = ready(world, 1)
    world.certificates.said[CREDENTIAL] = {"not_after": MORNING}
    world.clock.forward(seconds=1)
    with pytest.raises(CredentialNotFit) as refused:
        authorise(world, session)
    assert refused.value.reason == "certificate-expired"
