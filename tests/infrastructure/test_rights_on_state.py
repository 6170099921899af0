"""Who may read and write what of the table and the buckets: each function its own part, and none the catalogue."""

from __future__ import annotations

import pytest

from tests.infrastructure.expanded import named, of_kind
from tests.infrastructure.permissions import role_may

TABLE = named("Table").arn
WRITES = ("dynamodb:PutItem", "dynamodb:UpdateItem")
# Partitions of adapters/dynamodb/items.py: dossier, outbox, idempotency, codes, sessions, tasks, numbers, drafts (W), inquiries
# of registers (Q), what they gave (R), registers of agencies (G), what providers call back about (X), when a document is extended
# (L). An inquiry for a dossier is a fact of it.
OWN = {
    "ApiRole": "DOICNSTWG",
    "PrefillRole": "DQR",
    "SigningApiRole": "DOIST",
    "RenderRole": "DOTG",
    "SignRole": "DOSTX",
    "SealRole": "DONSTGL",
    "ExtendRole": "DOGL",
    "ExamineRole": "DO",
    "PublishRole": "O",
}
# What runs templates, asks the outside world, or opens what comes from there, reads a part only: agencies (A); agencies, dossiers,
# a person's appointments (P), prefills; dossiers alone.
READS = {"PreviewRole": "A", "PrefillRole": "ADPR", "ExamineRole": "D", "ExtendRole": "DGL"}
CATALOGUE = ("P#official", "A#agency", "K#credential", "E#provider", "V#delegation", "CALENDAR", "ALGORITHMS")
# A register of an agency is printed from its work list.
INDEXES = {
    "ApiRole": {"party", "work"},
    "SigningApiRole": {"work"},
    "RenderRole": {"work"},
    "PublishRole": {"outbox"},
    "WatchRole": {"work"},
    "ExtendRole": {"due"},
}
OBJECTS = {
    "ApiRole": {"ArchiveBucket/documents/", "FormsBucket/forms/", "WorkBucket/attachments/"},
    "SigningApiRole": {
        "WorkBucket/prepared/",
        "WorkBucket/drafts/",
        "WorkBucket/attachments/",
        "ArchiveBucket/documents/",
    },
    "ExamineRole": {"UploadsBucket/uploads/"},
    "PreviewRole": {"FormsBucket/forms/", "WorkBucket/previews/"},
    "PrefillRole": {"FormsBucket/forms/"},
    "RenderRole": {"ArchiveBucket/documents/", "FormsBucket/forms/", "WorkBucket/attachments/"},
    "SignRole": {
        "FormsBucket/forms/",
        "FormsBucket/appearances/",
        "FormsBucket/trust/",
        "WorkBucket/drafts/",
        "WorkBucket/prepared/",
    },
    "ExtendRole": {"ArchiveBucket/documents/", "FormsBucket/trust/"},
    "PublishRole": set(),
}


@pytest.mark.parametrize("role", sorted(OWN))
def test_a_role_writes_its_own_partitions(role: str) -> None:
    actions = ("dynamodb:UpdateItem",) if role == "PublishRole" else WRITES
    partitions = [f"{letter}#of-something" for letter in OWN[role]]
    for action in actions:
        assert role_may(named(role), action, TABLE, dynamodb__LeadingKeys=partitions)
        for letter in "DOICSTNWQRGXL":
            allowed = role_may(named(role), action, TABLE, dynamodb__LeadingKeys=[f"{letter}#of-something"])
            assert allowed == (letter in OWN[role])


@pytest.mark.parametrize("role", sorted(READS))
def test_a_role_with_little_to_do_reads_little(role: str) -> None:
    for action in ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"):
        for letter in "ADEIKLNOPQRSTWGX":
            allowed = role_may(named(role), action, TABLE, dynamodb__LeadingKeys=[f"{letter}#of-something"])
            assert not allowed or letter in READS[role], (action, letter)
    assert all(
        role_may(named(role), "dynamodb:Query", TABLE, dynamodb__LeadingKeys=[f"{letter}#of-something"])
        for letter in READS[role]
    )


@pytest.mark.parametrize("partition", CATALOGUE)
def test_no_function_writes_who_may_sign_and_seal(partition: str) -> None:
    for role in of_kind("AWS::IAM::Role"):
        for action in WRITES:
            assert not role_may(role, action, TABLE, dynamodb__LeadingKeys=[partition])
            # Nor in a transaction behind what it may write.
            assert not role_may(role, action, TABLE, dynamodb__LeadingKeys=["O#of-something", partition])


def test_the_watch_sees_when_credentials_end_and_nothing_else() -> None:
    index = f"{TABLE}/index/work"
    for partition, seen in (
        ("K", True),
        ("T#of-something", False),
        ("A#of-something", False),
        ("Q#of-something", False),
    ):
        allowed = role_may(named("WatchRole"), "dynamodb:Query", index, dynamodb__LeadingKeys=[partition])
        assert allowed == seen, partition
    assert not role_may(named("WatchRole"), "dynamodb:Query", TABLE, dynamodb__LeadingKeys=["K"])


def test_nobody_deletes_or_scans_the_table() -> None:
    unused = ("DeleteItem", "BatchWriteItem", "Scan", "ConditionCheckItem", "PartiQLUpdate", "PartiQLInsert")
    for role in of_kind("AWS::IAM::Role"):
        assert not [action for action in unused if role_may(role, f"dynamodb:{action}", TABLE)]


def test_an_index_is_read_only_by_who_lists_from_it() -> None:
    for role in of_kind("AWS::IAM::Role"):
        found = {
            name
            for name in ("party", "work", "outbox", "due")
            if role_may(role, "dynamodb:Query", f"{TABLE}/index/{name}")
        }
        assert found == INDEXES.get(role.name, set()), role.name


@pytest.mark.parametrize("role", sorted(OBJECTS))
def test_a_role_reads_only_the_files_that_it_works_on(role: str) -> None:
    places = (
        [("FormsBucket", folder) for folder in ("forms/", "appearances/", "trust/")]
        + [("WorkBucket", folder) for folder in ("drafts/", "prepared/", "previews/", "attachments/")]
        + [("UploadsBucket", "uploads/")]
        + [("ArchiveBucket", "documents/")]
    )
    for action in ("s3:GetObject", "s3:GetObjectVersion"):
        found = {
            f"{bucket}/{folder}"
            for bucket, folder in places
            if role_may(named(role), action, f"{named(bucket).arn}/{folder}0")
        }
        assert found <= OBJECTS[role]


def test_what_was_uploaded_is_read_and_removed_by_who_examines_it_alone_and_no_function_uploads_but_the_api() -> None:
    place = f"{named('UploadsBucket').arn}/uploads/dossier/attachment"
    may = {
        action: {role.name for role in of_kind("AWS::IAM::Role") if role_may(role, f"s3:{action}", place)}
        for action in ("GetObject", "GetObjectTagging", "DeleteObject", "PutObject")
    }
    assert may == {
        "GetObject": {"ExamineRole"},
        "GetObjectTagging": {"ExamineRole"},
        "DeleteObject": {"ExamineRole"},
        "PutObject": {"ApiRole"},
    }


def test_who_opens_files_from_outside_writes_attachments_and_no_other_file() -> None:
    role = named("ExamineRole")
    written = [
        f"{bucket}/{folder}"
        for bucket, folder in (
            ("FormsBucket", "forms/"),
            ("WorkBucket", "drafts/"),
            ("WorkBucket", "prepared/"),
            ("WorkBucket", "attachments/"),
            ("ArchiveBucket", "documents/"),
            ("UploadsBucket", "uploads/"),
        )
        if role_may(role, "s3:PutObject", f"{named(bucket).arn}/{folder}0")
    ]
    assert written == ["WorkBucket/attachments/"]
    for action in ("kms:Sign", "secretsmanager:GetSecretValue", "sqs:SendMessage", "events:PutEvents"):
        assert not role_may(role, action, "*")
