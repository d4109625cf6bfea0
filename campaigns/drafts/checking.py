"""Checking a campaign's outlines of drafts, every mistake told by line and remedy."""

from campaigns.definition import Campaign, Outline
from campaigns.drafts.kinds import KINDS, PARTS, read_part
from campaigns.mistakes import Mistakes, repeated


def check_outlines(campaign: Campaign, mistakes: Mistakes) -> None:
    """Notes what is wrong with the outlines: kinds and parts that there are not, and what stands twice."""
    for place, twice in repeated(outline.kind for outline in campaign.outlines):
        mistakes.add("drafts.kind", f"[[drafts]] outlines “{twice}” twice. Keep one of them.", place)
    for place, outline in enumerate(campaign.outlines):
        if outline.kind not in KINDS:
            mistakes.add("drafts.kind", f"[[drafts]] “{outline.kind}” cannot be drafted. Use one of {', '.join(KINDS)}.", place)
        if not outline.title.strip():
            mistakes.add("drafts.title", f"[[drafts]] {outline.kind} has an empty title. Write one.", place)
        _check_parts(outline, place, mistakes)
        _check_names(outline, place, mistakes)


def _check_parts(outline: Outline, place: int, mistakes: Mistakes) -> None:
    parts = [read_part(written)[0] for written in outline.parts]
    for part in dict.fromkeys(part for part in parts if part not in PARTS):
        mistakes.add("drafts.parts", f"[[drafts]] {outline.kind}: there is no part “{part}”. Use {', '.join(PARTS)}.", place)
    for _, twice in repeated(parts):
        mistakes.add("drafts.parts", f"[[drafts]] {outline.kind}: the part “{twice}” stands twice. Take one out.", place)


def _check_names(outline: Outline, place: int, mistakes: Mistakes) -> None:
    for line in outline.completed_by:
        if not line.rpartition(":")[2].strip():
            mistakes.add(
                "drafts.completed_by", f"[[drafts]] {outline.kind}: “{line}” names nobody. Write who completes it: "
                "“Financial and value for money: the Director of Finance”, or one name for all.", place,
            )
