"""An AWS of a test's own: the emulator alone, with the table and the buckets that the extend worker knows, and nothing deployed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import yaml
from botocore.config import Config
from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
from chauban.adapters.dynamodb.dossiers import DynamoDossiers
from chauban.adapters.dynamodb.preservation import DynamoPreservation
from chauban.adapters.dynamodb.table import Table
from chauban.adapters.s3 import S3Files
from chauban.ports import Clock
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy

from infra.local import processes
from infra.local.folder import REGION, REPOSITORY, Folder
from infra.local.tools import stack_python
from tests.unit.adapters.conftest import make_table

FORMS, ARCHIVE, TABLE, ANCHORS = "forms", "archive", "chauban", "trust/anchors.pem"
RETENTION_DAYS = 36500


@dataclass(frozen=True)
class Emulated:
    """What a worker is told by its environment, and the same stores as it has."""

    endpoint: str
    clock: Clock

    def environment(self, tsa_urls: str = "http://127.0.0.1:9/") -> dict[str, str]:
        """The environment of an extend worker, as the template gives it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "POWERTOOLS_SERVICE_NAME": "extend",
            "CHAUBAN_STAGE": "test",
            "CHAUBAN_TABLE": TABLE,
            "CHAUBAN_FORMS_BUCKET": FORMS,
            "CHAUBAN_ARCHIVE_BUCKET": ARCHIVE,
            "CHAUBAN_TSA_URLS": tsa_urls,
            "CHAUBAN_TRUST_ANCHORS": ANCHORS,
            "CHAUBAN_LOCK_MODE": "COMPLIANCE",
            "CHAUBAN_RETENTION_DAYS": str(RETENTION_DAYS),
        }

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the emulator knows no secrets
            config=Config(s3={"addressing_style": "path"}),
        )

    @cached_property
    def s3(self) -> Any:
        return self.client("s3")

    @cached_property
    def table(self) -> Table:
        return Table(self.client("dynamodb"), TABLE)

    @cached_property
    def dossiers(self) -> DynamoDossiers:
        return DynamoDossiers(self.table, self.clock)

    @cached_property
    def due(self) -> DynamoPreservation:
        return DynamoPreservation(self.table)

    @cached_property
    def files(self) -> S3Files:
        return S3Files(self.s3, FORMS, "", ARCHIVE, "COMPLIANCE", RETENTION_DAYS, self.clock)

    def furnish(self, anchors: bytes) -> None:
        """Table, buckets, trusted roots and the policy on algorithms."""
        place = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
        self.s3.create_bucket(Bucket=FORMS, **place)
        self.s3.create_bucket(Bucket=ARCHIVE, ObjectLockEnabledForBucket=True, **place)
        self.s3.put_object(Bucket=FORMS, Key=ANCHORS, Body=anchors)
        make_table(self.table.client, TABLE)
        policy = yaml.safe_load((REPOSITORY / "catalogue" / "algorithms.yaml").read_text(encoding="utf-8"))
        DynamoCatalogue(self.table, self.clock).put_algorithms(AlgorithmPolicy.model_validate(policy))


@contextmanager
def emulated(root: Path, clock: Clock, anchors: bytes = b"") -> Iterator[Emulated]:
    """An emulator that keeps everything in memory, for as long as it is needed."""
    folder = Folder(root)
    port, scratch = folder.port("aws"), folder.emulator
    scratch.mkdir(parents=True)
    environment = processes.plain_environment() | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "BIND_HOST": "127.0.0.1",
        "DOCKER_HOST": "unix:///nonexistent",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "PYTHONUTF8": "1",
        "SFTP_ENABLED": "0",
        "TMPDIR": str(scratch),
    }
    server = processes.start("aws", [stack_python(), "-m", "ministack"], port, folder.logs, environment)
    try:
        server.wait()
        started = Emulated(f"http://127.0.0.1:{port}", clock)
        started.furnish(anchors)
        yield started
    finally:
        server.stop()
