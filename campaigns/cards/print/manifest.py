"""The manifest that goes with printed files: what they hold, and the hashes by which they are known to be whole."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from campaigns.cards.print.papers import Paper
from campaigns.cards.print.stub import BODY
from campaigns.definition import Campaign
from campaigns.store.cards import Batch

_MM = 72 / 25.4


@dataclass(frozen=True)
class Made:
    """One file that was made: where, how many cards it holds, and how many pages (0: it has none)."""

    path: Path
    cards: int
    pages: int = 0


def describe(campaign: Campaign, batch: Batch, paper: Paper, base_url: str, made: Iterable[Made], at: str) -> str:
    """Returns a manifest as JSON; ``at`` is when the files were made, in UTC."""
    files = [_file(one) for one in made]
    area = campaign.area_named(batch.ward) if batch.ward else None
    place = campaign.source(batch.place)
    return json.dumps({
        "campaign": campaign.slug, "title": campaign.title, "addresses_begin": base_url, "made": at,
        "batch": {**asdict(batch), "ward_name": area.name if area else "", "place_name": place.name if place else ""},
        "cards": batch.last - batch.first + 1, "pages": sum(file["pages"] for file in files), "paper": _paper(paper),
        "files": files,
    }, indent=1, ensure_ascii=False)


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "name": paper.name, "words": paper.words, "page_mm": [_mm(side) for side in paper.size], "bleed_mm": _mm(paper.bleed),
        "cards_a_page": len(paper.places), "both_sides": "turn over the long edge",
        "perforate_mm_from_left_of_front": _mm(BODY * paper.scale),
    }


def _file(made: Made) -> dict[str, Any]:
    with made.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": made.path.name, "cards": made.cards, "pages": made.pages, "bytes": made.path.stat().st_size, "sha256": digest,
    }


def _mm(points: float) -> float:
    return round(points / _MM, 1)
