"""The plan on a page, as a table: what is known filled in, the rest for officers to write."""

from campaigns.drafts.document import Cell, Grid, Section
from campaigns.drafts.limits import moment
from campaigns.drafts.material import Material
from campaigns.drafts.prose import count, first_places, listed, starting
from campaigns.drafts.tracing import behind

MOST_NAMED = 3
TO_WRITE = ("Ambition", "Vision", "The one goal", "Underpinning plans")


def on_a_page(material: Material, heading: str) -> Section:
    """Returns the head of the plan: ambition, vision, goal, plans and who drives it."""
    rows: list[tuple[Cell, ...]] = [(what, material.room(what)) for what in TO_WRITE]
    rows.append(("Who drives it", f"{material.campaign.organiser}. {material.campaign.who_decides}"))
    return Section("on-a-page", heading, (Grid("The plan", ("What", "Wording"), tuple(rows)),))


def outcomes(material: Material, heading: str) -> Section:
    """Returns a line for each theme: what was most asked for, who answers, and by which plan."""
    rows: list[tuple[Cell, ...]] = []
    for theme in material.campaign.frame.themes:
        asked = first_places([code for code in material.codes(theme.id) if code.number], MOST_NAMED)
        wished = listed(f"{material.name(code.name)} ({count(code.number)})" for code in asked)
        theirs = (material.room("Its plan"), material.room("Statutory board"))
        rows.append((theme.name, wished or "–", starting(theme.answers), *theirs))
    whole = f"{count(material.coded_responses)} with a coded wish"
    note = f"In brackets: responses that ask for it, of {whole}, counted {moment(material)}."
    columns = ("Priority outcome", "Most asked for", "Who answers", "Its plan", "Statutory board")
    traces = tuple(behind(theme=theme.id) for theme in material.campaign.frame.themes)
    caption = "Priority outcomes and who answers for them"
    return Section("outcomes", heading, (Grid(caption, columns, tuple(rows), (), note, traces),))
