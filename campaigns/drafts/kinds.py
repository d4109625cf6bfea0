"""What can be drafted: each kind of document, and the parts it is made of in the order they stand."""

from dataclasses import dataclass

# Every part that an outline may name, with the heading it has unless the outline gives it another.
PARTS = {
    "asked": "What was asked",
    "who": "Who took part and how",
    "asked-for": "What they asked for",
    "statement": "A draft vision statement",
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
)
KINDS = {kind.name: kind for kind in EACH}
VISION = "vision"


def read_part(written: str) -> tuple[str, str]:
    """Returns the part that a line of an outline names, and the heading it gives it: "who", or "who: Who replied"."""
    name, _, heading = written.partition(":")
    return name.strip(), heading.strip()
