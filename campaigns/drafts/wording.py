"""A first wording of the vision, put together by rule from names and counts, for a board to rewrite."""

from campaigns.drafts.document import Boxed, Bullets, Part, Section, Text
from campaigns.drafts.material import Material
from campaigns.drafts.prose import first_places
from campaigns.drafts.tracing import behind
from campaigns.drafts.ways import first_wording

MOST_WORDED = 3
HOW = (
    "This was put together by rule, from the names in the campaign’s coding frame and the counts above; nothing in it was "
    "invented and nothing in it has been decided. For each theme it takes the three codes counted most often, and all that tie "
    "with the third, where five or more wishes ask for them and more than half of those tell a direction. Where a tenth or more "
    "ask the other way it says both, and where "
    "four tenths or more do, or that one way is asked most, it takes no side."
)


def draft_statement(material: Material, heading: str) -> Section:
    """Returns the first wording of the vision, plainly marked as one."""
    worded = [part for one in material.themes for part in _theme(material, one.name)]
    box: Part = Boxed("First wording, for the board to rewrite", (Text(f"{material.someday} …"), *worded), "first-wording")
    if not worded:
        return Section("statement", heading, (Text(HOW), Text("There are too few coded wishes to word anything yet.")))
    return Section("statement", heading, (Text(HOW), box))


def _theme(material: Material, theme: str) -> list[Part]:
    items = []
    for one in first_places([code for code in material.codes(theme) if code.number], MOST_WORDED):
        said = first_wording(material.name(one.name), material.evidence.asks(one.name))
        if said:
            items.append(Text(f"… {said[0]}", behind=said[1], trace=behind(code=one.name)))
    return [Text("", material.name(theme)), Bullets(tuple(items))] if items else []
