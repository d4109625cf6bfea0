"""A page for each area: how many replied, what they asked for beside everyone, and their own cleared words."""

from campaigns.drafts.asked_for import said_by
from campaigns.drafts.chapters import FEWER, SMALL
from campaigns.drafts.document import Bullets, Cell, Grid, Part, Section, Share, Text
from campaigns.drafts.material import Material
from campaigns.drafts.prose import count, first_places, percent, plural, rank, share_of, starting
from campaigns.drafts.taking_part import called
from campaigns.drafts.tracing import behind
from campaigns.small_cells import SMALLEST_SHOWN

MOST_CODES = 5


def area_pages(material: Material, heading: str) -> Section:
    """Returns a page for each area in the order of its name; one page where a draft keeps to one area."""
    areas = sorted(area.name for area in material.campaign.areas if material.only in ("", area.id, area.name))
    if not areas:
        return Section("areas", heading, (Text("This campaign counts by no areas."),))
    pages = tuple(_page(material, area) for area in areas)
    if len(pages) == 1:
        return pages[0]
    counts = material.evidence.counts("ward, responses")
    placed = sum(counts.get(area, 0) for area in areas)
    said = f"{starting(share_of(placed, material.responses, 'response'))} can be placed in a {called(material)}; each has a page."
    return Section("areas", heading, (Text(said if material.responses else "No response has been received yet."),), pages)


def _page(material: Material, area: str) -> Section:
    told = material.evidence.counts("ward, responses")
    counts = {name: told.get(name, 0) for name in material.campaign.area_names.values()}
    number, parts = counts[area], list[Part]()
    if number < SMALLEST_SHOWN:
        parts.append(Text(f"{starting(FEWER)} responses came from {area}, so nothing more is shown: it might point at somebody."))
    else:
        place = next(one for one in rank(counts) if one.name == area)
        wishes = material.evidence.counts("ward, wishes").get(area, 0)
        most = f"{'joint ' if place.joint else ''}{_ordinal(place.place)} of {count(len(counts))} by how many came"
        share = f"{percent(number, material.responses)} of all"
        said = f"{plural(number, 'response')} with {plural(wishes, 'wish', 'wishes')}, {share}; {most}."
        parts += [Text(said, trace=behind(ward=area)), _themes(material, area, number)]
        parts += [*_codes(material, area), *_words(material, area)]
    return Section(f"area-{_id(material, area)}", area, tuple(parts), new_page=True)


def _id(material: Material, area: str) -> str:
    return next(one.id for one in material.campaign.areas if one.name == area)


def _ordinal(place: int) -> str:
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def _themes(material: Material, area: str, whole: int) -> Grid:
    rows: list[tuple[Cell, ...]] = []
    traces = []
    for one in material.themes:
        shown = material.by_area[area, one.name]
        here = FEWER if shown is None else Share(shown, whole)
        rows.append((material.name(one.name), here, percent(one.number, material.coded_responses)))
        traces.append(behind(ward=area, theme=one.name) if shown is not None else "")
    columns = ("Theme", f"Responses from {area}", f"Share in all of {material.campaign.place}")
    return Grid(f"What was asked for in {area}", columns, tuple(rows), note=SMALL, traces=tuple(traces))


def _codes(material: Material, area: str) -> list[Part]:
    row = material.evidence.table("ward and code, responses").row(area)
    themes = {theme.id for theme in material.campaign.frame.themes}
    told = {
        code.id: row.get(code.id, 0) for code in material.campaign.frame.codes
        if row.get(code.id, 0) >= SMALLEST_SHOWN and material.campaign.frame.theme_of(code.id) in themes
    }
    asked = first_places(rank(told), MOST_CODES)
    items = tuple(
        Text(f"{plural(one.number, 'response')}.", f"{material.name(one.name)}:", trace=behind(ward=area, code=one.name))
        for one in asked
    )
    return [Text("", "Most asked for here:"), Bullets(items)] if items else []


def _words(material: Material, area: str) -> list[Part]:
    found = [
        quote for theme in material.themes for quotes in [material.evidence.quotes(theme.name)] if quotes
        for quote in quotes.quotes if quote.area == area
    ]
    return [Text("", "In their own words:"), *(said_by(quote) for quote in found)] if found else []
