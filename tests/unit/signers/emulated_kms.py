"""KMS as the embedded stack has it, alone: keys are made and used by its API."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from chauban.signing.algorithms import Algorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from infra.local.tools import stack_python
from tests.unit.signers.documents import PublicKey

SPECS = {
    Algorithm.RSA_PSS_SHA256: "RSA_2048",
    Algorithm.RSA_PKCS1_SHA256: "RSA_2048",
    Algorithm.ECDSA_P256_SHA256: "ECC_NIST_P256",
    Algorithm.ECDSA_P384_SHA384: "ECC_NIST_P384",
}


@contextmanager
def running_kms(folder: Path) -> Iterator[Any]:
    """A client of an emulator that runs until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    switches = {"BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "GATEWAY_PORT": str(port)}
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **switches}
    command = [stack_python(), "-c", "from ministack import app; app.main()"]
    with (folder / "emulator.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    client = boto3.client(
        "kms",
        region_name="ap-southeast-1",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}, connect_timeout=1),
    )
    try:
        _wait(client, process)
        yield client
    finally:
        process.terminate()
        process.wait(timeout=10)


def made_in_kms(client: Any, algorithm: Algorithm) -> tuple[str, PublicKey]:
    """The ARN of a new key, and its public half."""
    key = client.create_key(KeyUsage="SIGN_VERIFY", KeySpec=SPECS[algorithm])["KeyMetadata"]["Arn"]
    public = load_der_public_key(client.get_public_key(KeyId=key)["PublicKey"])
    assert isinstance(public, PublicKey)
    return key, public


def _wait(client: Any, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while True:
        try:
            client.list_keys()
        except (BotoCoreError, ClientError):
            assert process.poll() is None, "the emulator has ended"
            assert time.monotonic() < until, "the emulator does not answer"
            time.sleep(0.1)
        else:
            return
