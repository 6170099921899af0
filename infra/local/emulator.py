"""Start ministack, the AWS emulator, for the embedded stack.

Runs in the emulator's own environment (it pins its own botocore) and imports nothing of the project but its neighbour. What
ministack 1.5.33 does otherwise than AWS, and this stack depends on, is put right here before its port opens:

- functions run with the interpreter named in CHAUBAN_FUNCTION_PYTHON, which has the project's libraries, in processes that are
  forked from one that has loaded them (`nursery.py`);
- Object Lock retention and legal holds survive a restart (they are kept with the rest of the bucket's settings), and a
  version that lost its own because the emulator was killed gets the bucket's default again;
- stream records do not survive a restart, so neither may a mapping's position: its first record would be skipped;
- the loopback counts as TLS, because the buckets and queues refuse everything else;
- what functions write is also appended to the file named in CHAUBAN_FUNCTION_LOG;
- `kms:ResourceAliases` is a condition key, and a key named by its alias is authorised as that key;
- `dynamodb:LeadingKeys` is a condition key: the partitions that a request names, a transaction's too;
- `kms:EncryptionContext:...` are condition keys: what a request says its ciphertext is bound to.

SIGUSR1 saves the state at once, as does every CHECKPOINT_SECONDS; SIGTERM saves and ends.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime, persistence
from ministack.services import kms, lambda_svc, s3
from nursery import Nursery

CHECKPOINT_SECONDS = 30.0


def run_functions_with(python: str) -> None:
    sys.executable = python
    if not sys.platform.startswith("linux"):
        return
    nursery = Nursery(python)

    def started(command: list[str], **how: Any) -> Any:
        if command[0] != python:
            return subprocess.Popen(command, **how)
        return nursery.start(command[1:], cwd=how["cwd"], env=how["env"])

    lambda_runtime.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": started})


def keep_object_locks() -> None:
    s3._PERSISTED_BUCKET_DICTS["object_retention"] = s3._object_retention
    s3._PERSISTED_BUCKET_DICTS["object_legal_hold"] = s3._object_legal_hold


def lock_again_what_lost_its_lock() -> None:
    """Objects are on disk at once, their locks only after a checkpoint: make up for the difference at the start."""
    load = app._load_persisted_state

    def load_and_lock() -> None:
        load()
        for (account, (bucket, key)), versions in s3._object_versions._data.items():
            settings = s3._bucket_object_lock._data.get((account, bucket)) or {}
            default = settings.get("default_retention")
            for version in versions if default else []:
                name = (account, (bucket, key, version["version_id"]))
                if name not in s3._object_retention._data and not version.get("is_delete_marker"):
                    s3._object_retention._data[name] = _retention(default, version["last_modified"])

    app._load_persisted_state = load_and_lock


def _retention(default: dict[str, Any], since: str) -> dict[str, str]:
    until = datetime.fromisoformat(since) + timedelta(days=default["Days"])
    return {"Mode": default["Mode"], "RetainUntilDate": until.strftime("%Y-%m-%dT%H:%M:%S.000Z")}


def forget_stream_positions() -> None:
    """Positions are counts into records that are gone: a mapping starts again at its own starting position."""
    restore = lambda_svc._restore_esm_positions

    def restore_all_but_dynamodb(store: Any, positions: Any) -> None:
        if store is not lambda_svc._dynamodb_stream_positions:
            restore(store, positions)

    lambda_svc._restore_esm_positions = restore_all_but_dynamodb


def count_loopback_as_tls() -> None:
    pin = app.pin_request_origin
    app.pin_request_origin = lambda address, _secure: pin(address, True)


def know_key_aliases() -> None:
    resource_arn = iam_actions.extract_resource_arn
    condition_key = iam_evaluator._resolve_condition_key

    def key_arn(service: str, *arguments: Any, **named: Any) -> str:
        arn = resource_arn(service, *arguments, **named)
        if service == "kms" and re.fullmatch(r"arn:aws:kms:[^:]*:\d*:alias/.+", arn):
            key = kms._resolve_key(arn)
            return key["Arn"] if key else arn
        return arn

    def with_aliases(key: str, context: Any) -> Any:
        if key.lower() != "kms:resourcealiases":
            return condition_key(key, context)
        key_id = context.resource_arn.rsplit("/", 1)[-1]
        return [arn.split(":", 5)[5] for arn, target in kms._aliases.items() if target == key_id] or None

    iam_actions.extract_resource_arn = key_arn
    iam_evaluator._resolve_condition_key = with_aliases


def know_leading_keys() -> None:
    service_context = iam_actions.dynamodb_service_context

    def with_leading_keys(body: bytes) -> dict[str, Any]:
        context = service_context(body)
        request = json.loads(body) if context else {}
        entries = [request, *(write for item in request.get("TransactItems", []) for write in item.values())]
        keys = [entry.get("Item", entry.get("Key", {})).get("pk", {}).get("S") for entry in entries]
        # A query names its partition as the project writes its condition: `pk = :pk`.
        keys.append(request.get("ExpressionAttributeValues", {}).get(":pk", {}).get("S"))
        named = [key for key in keys if key is not None]
        return context | ({"dynamodb:LeadingKeys": named} if named else {})

    iam_actions.dynamodb_service_context = with_leading_keys


def know_encryption_contexts() -> None:
    tag_context = iam_actions.request_tag_context

    def with_encryption_context(service: str, action: str, body: bytes, params: Any) -> dict[str, Any]:
        found: dict[str, Any] = tag_context(service, action, body, params)
        if service != "kms":
            return found
        bound = json.loads(body or b"{}").get("EncryptionContext") or {}
        return {**found, **{f"kms:EncryptionContext:{name}": value for name, value in bound.items()}}

    iam_actions.request_tag_context = with_encryption_context


def keep_function_logs(path: str) -> None:
    """What functions write goes to CloudWatch Logs, and also to a file that a developer can follow."""
    emit = lambda_svc._emit_lambda_logs

    def emit_and_append(function: Any, request_id: str, text: str, *arguments: Any, **named: Any) -> None:
        emit(function, request_id, text, *arguments, **named)
        if text:
            name = (function.get("config") or function).get("FunctionName", "?")
            with open(path, "a", encoding="utf-8") as file:
                file.writelines(f"{name} {request_id} {line}\n" for line in text.splitlines())

    lambda_svc._emit_lambda_logs = emit_and_append


def save_now_and_then() -> None:
    """A killed emulator (SIGKILL, power) loses at most what came after the last checkpoint."""
    stop, one_at_a_time, save_all = threading.Event(), threading.RLock(), persistence.save_all

    def save_in_turn(services: dict[str, Any]) -> None:
        with one_at_a_time:
            save_all(services)

    def save() -> None:
        save_in_turn(app._build_persistence_save_dict())

    app.save_all = save_in_turn  # at SIGTERM

    def loop() -> None:
        while not stop.wait(CHECKPOINT_SECONDS):
            try:
                save()
            except RuntimeError as changed_meanwhile:
                sys.stderr.write(f"checkpoint left out: {changed_meanwhile}\n")

    threading.Thread(target=loop, daemon=True, name="checkpoint").start()
    # In a thread: the handler may interrupt a service that holds a lock which saving needs.
    signal.signal(signal.SIGUSR1, lambda *_: threading.Thread(target=save, daemon=True).start())


if __name__ == "__main__":
    run_functions_with(os.environ["CHAUBAN_FUNCTION_PYTHON"])
    keep_object_locks()
    lock_again_what_lost_its_lock()
    forget_stream_positions()
    count_loopback_as_tls()
    know_key_aliases()
    know_leading_keys()
    know_encryption_contexts()
    keep_function_logs(os.environ["CHAUBAN_FUNCTION_LOG"])
    save_now_and_then()
    app.main()
