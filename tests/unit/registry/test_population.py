"""The adapter of the population database against the development server, in every mood."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from chauban.errors import NotConfigured, RegistryAnswerUnusable, RegistryError, RegistryRefused, RegistryUnavailable
from chauban.forms.prefill_rules import Attribute
from chauban.registry.inquiry import Consent, Ground, Inquiry
from chauban.registry.population import adapter
from chauban.registry.population.adapter import PopulationDatabase
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.test import Client

from infra.local.accounts import PEOPLE
from infra.local.demo.people import sex_and_year
from infra.local.registry import application
from infra.local.registry.application import Population
from infra.local.registry.people import ELDERS, population
from tests.unit.fakes.time_and_ids import MORNING

CITIZEN = next(person for person in PEOPLE if person.username == "citizen-a")


@pytest.fixture
def database() -> Population:
    return Population(population())


@pytest.fixture
def server(database: Population, monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseWSGIServer]:
    monkeypatch.setattr(adapter, "SECONDS", 0.5)
    monkeypatch.setattr(application, "LATE_SECONDS", 1.5)
    running = make_server("127.0.0.1", 0, database, threaded=True)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def registry(server: BaseWSGIServer) -> PopulationDatabase:
    return PopulationDatabase.at(f"http://127.0.0.1:{server.port}/lookups", "token")


def inquiry(**changes: object) -> Inquiry:
    values = {
        "request_id": "01KARX5T9V6T2J4Q8M3W7E1N5C",
        "officer": "clerk-thuan-hoa-1",
        "consent": Consent(ground=Ground.CONSENT, at=MORNING - timedelta(minutes=1)),
        "purpose": "Điền sẵn tờ khai",
        "procedure": "1.004873",
        "name": CITIZEN.name,
        "personal_number": CITIZEN.personal_number,
        "attributes": tuple(Attribute),
    }
    return Inquiry.model_validate({**values, **changes})


def in_mood(database: Population, mood: str) -> None:
    assert Client(database).put("/mood", json={"mood": mood}).status_code == 200


def test_a_person_is_told_in_the_services_own_terms(registry: PopulationDatabase) -> None:
    told = registry.ask(inquiry())
    assert told[Attribute.FULL_NAME] == CITIZEN.name
    assert told[Attribute.SEX] == "female"
    assert told[Attribute.BIRTH_DATE].startswith("1994-")
    assert told[Attribute.NATIONALITY] == "Việt Nam"


def test_only_what_was_asked_for_is_told(registry: PopulationDatabase) -> None:
    assert set(registry.ask(inquiry(attributes=(Attribute.RESIDENCE,)))) == {Attribute.RESIDENCE}


def test_officer_service_and_request_id_reach_the_database(registry: PopulationDatabase, database: Population) -> None:
    registry.ask(inquiry())
    assert database.seen == [
        {"MaDVC": "1.004873", "MaCanBo": "clerk-thuan-hoa-1", "MaYeuCau": "01KARX5T9V6T2J4Q8M3W7E1N5C"}
    ]


@pytest.mark.parametrize(
    ("mood", "fault"),
    [
        ("refusing", RegistryRefused),
        ("late", RegistryUnavailable),
        ("failing", RegistryUnavailable),
        ("garbage", RegistryAnswerUnusable),
        ("misshapen", RegistryAnswerUnusable),
        ("stranger", RegistryAnswerUnusable),
        ("endless", RegistryAnswerUnusable),
        ("dripping", RegistryUnavailable),
    ],
)
def test_a_database_that_misbehaves_is_told_as_such(
    registry: PopulationDatabase, database: Population, mood: str, fault: type[RegistryError]
) -> None:
    in_mood(database, mood)
    with pytest.raises(fault) as error:
        registry.ask(inquiry())
    assert str(CITIZEN.personal_number) not in str(error.value)
    in_mood(database, "good")
    assert registry.ask(inquiry())


def test_one_who_is_not_there_or_has_another_name_is_refused(registry: PopulationDatabase) -> None:
    for changes in ({"name": "Nguyễn Thị Khác"}, {"personal_number": "046194999999"}, {"personal_number": "12"}):
        with pytest.raises(RegistryRefused):
            registry.ask(inquiry(**changes))


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(RegistryUnavailable):
        PopulationDatabase.at("http://127.0.0.1:9/lookups", "token").ask(inquiry())


@pytest.mark.parametrize("born", ["19900230", "00000101", "19901301", "19900012", "00000000", "19901300"])
def test_a_day_that_there_is_not_is_unusable(born: str) -> None:
    with pytest.raises(RegistryAnswerUnusable):
        adapter._told({"HoVaTen": "A", "SoDinhDanh": "1", "NgayThangNamSinh": born})


def test_of_old_people_the_database_knows_a_year_or_a_month(registry: PopulationDatabase) -> None:
    born = {
        name: registry.ask(inquiry(name=name, personal_number=number))[Attribute.BIRTH_DATE]
        for number, name, _ in ELDERS
    }
    assert born == {"Lê Văn Tư": "1936", "Trần Thị Năm": "1937-05"}


def test_the_development_people_agree_with_their_numbers() -> None:
    for number, record in population().items():
        sex, year = sex_and_year(number)
        assert record["GioiTinh"] == {"male": "Nam", "female": "Nữ"}[sex]
        assert str(record["NgayThangNamSinh"]).startswith(str(year))
        assert adapter._validator("answer").is_valid(json.loads(json.dumps(record)))


def test_the_development_server_asks_for_a_token_and_a_whole_request(database: Population) -> None:
    client = Client(database)
    assert client.post("/lookups", json={}).status_code == 401
    assert client.post("/lookups", json={}, headers={"Authorization": "Bearer x"}).status_code == 422
    assert client.put("/mood", json={"mood": "sulking"}).status_code == 422


@pytest.mark.parametrize(
    "url", ["http://example.vn/lookups", "http://127.0.0.1.example.vn/", "http://localhost@example.vn/", "ftp://x", ""]
)
def test_an_address_that_would_carry_names_in_the_clear_is_refused(url: str) -> None:
    with pytest.raises(NotConfigured, match="https"):
        PopulationDatabase.at(url, "token")


def test_an_encrypted_address_is_taken() -> None:
    assert PopulationDatabase.at("https://csdl.example.vn/lookups", "token").url.startswith("https")
