"""Commands for the catalogue, failed orders and the API's description."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from chauban.cli.command import catalogue_in, say

if TYPE_CHECKING:
    from chauban.cli.command import Topics


def add_topics(topics: "Topics") -> None:
    """The topics of administrators."""
    _catalogue(topics.add_parser("catalogue", help="agencies, appointments, calendars"))
    _work(topics.add_parser("work", help="orders that failed"))
    _openapi(topics.add_parser("openapi", help="the OpenAPI description of the HTTP API"))


def _catalogue(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    load = actions.add_parser("load", help="load a catalogue folder into the table")
    load.add_argument("--table", required=True)
    load.add_argument("folder", type=Path)
    load.set_defaults(run=_load_catalogue)
    schemas = actions.add_parser("schemas", help="write the JSON Schemas of the catalogue's files")
    schemas.add_argument("folder", type=Path)
    schemas.set_defaults(run=_write_schemas)


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

    count = load_catalogue(options.folder, catalogue_in(options.table))
    say(f"{count} records loaded into {options.table}")


def _write_schemas(options: argparse.Namespace) -> None:
    from chauban.access.loading import write_schemas

    write_schemas(options.folder)


def _list_dead(options: argparse.Namespace) -> None:
    from chauban.adapters.dead_letters import dead_orders
    from chauban.bootstrap import client

    for order in dead_orders(client("sqs"), client("dynamodb"), options.dead_letter_queue, options.table):
        say(json.dumps(order, ensure_ascii=False))


def _redrive(options: argparse.Namespace) -> None:
    from chauban.adapters.dead_letters import redrive
    from chauban.bootstrap import client

    say(f"{redrive(client('sqs'), options.dead_letter_queue, options.queue)} orders put back")


def _print_openapi(_options: argparse.Namespace) -> None:
    from chauban.http.openapi import description

    say(description())
