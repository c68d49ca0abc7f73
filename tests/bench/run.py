"""Measure builds: `make bench`, or `make bench CARDS="100 100000"`.

Each build is a process of its own with a cache folder of its own. Just before it stands the floor, see `floor.py`.
All figures are medians of the rounds.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import primer_anki
from tests.bench import corpus

SIZES = (100, 1_000, 10_000)
HELP_ROUNDS = 25
"""A tenth of a second needs many."""
CASES = ("cold", "unchanged", "one file changed")
LIBRARIES = ("click", "pyyaml", "markdown-it-py", "genanki", "msgspec", "nh3", "pygments", "rapidfuzz")
PROGRAM = Path(sys.executable).with_name("primer-anki")
FLOOR = Path(__file__).with_name("floor.py")
PACKAGE = Path(primer_anki.__file__).parent
"""It gets its bytecode before it is measured, as an installation leaves it."""


@dataclass(frozen=True)
class Cost:
    """What a process cost."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, user and system, its children included."""
    peak: float
    """MB that its largest process held at most."""


@dataclass(frozen=True)
class Measured:
    """One size, all cases."""

    cards: int
    files: int
    floor: Mapping[str, float]
    """Seconds by part."""
    builds: Mapping[str, Cost]
    shares: Mapping[str, float]
    """Wall time of each build as a share of the floor measured just before it."""

    @property
    def whole_floor(self) -> float:
        return sum(self.floor.values())


def measure(command: Sequence[object], environment: Mapping[str, str]) -> Cost:
    """Run a command to its end; it must succeed."""
    with open(os.devnull, "w") as nowhere:
        begin = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), env=environment, stdout=nowhere, stderr=nowhere)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: exit code {process.returncode}")
    scale = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * scale / 1e6)


def measure_size(cards: int, rounds: int, scratch: Path) -> Measured:
    """All cases of one size, `rounds` times, a floor just before each: a machine's speed drifts."""
    folder, cache, output = scratch / "deck", scratch / "cache", scratch / "deck.apkg"
    environment = {**os.environ, "PRIMER_ANKI_CACHE": str(cache)}
    build = (PROGRAM, "build", folder, "-o", output)
    floors: list[dict[str, float]] = []
    builds: dict[str, list[Cost]] = {case: [] for case in CASES}
    shares: dict[str, list[float]] = {case: [] for case in CASES}

    def measure_case(case: str) -> None:
        floors.append(measure_floor(folder, notes))
        builds[case].append(measure(build, environment))
        shares[case].append(builds[case][-1].wall / sum(floors[-1].values()))

    files = _afresh(scratch, cards)
    measure(build, environment)  # it only shows how many notes there are
    notes = _notes(output.with_suffix(".ledger.jsonl"))
    for number in range(rounds):
        files = _afresh(scratch, cards)
        measure_case("cold")
        measure_case("unchanged")
        changed = files[len(files) // 2]
        changed.write_text(f"{changed.read_text(encoding='utf-8')}\n## Why is there a round {number}?\n\nTo be sure.\n")
        measure_case("one file changed")
    return Measured(
        cards,
        len(files),
        {part: statistics.median(each[part] for each in floors) for part in floors[0]},
        {case: _median(costs) for case, costs in builds.items()},
        {case: statistics.median(each) for case, each in shares.items()},
    )


def _afresh(scratch: Path, cards: int) -> tuple[Path, ...]:
    """The sources alone, in their order; nothing is left of an earlier build."""
    for path in scratch.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return corpus.write(scratch / "deck", cards)


def measure_floor(folder: Path, notes: int) -> dict[str, float]:
    """Seconds of each part: see `floor.py`."""
    floor = (sys.executable, FLOOR, folder, str(notes))
    found: dict[str, float] = json.loads(subprocess.run(floor, capture_output=True, check=True).stdout)
    return found


def _notes(ledger: Path) -> int:
    """How many notes the deck has, all new: each a line below the header."""
    return len(ledger.read_bytes().splitlines()) - 1


def measure_help(rounds: int) -> tuple[Cost, Cost]:
    """`--help`, and Python with click alone."""
    pairs = [
        (measure((PROGRAM, "--help"), os.environ), measure((sys.executable, "-c", "import click"), os.environ))
        for _ in range(rounds)
    ]
    return _median([one for one, _ in pairs]), _median([other for _, other in pairs])


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(asdict(cost)[name] for cost in costs) for name in ("wall", "cpu", "peak")))


def machine() -> str:
    """What the figures were measured on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"{_processor()}, {cores} cores, {platform.system()}, Python {platform.python_version()}; {libraries}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    found = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(found, platform.machine())


def table(measured: Measured) -> str:
    """A size for reading."""
    parts = ", ".join(f"{part} {seconds:.2f} s" for part, seconds in measured.floor.items())
    lines = [
        f"{measured.cards:,} cards in {measured.files:,} files; floor {measured.whole_floor:.2f} s ({parts})",
        "  case                 wall s    CPU s   peak MB   wall / floor",
    ]
    for case, cost in measured.builds.items():
        share = measured.shares[case]
        lines.append(f"  {case:18}{cost.wall:9.2f}{cost.cpu:9.2f}{cost.peak:10.0f}{share:15.2f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure builds of decks of several sizes.")
    parser.add_argument("cards", type=int, nargs="*", default=SIZES, help=f"default: {' '.join(map(str, SIZES))}")
    parser.add_argument("--rounds", type=int, default=3, help="default: 3")
    parser.add_argument("--json", action="store_true", help="as JSON, at the end")
    options = parser.parse_args()
    found: list[Measured] = []
    compileall.compile_dir(PACKAGE, quiet=1)
    with tempfile.TemporaryDirectory(prefix="primer-anki-bench-") as scratch:
        if not options.json:
            print(machine(), flush=True)
        for cards in options.cards:
            found.append(measure_size(cards, options.rounds, Path(scratch)))
            if not options.json:
                print(table(found[-1]), flush=True)
    shown, alone = measure_help(max(options.rounds, HELP_ROUNDS))
    if options.json:
        sizes = [{**asdict(each), "whole_floor": each.whole_floor} for each in found]
        help_ = {"help": asdict(shown), "import click": asdict(alone)}
        print(json.dumps({"machine": machine(), "sizes": sizes, **help_}, indent=2))
    else:
        print(f"--help {shown.wall:.3f} s; python -c 'import click' {alone.wall:.3f} s")


if __name__ == "__main__":
    main()
