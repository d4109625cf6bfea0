"""A chapter for each partnership: what people said, who and where, how sure, which way, what is measured, what is to be done."""

from fractions import Fraction

from campaigns.drafts.asked_for import code_table, most_asked, place_words, quotes_of
from campaigns.drafts.document import Bullets, Cell, Grid, Part, Section, Share, Text
from campaigns.drafts.material import Material
from campaigns.drafts.measured import of_theme
from campaigns.drafts.prose import FEWEST_FOR_WORDS, Ranked, count, in_sentence, listed, percent, plural
from campaigns.drafts.surety import theme_range
from campaigns.drafts.taking_part import called
from campaigns.drafts.tracing import behind
from campaigns.drafts.ways import Direction, both_sides, say_direction
from campaigns.small_cells import SMALLEST_SHOWN

FEWER = "fewer than five"
SMALL = (
    f"Counts under {SMALLEST_SHOWN} are not shown, nor others from which they could be worked out. "
    "A share is of all responses from there."
)
ACTIONS = 3


def chapters(material: Material, heading: str) -> Section:
    """Returns the part with a chapter for each theme, most asked first; one chapter where a draft keeps to one theme."""
    wanted = [one for one in material.themes if material.only in ("", one.name)]
    if len(wanted) == 1:
        return _chapter(material, wanted[0])
    said = (
        f"Each of the {count(len(wanted))} chapters that follow goes to those who answer for its theme. Priorities and "
        "actions are theirs to write: nothing in them was written by machine."
    )
    return Section("chapters", heading, (Text(said),), tuple(_chapter(material, one) for one in wanted))


def _chapter(material: Material, one: Ranked) -> Section:
    theme = next(theme for theme in material.campaign.frame.themes if theme.id == one.name)
    opening = (place_words(material, one), Text(f"{theme.answers}.", "Who answers for it:"))
    said: list[tuple[str, str, list[Part]]] = [
        ("said", "What people said", _said(material, one)), ("where", "Who and where", _where(material, one)),
        ("sure", "How sure this is", _how_sure(material, one.name)),
        ("way", "Which way people ask", _which_way(material, one.name)),
        ("measured", "What the indicators say", of_theme(material, one.name)),
        ("priorities", "Priorities", [material.room("Priorities")]), ("actions", "Actions", [actions(material)]),
    ]
    under = tuple(Section(f"{one.name}-{name}", heading, tuple(parts)) for name, heading, parts in said)
    return Section(f"chapter-{one.name}", theme.name, opening, under, one.name, new_page=True)


def _said(material: Material, one: Ranked) -> list[Part]:
    if not one.number:
        return [Text("No coded wish asks for anything here yet.")]
    return [most_asked(material, one.name), code_table(material, one.name), *quotes_of(material, one.name)]


def _where(material: Material, one: Ranked) -> list[Part]:
    of_all = material.evidence.counts("ward, responses")
    areas = [area.name for area in material.campaign.areas]
    if not one.number or not areas:
        return [Text("No response to this can be placed yet.")]
    here = material.evidence.table("ward and theme, responses")
    placed = sum(here.cells.get((area, one.name), 0) for area in areas)
    shown = {area: material.by_area[area, one.name] for area in areas}
    told = f"{plural(placed, 'response')} of the {count(one.number)} can be placed in a {called(material)}."
    ordered = sorted(areas, key=lambda area: -(shown[area] or 0))
    rows = tuple(_area_row(area, shown[area], of_all.get(area, 0)) for area in ordered)
    traces = tuple(behind(ward=str(row[0]), theme=one.name) if isinstance(row[1], Share) else "" for row in rows)
    caption = f"Responses about {material.name(one.name)} by {called(material)}"
    grid = Grid(caption, (called(material).capitalize(), "Responses"), rows, note=SMALL, traces=traces)
    return [Text(f"{told} {_most_and_least(material, shown, of_all)}".strip()), grid]


def _area_row(area: str, number: int | None, whole: int) -> tuple[Cell, ...]:
    return area, FEWER if number is None else Share(number, whole)


def _most_and_least(material: Material, shown: dict[str, int | None], of_all: dict[str, int]) -> str:
    """Says where the share is largest and where smallest, among areas with enough responses for a share to mean anything."""
    shares = {
        area: Fraction(number, of_all[area]) for area, number in shown.items()
        if number is not None and of_all.get(area, 0) >= FEWEST_FOR_WORDS
    }
    if len(shares) < 2 or max(shares.values()) == min(shares.values()):
        return ""
    most, least = (
        listed(f"{area} ({count(shown[area] or 0)} of {count(of_all[area])}, {percent(shown[area] or 0, of_all[area])})"
               for area, share in shares.items() if share == wanted)
        for wanted in (max(shares.values()), min(shares.values()))
    )
    return (
        f"Of each {called(material)} with {FEWEST_FOR_WORDS} responses or more whose count is shown, the largest share of "
        f"responses asks for something here in {most}, the smallest in {least}."
    )


def _how_sure(material: Material, theme: str) -> list[Part]:
    row = material.evidence.table("theme and coder, wishes").row(theme)
    person, machine = row.get("person", 0), row.get("machine", 0)
    said = f"Of the {plural(person + machine, 'wish', 'wishes')} under this theme, {_coded(person, machine)}."
    return [Text(said, trace=behind(theme=theme, coder="person") if person else ""), Text(theme_range(material, theme))]


def _coded(person: int, machine: int) -> str:
    if not person:
        return "none has been checked by a person: a machine coded them"
    if not machine:
        return "every one was coded or put right by a person"
    return f"a person coded or put right {count(person)}; a machine coded the other {count(machine)}"


def _which_way(material: Material, theme: str) -> list[Part]:
    asks = material.evidence.table("theme and ask, wishes").row(theme)
    parts: list[Part] = [Text(f"Of all wishes under this theme: {in_sentence(say_direction(asks))}")] if asks else []
    some = [code.name for code in material.codes(theme) if code.number]
    divided = [code for code in some if Direction(material.evidence.asks(code)).divided]
    if divided:
        each = (
            Text(f"{both_sides(material.evidence.asks(code))}.", f"{material.name(code)}:", trace=behind(code=code))
            for code in divided
        )
        parts += [Text("", "Asked both ways:"), Bullets(tuple(each))]
    return parts or [Text("No direction is told yet.")]


def actions(material: Material) -> Grid:
    """Returns an empty table of actions, to be filled in by those who will answer for them."""
    rows = tuple((str(n), material.room("Actions"), "", "", "") for n in range(1, ACTIONS + 1))
    return Grid("Actions to be agreed", ("No.", "Action", "Owner", "Measure: outcome or output", "By when"), rows)


def all_actions(material: Material, heading: str) -> Section:
    """Returns the part with priorities and actions for the whole."""
    return Section("actions", heading, (material.room("Priorities"), actions(material)))
