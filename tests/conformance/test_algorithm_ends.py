"""The policy on algorithms has the ends that EU DSS has in its default policy."""

import re
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from chauban.signing.preservation.algorithm_policy import Family, UsedAlgorithm

from tests.unit.preservation.test_algorithm_policy import policy

HERE = Path(__file__).parent
NAMESPACE = {"p": "http://dss.esig.europa.eu/validation/policy"}
KEYS = {"RSA": Family.RSA_PKCS1, "RSASSA-PSS": Family.RSA_PSS, "ECDSA": Family.EC, "PLAIN-ECDSA": Family.EC}
# No certificate with such a key is taken at all.
REFUSED = {"DSA"}
# No longer key is asked for anywhere.
LONGEST = 16_384


def ends_of_dss() -> list[tuple[str, int | None, date | None]]:
    """The names, the least bits of keys, and the days, of the release that the judge is built with; empty days have no end."""
    found = re.search(r"<dss>(.+)</dss>", (HERE / "pom.xml").read_text(encoding="utf-8"))
    assert found
    release = found[1]
    store = Path.home() / ".m2/repository/eu/europa/ec/joinup/sd-dss/dss-policy-jaxb" / release
    jar = store / f"dss-policy-jaxb-{release}.jar"
    if not jar.exists():
        pytest.skip("EU DSS is not in Maven's cache")
    with zipfile.ZipFile(jar) as packed:
        root = ElementTree.fromstring(packed.read("policy/constraint.xml"))  # noqa: S314  a release's own file
    listed = root.findall("./p:Cryptographic/p:AlgoExpirationDate/p:Algo", NAMESPACE)
    assert len(listed) > 30
    return [
        (
            str(each.text),
            int(each.attrib["Size"]) if "Size" in each.attrib else None,
            date.fromisoformat(each.attrib["Date"]) if "Date" in each.attrib else None,
        )
        for each in listed
    ]


def moment(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def test_each_hash_ends_on_the_day_of_eu_dss() -> None:
    ends = {name.lower(): day for name, bits, day in ends_of_dss() if bits is None}
    assert set(policy().hashes) < set(ends)
    for name, day in ends.items():
        assert policy().end_of([UsedAlgorithm(family=Family.HASH, name=name)]) == moment(day), name
    assert {each.name for each in policy().ends if each.name} == {name for name, day in ends.items() if day}


def test_each_length_of_each_kind_of_key_ends_on_the_day_of_eu_dss() -> None:
    listed = [each for each in ends_of_dss() if each[1] and each[0] not in REFUSED]
    assert {name for name, _, _ in listed} == set(KEYS)
    for kind, family in KEYS.items():
        steps = sorted((bits or 0, day) for name, bits, day in listed if name == kind)
        for (least, day), most in zip(steps, [*(bits - 1 for bits, _ in steps[1:]), LONGEST], strict=True):
            for bits in (least, most):
                assert policy().end_of([UsedAlgorithm(family=family, bits=bits)]) == moment(day), (kind, bits)
