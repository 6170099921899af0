"""AWS in memory (moto), with the table as the template makes it."""

from collections.abc import Callable, Iterator
from threading import RLock
from typing import Any

import boto3
import pytest
from chauban.adapters.dynamodb.authorisations import DynamoAuthorisations
from chauban.adapters.dynamodb.dossiers import DynamoDossiers
from chauban.adapters.dynamodb.drafts import DynamoDrafts
from chauban.adapters.dynamodb.number_books import DynamoNumberBooks
from chauban.adapters.dynamodb.preservation import DynamoPreservation
from chauban.adapters.dynamodb.registers import DynamoRegisters
from chauban.adapters.dynamodb.signing import DynamoSigning
from chauban.adapters.dynamodb.table import Table
from moto import mock_aws

from tests.unit.fakes.world import World

REGION = "ap-southeast-1"
INDEXES = ("party", "work", "outbox", "due")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Makes clients of an AWS account that exists for one test."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield lambda service: boto3.client(service, region_name=REGION)


class OneAtATime:
    """A client whose calls do not overlap: a transaction of DynamoDB is atomic, moto's is not."""

    def __init__(self, client: Any) -> None:
        self._client, self._lock = client, RLock()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if name == "get_paginator":
            return method

        def call(**arguments: Any) -> Any:
            with self._lock:
                return method(**arguments)

        return call


def make_table(client: Any, name: str) -> None:
    """The one table, empty, with all its indexes."""
    keys = [("pk", "HASH"), ("sk", "RANGE")]
    names = ["pk", "sk", *(f"{index}_{part}" for index in INDEXES for part in ("pk", "sk"))]
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": [{"AttributeName": f"{index}_{name}", "KeyType": kind} for name, kind in keys],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in INDEXES
        ],
    )


@pytest.fixture
def table(aws: Callable[[str], Any]) -> Table:
    """The one table, empty."""
    client = aws("dynamodb")
    make_table(client, "chauban")
    return Table(OneAtATime(client), "chauban")


@pytest.fixture
def stored(table: Table) -> World:
    """The service on the real stores."""
    return World(
        lambda clock: (
            DynamoDossiers(table, clock),
            DynamoSigning(table),
            DynamoDrafts(table, clock),
            DynamoAuthorisations(table),
        ),
        DynamoNumberBooks(table),
        DynamoPreservation(table),
        DynamoRegisters(table),
    )


@pytest.fixture(params=["memory", "dynamodb"])
def either(request: pytest.FixtureRequest) -> World:
    """The service on the fake stores and on the real ones: both must answer alike."""
    return World() if request.param == "memory" else request.getfixturevalue("stored")
