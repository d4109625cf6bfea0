"""Real comments by residents, as wishes to measure with."""

import csv
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
FILES = {"bowling-green.csv": "text", "austin.csv": "text", "uk-petitions.csv": "text"}
STAND_IN = ["More trees along the road, and someone to look after them", "A bus in the evening that comes when it says it will"]


@cache
def comments() -> tuple[str, ...]:
    """Returns every comment there is, in the order of the files; a few made-up ones where the shared data is absent."""
    found = [
        row[column].strip()
        for name, column in FILES.items() if (SHARED / "comments" / name).exists()
        for row in _rows(SHARED / "comments" / name)
    ]
    return tuple(dict.fromkeys(text[:5000] for text in found if text)) or tuple(STAND_IN * 20)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


@cache
def of_forty_letters(many: int) -> tuple[str, ...]:
    """Returns wishes of just forty letters each, cut from the comments; no two alike while there are enough comments."""
    long = [text for text in comments() if len(text) >= 40]
    cut = dict.fromkeys(" ".join(text.split())[:40].ljust(40, ".") for text in long)
    return tuple((list(cut) * (many // max(len(cut), 1) + 1))[:many])


def postcodes() -> tuple[str, ...]:
    """Returns the postcodes of the campaign's place, or none where the shared data is absent."""
    path = SHARED / "geo" / "derby_postcode_ward_2014.csv"
    return tuple(row["postcode"] for row in _rows(path)) if path.exists() else ("",)


def bodies(many: int, seed: int = 2026) -> list[dict[str, object]]:
    """Returns what is posted: three wishes of forty letters and a postcode."""
    chance, wishes, places = random.Random(seed), of_forty_letters(3 * many), postcodes()
    return [{"wishes": list(wishes[3 * n:3 * n + 3]), "postcode": chance.choice(places)} for n in range(many)]
