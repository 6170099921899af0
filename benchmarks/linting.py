"""How long the linter takes: `python -m benchmarks.linting`, milliseconds of one processor for each file of ours."""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "functions"))

from chauban.dossiers.documents import DocumentKind  # noqa: E402
from chauban.signing.linting import Mode, lint  # noqa: E402

from tests.unit.documents.material import DOCUMENTS, SLUGS, document, first_sample  # noqa: E402
from tests.unit.signing.world import NUMBER, running_world  # noqa: E402

ROUNDS = 5


def milliseconds(pdf: bytes, mode: Mode) -> float:
    """The fastest of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        if found := lint(pdf, mode):
            raise SystemExit(f"not clean: {found}")
        taken.append(time.process_time() - began)
    return min(taken) * 1000


def line(what: str, times: Iterable[float]) -> None:
    """One line of the table."""
    each = sorted(times)
    sys.stdout.write(f"{what:28} {len(each):5} {each[0]:8.1f} {statistics.median(each):8.1f} {each[-1]:8.1f}\n")


def main() -> None:
    sys.stdout.write(f"{'':28} {'files':>5} {'least':>8} {'median':>8} {'most':>8}\n")
    line("before the first signature", (milliseconds(document(*each).pdf, Mode.FIRST) for each in DOCUMENTS))
    with tempfile.TemporaryDirectory() as folder, running_world(Path(folder) / "trust") as world:
        results = [document(first_sample(slug), DocumentKind.RESULT).pdf for slug in SLUGS]
        signed = [world.by_official(result, world.owner("official-rsa")) for result in results]
        sealed = [world.by_organisation(each, world.owner("seal-ec", "ec", "seal"), NUMBER) for each in signed]
        line("before the seal", (milliseconds(each, Mode.NEXT) for each in signed))
        line("after the seal", (milliseconds(each, Mode.NEXT) for each in sealed))


if __name__ == "__main__":
    main()
