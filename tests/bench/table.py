"""What was measured, as a table on the terminal and as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.figures import Result, number

HEADS = ("figure", "median", "baseline", "ratio", "to reach", "reached", "fdatasync p50 / p99 ms")


def as_table(results: Sequence[Result]) -> str:
    """Returns the figures as a table, each with what bounds it below where it is not reached, and what else was seen."""
    rows = [HEADS, *(_row(result) for result in results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    lines = []
    for row, result in zip(rows, [None, *results], strict=True):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if result:
            lines += [f"    against {result.figure.baseline}"] if result.figure.baseline else []
            lines += [f"    {note}" for note in result.notes]
    return "\n".join(lines)


def _row(result: Result) -> tuple[str, ...]:
    figure, unit = result.figure, result.figure.unit
    return (
        figure.name, f"{number(result.median)} {unit}", number(result.beside),
        f"{number(result.ratio)}x" if result.ratio else "-", result.said_target, "yes" if result.reached else "NO",
        f"{number(result.fsync(50))} / {number(result.fsync(99))}",
    )


def as_markdown(results: Sequence[Result], command: str) -> str:
    """Returns the figures as a table for the documentation."""
    heads = ("figure", "median", "baseline beside it", "ratio", "to reach", "", "fdatasync p50 / p99, ms", "made by")
    rows = [(*_row(result), f"`{command}`") for result in results]
    lines = ["| " + " | ".join(cells) + " |" for cells in (heads, ("---",) * len(heads), *rows)]
    notes = [f"- {result.figure.name}: {note}" for result in results for note in result.notes]
    return "\n".join([*lines, "", *notes])


def as_json(results: Sequence[Result], command: str) -> str:
    """Returns the figures as JSON, with the machine, the time, and every single round."""
    return json.dumps({
        "command": command, "at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(),
        "figures": [_as_dict(result) for result in results],
    }, indent=1, ensure_ascii=False)


def _as_dict(result: Result) -> dict[str, Any]:
    figure = result.figure
    return {
        "name": figure.name, "unit": figure.unit, "median": result.median, "rounds": result.ours,
        "baseline": {"what": figure.baseline, "median": result.beside, "rounds": result.baseline},
        "ratio": result.ratio, "target": figure.target, "held_to_target": figure.by, "less_is_better": figure.less,
        "reached": result.reached, "notes": result.notes,
        "fdatasync_ms": {"p50": result.fsync(50), "p99": result.fsync(99)},
    }


def machine() -> dict[str, Any]:
    """Returns what the figures were measured on."""
    about = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next((line.partition(":")[2].strip() for line in about.splitlines() if line.startswith("model name")), "")
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": model or platform.machine(), "processors": os.cpu_count(), "memory_gb": round(pages / 2**30),
        "system": platform.system(), "python": platform.python_version(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
    }
