"""The command `chauban`: what administrators and deployments do from a shell, with the shell's AWS credentials."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chauban.errors import ChaubanError

if TYPE_CHECKING:
    from chauban.access.loading import CatalogueWriter

Command = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it did what it says, 1 when it could not, 2 for wrong use."""
    parser = argparse.ArgumentParser(prog="chauban", description=__doc__)
    topics = parser.add_subparsers(dest="topic", required=True)
    _catalogue(topics.add_parser("catalogue", help="agencies, appointments, calendars"))
    _forms(topics.add_parser("forms", help="form versions"))
    _credentials(topics.add_parser("credentials", help="signing credentials"))
    _work(topics.add_parser("work", help="orders that failed"))
    _openapi(topics.add_parser("openapi", help="the OpenAPI description of the HTTP API"))
    options = parser.parse_args(arguments)
    run: Command = options.run
    try:
        run(options)
    except ChaubanError as refusal:
        sys.stderr.write(f"chauban: {refusal.detail('vi')}\nchauban: {refusal.detail('en')}\n")
        return 1
    return 0


def _catalogue(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    load = actions.add_parser("load", help="load a catalogue folder into the table")
    load.add_argument("--table", required=True)
    load.add_argument("folder", type=Path)
    load.set_defaults(run=_load_catalogue)
    schemas = actions.add_parser("schemas", help="write the JSON Schemas of the catalogue's files")
    schemas.add_argument("folder", type=Path)
    schemas.set_defaults(run=_write_schemas)


def _forms(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    publish = actions.add_parser("publish", help="publish the versions of a forms folder; published ones never change")
    publish.add_argument("--bucket", required=True)
    publish.add_argument("folder", type=Path)
    publish.set_defaults(run=_publish_forms)


def _credentials(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    load = actions.add_parser("load", help="load credential records; private keys are never in them")
    load.add_argument("--table", required=True)
    load.add_argument("--bucket", required=True, help="the forms bucket, for the images of signatures and seals")
    load.add_argument("file", type=Path)
    load.set_defaults(run=_load_credentials)


def _work(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    for name, command, text in (
        ("dead", _list_dead, "list the orders in a dead-letter queue with the reason of each"),
        ("redrive", _redrive, "put the orders of a dead-letter queue back into their queue"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("--dead-letter-queue", required=True, metavar="URL")
        action.set_defaults(run=command)
        if name == "dead":
            action.add_argument("--table", required=True)
        else:
            action.add_argument("--queue", required=True, metavar="URL")


def _openapi(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_print_openapi)


def _load_catalogue(options: argparse.Namespace) -> None:
    from chauban.access.loading import load_catalogue

    count = load_catalogue(options.folder, _writer(options.table))
    _say(f"{count} records loaded into {options.table}")


def _write_schemas(options: argparse.Namespace) -> None:
    from chauban.access.loading import write_schemas

    write_schemas(options.folder)


def _publish_forms(options: argparse.Namespace) -> None:
    from chauban.adapters.forms import S3Forms
    from chauban.bootstrap import client, clock
    from chauban.forms.packaging import versions

    library = S3Forms(client("s3"), options.bucket, clock())
    for folder in versions(options.folder):
        library.publish(options.folder, folder)
        _say(f"{folder.parent.name} {folder.name} is published")


def _load_credentials(options: argparse.Namespace) -> None:
    from chauban.access.loading import load_credentials
    from chauban.bootstrap import client

    def keep_image(key: str, image: bytes) -> None:
        client("s3").put_object(Bucket=options.bucket, Key=key, Body=image, ContentType="image/png")

    count = load_credentials(options.file, _writer(options.table), keep_image)
    _say(f"{count} credentials loaded into {options.table}")


def _list_dead(options: argparse.Namespace) -> None:
    from chauban.adapters.dead_letters import dead_orders
    from chauban.bootstrap import client

    for order in dead_orders(client("sqs"), client("dynamodb"), options.dead_letter_queue, options.table):
        _say(json.dumps(order, ensure_ascii=False))


def _redrive(options: argparse.Namespace) -> None:
    from chauban.adapters.dead_letters import redrive
    from chauban.bootstrap import client

    _say(f"{redrive(client('sqs'), options.dead_letter_queue, options.queue)} orders put back")


def _print_openapi(_options: argparse.Namespace) -> None:
    from chauban.http.openapi import description

    _say(description())


def _writer(table: str) -> "CatalogueWriter":
    from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
    from chauban.adapters.dynamodb.table import Table
    from chauban.bootstrap import client, clock

    return DynamoCatalogue(Table(client("dynamodb"), table), clock())


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
