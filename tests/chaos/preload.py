"""What every worker needs, imported once: clients are made to have their descriptions read, and thrown away."""

import boto3
import chauban.bootstrap.workers
import chauban.handlers.extend
import chauban.signing.pades.engine  # noqa: F401

import tests.unit.fakes.preservation  # noqa: F401

for service in ("dynamodb", "s3"):
    boto3.client(service, region_name="ap-southeast-1", aws_access_key_id="none", aws_secret_access_key="none")  # noqa: S106
