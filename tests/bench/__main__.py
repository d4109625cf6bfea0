"""``bin/bench``: measures the figures that are named, or all of them."""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from campaigns.store.server.places import REPOSITORY
from tests.bench import (
    accepting,
    bytes_each,
    coding_again,
    cold,
    crowd,
    desk,
    embedding,
    exporting,
    keying,
    million,
    pages,
    paper,
    printing,
    reading,
    rebuilding,
    scanning,
    steady,
    tallying,
)
from tests.bench.figures import ROUNDS, Bench, Result
from tests.bench.filling import fill
from tests.bench.site import site
from tests.bench.table import as_json, as_markdown, as_table
from tests.bench.tagging import comparing, ranging

FAMILIES: Mapping[str, Callable[[Bench], list[Result]]] = {
    "accepts": accepting.measure,
    "tallying": tallying.measure,
    "steady": steady.measure,
    "embedding": embedding.measure,
    "coding": coding_again.measure,
    "rebuild": rebuilding.measure,
    "million": million.measure,
    "bytes": bytes_each.measure,
    "cold": cold.measure,
    "pages": pages.measure,
    "paper": paper.measure,
    "printing": printing.measure,
    "scans": scanning.measure,
    "keying": keying.measure,
    "crowd": crowd.measure,
    "desk": desk.measure,
    "reading": reading.measure,
    "export": exporting.measure,
}


def main(arguments: list[str]) -> int:
    """Measures and prints, or fills a data folder; returns the exit code: 1 where a figure is not reached."""
    asked = _parse(arguments)
    folder = asked.folder.absolute()
    filled = (asked.data or folder / ("filled-quick" if asked.quick else "filled")).absolute()
    (folder / "model").mkdir(parents=True, exist_ok=True)
    bench = Bench(folder, folder / "model", filled, asked.quick, asked.rounds, asked.responses, _teller())
    if asked.fill:
        return _fill(bench, asked.fill)
    if asked.ranges:
        return _hold(bench, asked.json or folder / "ranges.json")
    if asked.coding:
        return _compare(bench, asked.json or folder / "coding.json", asked.apart)
    results = []
    for name in asked.names or FAMILIES:
        bench.tell(f"{name} ...")
        with TemporaryDirectory(dir=folder) as fresh:
            results += FAMILIES[name](replace(bench, folder=Path(fresh)))
    command = " ".join(["bin/bench", *arguments])
    print(as_markdown(results, command) if asked.markdown else as_table(results))
    file = asked.json or folder / "figures.json"
    file.write_text(as_json(results, command))
    print(f"\n{sum(result.reached for result in results)} of {len(results)} reached. All rounds are in {file}")
    return 0 if all(result.reached for result in results) else 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure Three Wishes, each figure beside its baseline.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(FAMILIES)}; all unless named")
    parser.add_argument("--quick", action="store_true", help="once, and with little: shows that it works, not how fast it is")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="measure each so often; five times unless told")
    parser.add_argument("--markdown", action="store_true", help="print the table as docs/performance.md has it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures as JSON")
    parser.add_argument("--fill", type=int, metavar="N", help="fill a data folder with N responses; goes on where it stopped")
    parser.add_argument("--coding", action="store_true", help="compare ways of coding on comments that people coded; minutes")
    parser.add_argument("--ranges", action="store_true", help="try whether ranges hold the truth in 1,000 made-up campaigns")
    parser.add_argument("--apart", action="store_true", help="with --coding: without the examples that are much like a comment")
    parser.add_argument("--responses", type=int, default=100_000, metavar="N", help="how many the desk is measured over")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="the data folder to fill, or with a million responses in it")
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "var" / "bench", help="where to work")
    asked = parser.parse_args(arguments)
    if strange := sorted(set(asked.names) - set(FAMILIES)):
        parser.error(f"there is no figure {strange[0]!r}; there are: {', '.join(FAMILIES)}")
    return asked


def _compare(bench: Bench, file: Path, apart: bool) -> int:
    told = comparing.compare(bench.folder / "coding-vectors", bench.model, bench.tell, bench.quick, apart)
    comparing.write(told, file)
    print(f"{comparing.as_lines(told)}\n\nKept: {told['kept']}; for the ask: {told['kept_ask']}. All folds are in {file}")
    return 0


def _hold(bench: Bench, file: Path) -> int:
    campaigns = ranging.FEW if bench.quick else ranging.CAMPAIGNS
    found = ranging.simulate(ranging.read_comments(bench.model), campaigns, bench.tell)
    file.write_text(ranging.as_json(found))
    print(f"{ranging.as_lines(found, campaigns)}\n\n{sum(one.reached for one in found)} of {len(found)} reached: {file}")
    return 0 if all(one.reached for one in found) else 1


def _teller() -> Callable[[str], None]:
    began = time.monotonic()
    return lambda said: print(f"{time.monotonic() - began:7.0f} s  {said}", file=sys.stderr, flush=True)


def _fill(bench: Bench, responses: int) -> int:
    with site(bench.filled, bench.model) as here:
        held = fill(here, responses, bench)
    print(f"{held:,} responses are in {bench.filled}. To look at them: DATA_DIR={bench.filled} bin/start")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that whatever was started is ended
    sys.exit(main(sys.argv[1:]))
