"""An installation on moto: everything that the environment of the functions names."""

from collections.abc import Callable
from typing import Any

from chauban.bootstrap import routes, state, workers
from chauban.handlers import api, prefill, preview, publish, signing_api
from chauban.settings import settings

from tests.unit.fakes.gateway import ISSUER

REGION = "ap-southeast-1"


def install(aws: Callable[[str], Any]) -> dict[str, str]:
    """Makes buckets, queues, bus and secret; the table is made elsewhere. Answers the environment."""
    place = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    for name in ("forms", "work"):
        aws("s3").create_bucket(Bucket=name, **place)
    aws("s3").create_bucket(Bucket="archive", ObjectLockEnabledForBucket=True, **place)
    aws("events").create_event_bus(Name="chauban")
    urls = {
        name: aws("sqs").create_queue(QueueName=name)["QueueUrl"]
        for name in ("render", "sign", "seal", "extend", "dead")
    }
    secret = aws("secretsmanager").create_secret(Name="access", SecretString="a secret of the tests")
    return {
        "CHAUBAN_STAGE": "test",
        "CHAUBAN_TABLE": "chauban",
        "CHAUBAN_FORMS_BUCKET": "forms",
        "CHAUBAN_WORK_BUCKET": "work",
        "CHAUBAN_UPLOADS_BUCKET": "uploads",
        "CHAUBAN_ARCHIVE_BUCKET": "archive",
        "CHAUBAN_ACCESS_SECRET_ARN": secret["ARN"],
        "CHAUBAN_SESSION_KEY": aws("kms").create_key()["KeyMetadata"]["Arn"],
        "CHAUBAN_BUS": "chauban",
        **{f"CHAUBAN_QUEUE_{name.upper()}": urls[name] for name in ("render", "sign", "seal", "extend")},
        "CHAUBAN_QUEUE": urls["render"],
        "CHAUBAN_ISSUER": ISSUER,
        "CHAUBAN_PUBLIC_URL": "https://tra-cuu.example",
    }


def forget_process() -> None:
    """As if the process had just started: nothing made, nothing read."""
    for module in (state, routes, workers, api, signing_api, preview, prefill):
        for thing in vars(module).values():
            if hasattr(thing, "cache_clear"):
                thing.cache_clear()
    settings.cache_clear()
    publish._swept = False
