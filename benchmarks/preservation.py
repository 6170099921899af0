"""How long keeping files takes, and how much memory: `python -m benchmarks.preservation [--files N] [--backlog N] [--list N]`.

Milliseconds of one processor, and bytes, for each extension of a result with two signatures, beside rendering and signing it; then
a worker with the real engine on an emulated AWS: what it computes, which calls it makes, what it holds; then longer backlogs and
lists. Authorities and emulator are processes of their own, and what they compute is not counted.
"""

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "functions"))

from chauban import bootstrap  # noqa: E402
from chauban.adapters.machine import SystemClock  # noqa: E402
from chauban.documents.rendering import WeasyPrintRenderer  # noqa: E402
from chauban.dossiers.documents import DocumentKind  # noqa: E402
from chauban.handlers.failures import reason_of  # noqa: E402
from chauban.signing.pades.preservation import PadesPreservation  # noqa: E402
from chauban.signing.preservation.planning import Planning  # noqa: E402
from chauban.signing.preservation.standing import standing  # noqa: E402

from infra.local import processes  # noqa: E402
from infra.local.folder import Folder  # noqa: E402
from infra.local.trust import open_authority  # noqa: E402
from tests.chaos.backlog import Backlog  # noqa: E402
from tests.chaos.emulated import Emulated, emulated  # noqa: E402
from tests.unit.documents.material import first_sample, request  # noqa: E402
from tests.unit.fakes.catalogue import loaded_catalogue  # noqa: E402
from tests.unit.fakes.preservation import FakePreservation  # noqa: E402
from tests.unit.signing.world import NUMBER, KeyOwner, World  # noqa: E402

FORM = "xac-nhan-tinh-trang-hon-nhan"
RENEWALS = 9
T = TypeVar("T")


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What comes of some work, and the milliseconds of this process's processor that it took."""
    began = time.process_time()
    made = work()
    return made, (time.process_time() - began) * 1000


def held() -> float:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def authority(folder: Folder) -> Iterator[World]:
    """Trust services in a process of their own."""
    port = folder.port("trust")
    command = [sys.executable, "-m", "infra.local.trust.server", "--data", str(folder.trust), "--port", str(port)]
    server = processes.start("trust", command, port, folder.logs, processes.plain_environment())
    try:
        server.wait()
        yield World(open_authority(folder.trust))
    finally:
        server.stop()


class Engine:
    """Single files, without table and archive."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.owners: tuple[KeyOwner, KeyOwner] = (world.owner("official"), world.owner("seal", "ec", "seal"))
        engine = world.engine()
        self.keeping = PadesPreservation(engine.trust.remembering(), engine.timestamps)
        self.times: dict[str, list[float]] = {}
        self.sizes: dict[str, list[int]] = {}

    def measured(self, what: str, work: Callable[[], bytes], before: int = 0) -> bytes:
        pdf, taken = timed(work)
        self.times.setdefault(what, []).append(taken)
        self.sizes.setdefault(what, []).append(len(pdf) - before)
        return pdf

    def sealed(self) -> bytes:
        """A result of a form, rendered, signed and sealed."""
        official, seal = self.owners
        asked = request(first_sample(FORM), DocumentKind.RESULT)
        pdf = self.measured("rendering the result", lambda: WeasyPrintRenderer().render(asked).pdf)
        pdf = self.measured("the official's signature", lambda: self.world.by_official(pdf, official), len(pdf))
        return self.measured("the seal", lambda: self.world.by_organisation(pdf, seal, NUMBER), len(pdf))

    def life(self) -> None:
        """From rendering to the last renewal."""
        pdf = self.sealed()
        for number in range(RENEWALS + 1):
            what = "first extension" if number == 0 else f"renewal {number}"
            pdf = self.measured(what, lambda pdf=pdf: self.keeping.extend(pdf, POLICY).pdf, len(pdf))  # type: ignore[misc]

    def table(self) -> None:
        rendering = statistics.median(self.times["rendering the result"])
        head = f"{'files':>5} {'least':>7} {'median':>7} {'most':>7} {'/ rendering':>12} {'KB':>7}"
        say(f"{'ms of one processor':28} {head}")
        for what, each in self.times.items():
            median, size = statistics.median(each), statistics.median(self.sizes[what]) / 1000
            least, most = min(each), max(each)
            say(
                f"{what:28} {len(each):5} {least:7.1f} {median:7.1f} {most:7.1f} {median / rendering:12.2f} {size:7.1f}"
            )


POLICY = loaded_catalogue().algorithms()


class Worker:
    """The extend worker as its function wires it, in this process; its calls to AWS are counted."""

    def __init__(self, aws: Emulated, tsa_urls: str, *, real: bool) -> None:
        os.environ.update(aws.environment(tsa_urls))
        self.renewing = bootstrap.renewing(reason_of)
        self.calls: Counter[str] = Counter()
        if not real:
            extending = replace(self.renewing.extending, engine=FakePreservation(SystemClock()))
            self.renewing = replace(self.renewing, extending=extending)
        for service in ("dynamodb", "s3"):
            bootstrap.client(service).meta.events.register(f"before-call.{service}", self._called)

    def _called(self, model: Any, **_: object) -> None:
        self.calls[model.name] += 1

    def run(self, files: int) -> None:
        """Works off so many files of what is due, and says what that took."""
        self.calls.clear()
        report, taken = timed(lambda: self.renewing.run(36_000, files))
        if report.done != files:
            raise SystemExit(f"not all were extended: {report}")
        calls = ", ".join(f"{name} {count / files:.2f}" for name, count in sorted(self.calls.items()))
        each = taken / files
        say(
            f"{files:7} files: {each:6.1f} ms each, {1000 / each:5.1f} a second and core; at most {held():.0f} MB so far"
        )
        say(f"               {calls}")


def parts(total: int) -> list[int]:
    """A hundredth, what is missing to a tenth, and the rest."""
    few, more = max(total // 100, 1), max(total // 10 - total // 100, 1)
    return [few, more, max(total - few - more, 1)]


def worked(aws: Emulated, tsa_urls: str, pdf: bytes, files: int) -> None:
    say("\na worker on an emulated AWS, with the real engine")
    Backlog(aws, files, lambda _: pdf, letter="A").fill()
    worker = Worker(aws, tsa_urls, real=True)
    for number in parts(files):
        worker.run(number)


def backlogs(aws: Emulated, tsa_urls: str, files: int) -> None:
    say("\nthe same with an engine that computes nothing")
    Backlog(aws, files, letter="B").fill()
    worker = Worker(aws, tsa_urls, real=False)
    for number in parts(files):
        worker.run(number)


def lists(aws: Emulated, entries: int) -> None:
    """Entries are counted and planned; of three lists, each is ten times as long as the one before."""
    say("\nreport and plan over all that is kept")
    for letter, number in zip("CEF", parts(entries), strict=True):
        Backlog(aws, number, letter=letter).fill()
        found, counting = timed(lambda: standing(aws.due, aws.clock.now()))
        _, planning = timed(Planning(aws.due, loaded_catalogue()).plan)
        say(
            f"{found.kept:7} entries: report {counting:7.0f} ms, plan {planning:7.0f} ms; at most {held():.0f} MB so far"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20, help="results whose whole life is measured")
    parser.add_argument("--worked", type=int, default=200, help="results that a worker extends with the real engine")
    parser.add_argument("--backlog", type=int, default=1_000, help="results for an engine that computes nothing")
    parser.add_argument("--list", type=int, default=10_000, help="entries that are reported and planned")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root, authority(Folder(Path(root))) as world:
        engine = Engine(world)
        for _ in range(options.files):
            engine.life()
        engine.table()
        anchors, tsa_urls = world.authority.root_file.read_bytes(), ",".join(world.authority.tsa_urls)
        with emulated(Path(root) / "aws", SystemClock(), anchors) as aws:
            worked(aws, tsa_urls, engine.sealed(), options.worked)
            backlogs(aws, tsa_urls, options.backlog)
            lists(aws, options.list)


if __name__ == "__main__":
    main()
