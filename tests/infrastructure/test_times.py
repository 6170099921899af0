"""Timeouts fit into each other, and what is tried again outlasts an outage of hours; days of lives fit the work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chauban.adapters.file_examiner import FileExaminer
from chauban.dossiers.attachments import WAITING_TIME
from chauban.handlers.examine import PAUSES
from chauban.handlers.failures import GIVEN_UP, pause_after
from chauban.handlers.failures import PAUSES as ORDER_PAUSES
from chauban.handlers.holding import HELD_SECONDS, RENEWED_SECONDS
from chauban.settings import Settings
from chauban.signing.providers import MOST_WAIT_SECONDS, Provider
from chauban.signing.sessions.authorising import ASKING, KEPT_FREE
from chauban.signing.signers.deadline import AFTERWARDS_SECONDS

from infra.local.folder import REPOSITORY
from infra.local.stack import SHORT_TIMES
from infra.local.template import Template
from tests.infrastructure.expanded import named, of_kind

LAMBDA_MAXIMUM = 900
# Two authorities, each asked for its certificate and for the timestamp, each time as slow as may be.
SLOW_ANSWERS = 4
EVERYTHING_ELSE = 40


def _defaults() -> dict[str, int]:
    parameters = Template.load(REPOSITORY / "template.yaml").body["Parameters"]
    return {name: int(one["Default"]) for name, one in parameters.items() if one["Type"] == "Number"}


def _short() -> dict[str, int]:
    return {**_defaults(), **{name: int(value) for name, value in SHORT_TIMES.items()}}


# The development authorities answer at once or not at all; the machine may be busy.
@pytest.mark.parametrize(
    ("times", "slow", "rest"),
    [(_defaults(), SLOW_ANSWERS, EVERYTHING_ELSE), (_short(), 2, 2)],
    ids=["default", "local"],
)
def test_slow_authorities_fit_into_one_run(times: dict[str, int], slow: int, rest: int) -> None:
    for work in ("Sign", "Seal"):
        assert slow * times["TsaSeconds"] + rest <= times[f"{work}Timeout"] <= LAMBDA_MAXIMUM
    run = times["RenewalSeconds"] + slow * times["TsaSeconds"] + rest
    assert run <= times["ExtendTimeout"] <= LAMBDA_MAXIMUM


@pytest.mark.parametrize("times", [_defaults(), _short()], ids=["default", "local"])
def test_an_order_is_invisible_for_six_timeouts(times: dict[str, int]) -> None:
    for work in ("Render", "Sign", "Seal", "Extend"):
        assert times[f"{work}Visibility"] >= 6 * times[f"{work}Timeout"]


@pytest.mark.parametrize("work", ["Render", "Sign", "Seal", "Examine"])
def test_an_order_whose_worker_died_before_it_held_it_is_hidden_no_longer_than_need_be(work: str) -> None:
    """Only such an order waits for the queue's own time."""
    times = _defaults()
    assert times[f"{work}Visibility"] == 6 * times[f"{work}Timeout"]


@pytest.mark.parametrize("work", ["Sign", "Seal", "Examine"])
def test_as_many_work_at_once_as_was_decided(work: str) -> None:
    (mapping,) = (
        one.properties
        for one in of_kind("AWS::Lambda::EventSourceMapping")
        if str(one.properties["EventSourceArn"]).endswith(f":{work}Queue")
    )
    assert int(mapping["ScalingConfig"]["MaximumConcurrency"]) == _defaults()[f"{work}Concurrency"]


def test_the_slowest_answer_that_was_seen_of_an_authority_is_waited_for() -> None:
    assert _defaults()["TsaSeconds"] > 131


@pytest.mark.parametrize("work", ["Render", "Sign", "Seal"])
def test_an_outage_of_hours_is_outlasted_and_the_order_does_not_expire_first(work: str) -> None:
    times = _defaults()
    attempts = times["MaxReceiveCount"]
    last_attempt = sum(pause_after(attempt, attempts) for attempt in range(1, attempts))
    assert last_attempt >= 9 * 3600
    whole = last_attempt + attempts * times[f"{work}Timeout"] + times[f"{work}Visibility"]
    assert whole < int(named(f"{work}Queue").properties["MessageRetentionPeriod"])


def test_pauses_grow_and_nobody_waits_after_the_last_attempt() -> None:
    assert list(ORDER_PAUSES) == sorted(ORDER_PAUSES)
    assert [pause_after(attempt, 4) for attempt in range(1, 6)] == [2, 15, 30, 0, 0]


@pytest.mark.parametrize("times", [_defaults(), _short()], ids=["default", "local"])
def test_an_official_learns_within_two_minutes_that_nobody_tries_any_longer(times: dict[str, int]) -> None:
    given_up = min(GIVEN_UP, times["MaxReceiveCount"] - 1)
    assert sum(pause_after(attempt, times["MaxReceiveCount"]) for attempt in range(1, given_up)) <= 120
    # Another attempt comes after it, where those before were killed and nobody could say why.
    assert 2 <= given_up < times["MaxReceiveCount"]


@pytest.mark.parametrize("times", [_defaults(), _short()], ids=["default", "local"])
def test_a_killed_workers_order_comes_again_soon_and_a_busy_ones_does_not(times: dict[str, int]) -> None:
    for work in ("Render", "Sign", "Seal"):
        assert times[f"{work}Visibility"] > HELD_SECONDS
    assert 2 * RENEWED_SECONDS < HELD_SECONDS <= 60


def test_there_is_time_to_authorise_again_before_a_session_ends() -> None:
    minutes = Settings().session_minutes
    assert ASKING <= KEPT_FREE <= timedelta(minutes=minutes) / 3
    assert ASKING.total_seconds() >= _defaults()["ApiTimeout"]


@pytest.mark.parametrize("times", [_defaults(), _short()], ids=["default", "local"])
def test_a_provider_is_waited_for_to_the_end_before_the_function_is_ended(times: dict[str, int]) -> None:
    timeout = Template.load(REPOSITORY / "template.yaml").body["Parameters"]["ApiTimeout"]
    # Whatever was asked before, in short: where the provider is, a token, what it says of the credential.
    assert MOST_WAIT_SECONDS + AFTERWARDS_SECONDS + 4 <= int(timeout["MinValue"]) <= times["ApiTimeout"]
    # The gateway's own limit is 30 seconds.
    assert int(timeout["MaxValue"]) < 30
    assert Provider.model_fields["wait_seconds"].default <= MOST_WAIT_SECONDS


def test_drafts_outlive_any_dossier_prepared_files_their_orders_and_previews_nothing() -> None:
    rules = {rule["Prefix"]: rule for rule in named("WorkBucket").properties["LifecycleConfiguration"]["Rules"]}
    assert set(rules) == {"drafts/", "prepared/", "previews/", "attachments/"}
    assert all(rule["Status"] == "Enabled" for rule in rules.values())
    assert int(rules["drafts/"]["ExpirationInDays"]) >= 730
    assert rules["attachments/"]["ExpirationInDays"] == rules["drafts/"]["ExpirationInDays"]
    dead_letters = int(named("SignDeadLetterQueue").properties["MessageRetentionPeriod"]) // 86400
    assert int(rules["prepared/"]["ExpirationInDays"]) > dead_letters
    # A preview is looked at once, and it holds whatever its caller wrote.
    assert int(rules["previews/"]["ExpirationInDays"]) == 1


def test_an_upload_is_decided_about_before_it_is_given_up_and_soon() -> None:
    times, queue = _defaults(), named("ExamineQueue").properties
    assert times["ExamineTimeout"] >= 2 * FileExaminer().seconds
    assert times["ExamineVisibility"] >= 6 * times["ExamineTimeout"]
    # One attempt more settles it; the queue gives up later than that.
    assert int(queue["RedrivePolicy"]["maxReceiveCount"]) > len(PAUSES) + 1
    assert sum(PAUSES.values()) <= 300
    slowest = (len(PAUSES) + 1) * times["ExamineVisibility"]
    assert slowest < WAITING_TIME.total_seconds() < int(queue["MessageRetentionPeriod"])
    assert int(named("ExamineFunction").properties["MemorySize"]) * 1024 * 1024 > 1.5 * FileExaminer().memory
    (rule,) = named("UploadsBucket").properties["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], int(rule["ExpirationInDays"])) == ("uploads/", 1)
