"""What is weak from when, which hash a new timestamp takes, and when a file is renewed."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from chauban.errors import NotConfigured
from chauban.signing.preservation.algorithm_policy import AlgorithmEnd, AlgorithmPolicy, Family, UsedAlgorithm
from pydantic import ValidationError

from tests.unit.fakes.catalogue import ROOT

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SHA256 = UsedAlgorithm(family=Family.HASH, name="sha256")
SHORT_RSA = UsedAlgorithm(family=Family.RSA, bits=2048)


def policy(**changes: object) -> AlgorithmPolicy:
    known = yaml.safe_load((ROOT / "catalogue" / "algorithms.yaml").read_text(encoding="utf-8"))
    return AlgorithmPolicy.model_validate({**known, **changes})


def retired(name: str, day: str) -> AlgorithmEnd:
    return AlgorithmEnd.model_validate({"family": "hash", "name": name, "weak_from": day, "source": "a test"})


def test_the_projects_policy_takes_what_the_circular_takes_and_ends_what_the_standard_ends() -> None:
    found = policy()
    assert found.hash_for(NOW) == "sha256"
    assert found.end_of([SHA256]) is None
    assert found.end_of([SHA256, SHORT_RSA]) == datetime(2029, 1, 1, tzinfo=UTC)
    assert not found.weak([SHORT_RSA], NOW)
    assert found.weak([UsedAlgorithm(family=Family.HASH, name="sha1")], NOW)
    assert all(each.source for each in found.ends)


@pytest.mark.parametrize("bits", [3000, 3072, 4096])
def test_keys_of_the_length_that_is_named_are_not_below_it(bits: int) -> None:
    assert policy().end_of([UsedAlgorithm(family=Family.RSA_PSS, bits=bits)]) is None
    assert policy().end_of([UsedAlgorithm(family=Family.RSA_PSS, bits=2999)]) == datetime(2029, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("family", [Family.RSA, Family.RSA_PKCS1])
def test_the_older_padding_ends_whatever_the_length_and_so_does_what_may_be_padded_so(family: Family) -> None:
    """What was noted before paddings were is read, and taken for what ends first."""
    assert policy().end_of([UsedAlgorithm(family=family, bits=4096)]) == datetime(2029, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("family", ["rsa", "rsa-pkcs1", "rsa-pss"])
def test_short_keys_end_with_any_padding(family: str) -> None:
    end = AlgorithmEnd.model_validate({"family": "rsa", "below_bits": 3000, "weak_from": "2030-01-01", "source": "a"})
    used = UsedAlgorithm.model_validate({"family": family, "bits": 2048})
    assert end.covers(used)
    assert not end.covers(used.model_copy(update={"bits": 3000}))
    assert not end.covers(UsedAlgorithm(family=Family.EC, bits=256))
    assert not end.covers(SHA256)


def test_the_end_of_one_padding_is_not_that_of_the_other() -> None:
    end = AlgorithmEnd.model_validate({"family": "rsa-pkcs1", "weak_from": "2030-01-01", "source": "a test"})
    assert not end.covers(UsedAlgorithm(family=Family.RSA_PSS, bits=2048))
    assert not end.covers(UsedAlgorithm(family=Family.EC, bits=256))


def test_an_elliptic_key_is_not_judged_as_an_rsa_key() -> None:
    assert policy().end_of([UsedAlgorithm(family=Family.EC, bits=256)]) is None


def test_a_hash_is_left_for_the_next_before_it_is_weak() -> None:
    ends = policy(ends=[retired("sha256", "2041-01-01")])
    assert ends.hash_for(datetime(2038, 12, 1, tzinfo=UTC)) == "sha256"
    assert ends.hash_for(datetime(2039, 2, 1, tzinfo=UTC)) == "sha384"


def test_without_a_hash_that_is_relied_on_nothing_is_made() -> None:
    none = policy(hashes=["sha256"], ends=[retired("sha256", "2027-01-01")])
    with pytest.raises(NotConfigured):
        none.hash_for(NOW)


@pytest.mark.parametrize(
    "end",
    [
        {"family": "hash", "below_bits": 256},
        {"family": "rsa", "name": "rsa"},
        {"family": "rsa"},
        {"family": "ec"},
        {"family": "hash"},
        {"family": "rsa-pkcs1", "name": "rsa"},
        {"family": "hash", "name": "sha1", "below_bits": 1},
        {"family": "hash", "name": "sha1", "source": ""},
    ],
)
def test_an_end_names_one_thing_and_its_source(end: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        AlgorithmEnd.model_validate({"weak_from": "2030-01-01", "source": "a test", **end})


def test_files_of_one_day_are_not_due_on_one_day_and_all_in_time() -> None:
    ends = NOW + timedelta(days=5 * 365)
    found = [policy().due(f"DOCUMENT{number}", NOW, ends) for number in range(500)]
    assert min(found) >= ends - timedelta(days=360)
    assert max(found) <= ends - timedelta(days=180)
    # A month in the middle of the half year has about a sixth of them.
    middle = [each for each in found if timedelta(days=255) < ends - each < timedelta(days=285)]
    assert 50 < len(middle) < 120


@pytest.mark.parametrize("days", [0, 1, 20, 300])
def test_what_lasts_shortly_is_due_between_the_half_and_three_quarters_of_its_life(days: int) -> None:
    for number in range(50):
        due = policy().due(f"DOCUMENT{number}", NOW, NOW + timedelta(days=days))
        assert NOW + timedelta(days=days) / 2 <= due <= NOW + timedelta(days=days) * 3 / 4


def test_what_has_ended_already_is_due_at_once() -> None:
    assert policy().due("DOCUMENT", NOW, NOW - timedelta(days=1)) <= NOW
