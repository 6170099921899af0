"""`chauban extend` and `chauban preservation`: files that last, and what the service has to do for it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.backfill import DynamoBackfill
from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
from chauban.adapters.dynamodb.preservation import DynamoPreservation, preservation_item
from chauban.adapters.dynamodb.table import Table, put
from chauban.bootstrap import state
from chauban.signing.preservation.backfilling import Progress
from chauban.signing.preservation.entries import PreservationEntry

from tests.unit.cli.conftest import Shell
from tests.unit.fakes.catalogue import ROOT
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World as Service
from tests.unit.fakes.world import result_of
from tests.unit.preservation.test_algorithm_policy import policy, retired
from tests.unit.signing.world import World

POLICY = ROOT / "catalogue" / "algorithms.yaml"


@pytest.fixture
def sealed(shell: Shell, world: World, receipt: bytes) -> Path:
    return shell.file("giấy tiếp nhận.pdf", world.by_organisation(receipt, world.owner("extended", "ec", "seal")))


def extend(
    shell: Shell, *files: Path, out: str = "lasting", tsa: tuple[str, ...] | None = None
) -> tuple[int, str, str]:
    authorities = [word for url in tsa or shell.world.authority.tsa_urls for word in ("--tsa", url)]
    folder = shell.folder / out
    return shell("extend", *files, "--out", folder, "--roots", shell.roots, "--algorithms", POLICY, *authorities)


def test_a_file_is_extended_and_inspected(shell: Shell, sealed: Path) -> None:
    code, said, _ = extend(shell, sealed)
    assert code == 0
    kept = shell.folder / "lasting" / sealed.name
    assert "PAdES-BASELINE-LTA" in said
    assert kept.read_bytes().startswith(sealed.read_bytes())
    code, said, _ = shell("inspect", kept, "--roots", shell.roots)
    assert code == 0
    assert "PAdES-BASELINE-LTA" in said
    assert "Chauban Development TSA 1" in said
    code, said, _ = shell("inspect", kept, "--roots", shell.roots, "--json")
    report = json.loads(said)
    assert (report["valid"], report["covered"], len(report["timestamps"])) == (True, True, 1)
    # Once more, as before a certificate ends.
    assert extend(shell, kept, out="renewed")[0] == 0
    code, said, _ = shell("inspect", shell.folder / "renewed" / sealed.name, "--roots", shell.roots, "--json")
    assert len(json.loads(said)["timestamps"]) == 2


def test_what_follows_a_document_timestamp_is_found(shell: Shell, sealed: Path) -> None:
    extend(shell, sealed)
    kept = shell.folder / "lasting" / sealed.name
    kept.write_bytes(kept.read_bytes() + b"\n% more\n")
    code, said, _ = shell("inspect", kept, "--roots", shell.roots)
    assert code == 1
    assert "goes on after the last signature" in said


def test_one_bad_file_is_told_in_both_languages_and_the_others_are_extended(
    shell: Shell, sealed: Path, receipt: bytes
) -> None:
    unsigned = shell.file("unsigned.pdf", receipt)
    code, said, _ = extend(shell, unsigned, sealed)
    assert code == 1
    assert f"✗ {unsigned}" in said
    assert not (shell.folder / "lasting" / "unsigned.pdf").exists()
    assert (shell.folder / "lasting" / sealed.name).exists()


def test_nothing_is_written_over_and_nothing_without_an_authority(shell: Shell, sealed: Path) -> None:
    assert extend(shell, sealed, tsa=("http://127.0.0.1:9/",))[0] == 1
    assert not (shell.folder / "lasting" / sealed.name).exists()
    assert extend(shell, sealed)[0] == 0
    code, _, told = extend(shell, sealed)
    assert code == 1
    assert "exists already" in told
    assert "đã có" in told


def test_a_policy_of_another_form_is_refused(shell: Shell, sealed: Path) -> None:
    other = shell.file("algorithms.yaml", b"hashes: sha256\n")
    code, _, told = shell(
        "extend",
        sealed,
        "--out",
        shell.folder,
        "--roots",
        shell.roots,
        "--algorithms",
        other,
        "--tsa",
        "http://x.example/",
    )
    assert code == 1
    assert "is no policy on algorithms" in told


@pytest.fixture
def service() -> Service:
    """The service on fakes."""
    return Service()


@pytest.fixture
def kept(table: Table, monkeypatch: pytest.MonkeyPatch) -> DynamoPreservation:
    """Three entries: one long due and failing, two due in years, of which one rests on SHA-256."""
    monkeypatch.setattr(state, "client", lambda _service: table.client)
    monkeypatch.setattr("chauban.bootstrap.client", lambda _service: table.client)
    DynamoCatalogue(table, state.clock()).put_algorithms(policy())
    store = DynamoPreservation(table)
    late = MORNING + timedelta(days=20 * 365)
    for name, digest in (("DOCUMENTA", "sha256"), ("DOCUMENTB", "sha512")):
        rests = ({"family": "hash", "name": digest},)
        entry = {
            "document": name,
            "dossier": "D",
            "revision": 2,
            "made_at": MORNING,
            "ends_at": late,
            "rests_on": rests,
        }
        _put(table, PreservationEntry.model_validate({**entry, "due_at": late, "next_at": late}).planned(policy()))
    due = PreservationEntry(
        document="DOCUMENTC", dossier="D", revision=1, due_at=MORNING - timedelta(days=900), next_at=MORNING
    )
    _put(table, due.failed("verification-failed: seal: altered", MORNING))
    return store


def _put(table: Table, entry: PreservationEntry) -> None:
    table.transact([put(preservation_item(entry))])


def test_the_report_says_what_is_due_and_what_failed(shell: Shell, kept: DynamoPreservation) -> None:
    code, said, _ = shell("preservation", "report", "--table", "chauban", "--json")
    report = json.loads(said)
    assert code == 1
    assert (report["kept"], report["due"]) == (3, 1)
    assert report["failed"] == {"verification-failed: seal: altered": 1}
    assert report["due_since"].startswith("2024")
    code, said, _ = shell("preservation", "report", "--table", "chauban")
    assert "verification-failed: seal: altered: 1" in said


def test_what_was_issued_before_gets_entries_and_the_report_shows_them(
    shell: Shell, kept: DynamoPreservation, table: Table, service: Service
) -> None:
    dossiers = [service.issued() for _ in range(2)]
    for dossier in dossiers:
        table.transact([put(items.document_item(dossier.id, one)) for one in dossier.documents])
    backfill = ("preservation", "backfill", "--table", "chauban")
    code, said, _ = shell(*backfill, "--dry-run")
    assert (code, kept.entry(result_of(dossiers[0]).id)) == (0, None)
    assert "sẽ thêm (would be added): 2 mục (entries)" in said
    code, said, _ = shell(*backfill, "--days", "1")
    assert code == 0
    assert "được lưu giữ lâu dài (kept for good): 2" in said
    assert "đã thêm (added): 2 mục (entries), 6 văn bản tra được theo mã (found by id)" in said
    assert all(kept.entry(result_of(dossier).id) for dossier in dossiers)
    assert "0 mục (entries)" in shell(*backfill)[1]
    assert json.loads(shell("preservation", "report", "--table", "chauban", "--json")[1])["kept"] == 5


def test_a_backfill_that_was_killed_says_that_it_goes_on(shell: Shell, kept: DynamoPreservation, table: Table) -> None:
    there = json.dumps({"pk": {"S": "D#X"}, "sk": {"S": "DOC#X"}})
    DynamoBackfill(table).keep(Progress(cursor=there, seen=7))
    said = shell("preservation", "backfill", "--table", "chauban")[1]
    assert "Going on where an earlier run stopped" in said
    assert "(seen): 7" in said
    assert "Going on" not in shell("preservation", "backfill", "--table", "chauban")[1]


@pytest.mark.parametrize("days", ["-1", "367", "soon"])
def test_a_backfill_over_years_is_refused(shell: Shell, days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        shell("preservation", "backfill", "--table", "chauban", f"--days={days}")
    assert "hãy ghi số ngày từ 0 đến 366 (give a number of days from 0 to 366)" in capsys.readouterr().err


def test_planning_brings_forward_what_rests_on_a_hash_that_ends(
    shell: Shell, kept: DynamoPreservation, table: Table
) -> None:
    assert shell("preservation", "plan", "--table", "chauban")[1].startswith("3 được xem lại, 0 ")
    DynamoCatalogue(table, state.clock()).put_algorithms(policy(ends=[retired("sha256", "2036-01-01")]))
    assert shell("preservation", "plan", "--table", "chauban")[1].startswith("3 được xem lại, 1 ")
    weak, strong = (kept.entry(f"DOCUMENT{letter}") for letter in "AB")
    assert weak
    assert strong
    assert (weak.due_at.year, strong.due_at.year) == (2035, 2046)
    assert weak.next_at == weak.due_at
    # Again, and nothing is left to do.
    assert shell("preservation", "plan", "--table", "chauban")[1].startswith("3 được xem lại, 0 ")
