"""Timeouts fit into each other, and what is tried again outlasts an outage of hours; days of lives fit the work."""

from __future__ import annotations

import pytest
from chauban.handlers.work import SOON

from infra.local.folder import REPOSITORY
from infra.local.stack import SHORT_TIMES
from infra.local.template import Template
from tests.infrastructure.expanded import named

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


def test_the_slowest_answer_that_was_seen_of_an_authority_is_waited_for() -> None:
    assert _defaults()["TsaSeconds"] > 131


@pytest.mark.parametrize(("work", "hours"), [("Render", 3), ("Sign", 9), ("Seal", 9)])
def test_an_outage_of_hours_is_outlasted_and_the_order_does_not_expire_first(work: str, hours: int) -> None:
    times = _defaults()
    # The attempts in SOON are followed by the next within seconds; each later one waits for the visibility timeout.
    last_attempt = (times["MaxReceiveCount"] - len(SOON) - 1) * times[f"{work}Visibility"]
    assert last_attempt >= hours * 3600
    whole = last_attempt + times["MaxReceiveCount"] * times[f"{work}Timeout"] + times[f"{work}Visibility"]
    assert whole < int(named(f"{work}Queue").properties["MessageRetentionPeriod"])


def test_drafts_outlive_any_dossier_prepared_files_their_orders_and_previews_nothing() -> None:
    rules = {rule["Prefix"]: rule for rule in named("WorkBucket").properties["LifecycleConfiguration"]["Rules"]}
    assert set(rules) == {"drafts/", "prepared/", "previews/"}
    assert all(rule["Status"] == "Enabled" for rule in rules.values())
    assert int(rules["drafts/"]["ExpirationInDays"]) >= 730
    dead_letters = int(named("SignDeadLetterQueue").properties["MessageRetentionPeriod"]) // 86400
    assert int(rules["prepared/"]["ExpirationInDays"]) > dead_letters
    # A preview is looked at once, and it holds whatever its caller wrote.
    assert int(rules["previews/"]["ExpirationInDays"]) == 1
