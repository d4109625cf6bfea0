"""What can be drafted: each kind of document, and the parts it is made of in the order they stand."""

from dataclasses import dataclass

# Every part that an outline may name, with the heading it has unless the outline gives it another.
PARTS = {
    "asked": "What was asked",
    "method": "How it was asked and counted",
    "who": "Who took part and how",
    "waterfall": "From what was sent to what is counted",
    "asked-for": "What they asked for",
    "statement": "A draft vision statement",
    "chapters": "What each partnership heard",
    "disagree": "Where wishes point both ways",
    "quoted": "Typical and opposing wishes",
    "indicators": "What the indicators say",
    "matrix": "The most asked beside indicators off target",
    "areas": "Area by area",
    "on-a-page": "The plan",
    "outcomes": "Priority outcomes",
    "achievements": "Achievements",
    "progress": "Progress and reach",
    "emerging": "Emerging themes",
    "business": "Recent business",
    "horizon": "On the horizon",
    "decisions": "Decisions asked of the board",
    "next-meeting": "Next meeting",
    "summary": "Summary",
    "recommendations": "Recommendations",
    "reasons": "Reasons for the recommendations",
    "supporting": "Supporting information",
    "options": "Other options considered",
    "implications": "Implications",
    "equality": "Evidence for an equality impact assessment",
    "consulted": "Officers consulted",
    "papers": "Background papers",
    "actions": "Actions",
    "limits": "What these figures do and do not say",
    "as-of": "Up to when",
}


@dataclass(frozen=True)
class Kind:
    """One kind of document: its title, what it opens with, and its parts."""

    name: str
    title: str
    opening: str
    parts: tuple[str, ...]
    wide: bool = False


FOR_EDITORS = (
    "This draft was put together from the wishes themselves. It is for those who decide to edit: nothing in it has been decided."
)
EACH = (
    Kind(
        "vision", "A vision for {place}: first draft", FOR_EDITORS,
        ("asked", "who", "asked-for", "statement", "limits", "as-of"),
    ),
    Kind(
        "strategy", "A strategy for {place}: first draft", FOR_EDITORS,
        ("asked", "who", "indicators", "chapters", "matrix", "limits", "as-of"),
    ),
    Kind("plan", "{place}: the plan on a page", "", ("on-a-page", "outcomes"), wide=True),
    Kind(
        "board", "{title}: report to the board", FOR_EDITORS,
        ("achievements", "business", "progress", "emerging", "indicators", "horizon", "decisions", "next-meeting", "as-of"),
    ),
    Kind(
        "report", "{title}: what people told us", FOR_EDITORS,
        ("method", "waterfall", "who", "asked-for", "disagree", "quoted", "limits", "as-of"),
    ),
    Kind(
        "committee", "{title}: report to committee", "",
        ("summary", "recommendations", "reasons", "supporting", "options", "implications", "equality", "consulted", "papers",
         "limits", "as-of"),
    ),
    Kind("area", "{title}: {areas} by {areas}", FOR_EDITORS, ("areas", "limits", "as-of")),
    Kind("theme", "{title}: a pack for each partnership", FOR_EDITORS, ("chapters", "limits", "as-of")),
)
KINDS = {kind.name: kind for kind in EACH}
VISION = "vision"

# The tables that a part states, beside those that every draft does.
NEEDS = {
    "chapters": ("ward and theme", "theme and coder", "theme and ask"), "areas": ("ward and theme", "ward and code"),
    "quoted": ("theme and ask",),
}
ANSWERS = "equality"  # the part that states how about-you questions were answered


def read_part(written: str) -> tuple[str, str]:
    """Returns the part that a line of an outline names, and the heading it gives it: "who", or "who: Who replied"."""
    name, _, heading = written.partition(":")
    return name.strip(), heading.strip()
