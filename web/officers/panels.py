"""The smaller parts of the dashboard: tables by ward, channel, source and day, the filters on offer, and quotes."""

from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.coding.frame import ASKS
from campaigns.definition import NO_AREA, Campaign, Window
from campaigns.moderating import public_wishes
from campaigns.store.blocks import RowTable
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from campaigns.tallies import BASES, ask_for
from web.officers.counts import Counts
from web.officers.filters import ASK_PHRASES, NO_SOURCE, Filters, names_of
from web.officers.tables import Line, largest_first, plain_lines
from web.words import CHANNEL_WORDS

QUOTES_EACH = 3


@dataclass(frozen=True)
class Panel:
    """One of the smaller tables: the facet it is by, its heading, and its lines."""

    facet: str
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Choice:
    """One filter on offer: its facet, its label, and (value, words) for each option."""

    facet: str
    label: str
    options: list[tuple[str, str]]


def panels(campaign: Campaign, counts: Counts, filters: Filters, today: date) -> list[Panel]:
    """Returns the smaller tables of a dashboard."""
    def lines(facet: str, called: dict[str, str]) -> list[Line]:
        table = counts.table(facet)
        column = {(name or NO_SOURCE if facet == "source" else name): n for name, n in table.column().items()}
        return plain_lines(called, column, table.total, keep_empty=facet not in filters.values)

    unknown = {name: name.capitalize() for name in NO_AREA if name in counts.table("ward").column()}
    wards = lines("ward", {area.name: area.name for area in campaign.areas} | unknown)
    channels = lines("channel", {channel: CHANNEL_WORDS[channel].capitalize() for channel in campaign.channels})
    sources = lines("source", {source.id: source.name for source in campaign.sources} | {NO_SOURCE: "No source named"})
    days = lines("day", {one.isoformat(): f"{one:%a} {one.day} {one:%B}" for one in days_so_far(campaign.window, today)})
    return [
        Panel("ward", f"By {campaign.areas_called}", largest_first(wards)),
        Panel("day", "By day", sorted(days, key=lambda line: line.key, reverse=True)),
        Panel("channel", "By channel", largest_first(channels)),
        Panel("source", "By source", largest_first(sources, last=(NO_SOURCE,))),
    ]


def days_so_far(window: Window, today: date) -> list[date]:
    """Returns the days of the window that have come."""
    last = min(window.closes, today)
    return [window.opens + timedelta(days=n) for n in range((last - window.opens).days + 1)]


def choices(campaign: Campaign, of_wishes: bool = False) -> list[Choice]:
    """Returns the filters that a page offers in its form: the list of wishes has some more. The rest come by following a name."""
    wards = [(area.name, area.name) for area in campaign.areas] + [(name, name) for name in NO_AREA]
    offered = [
        Choice("ward", campaign.areas_called.capitalize(), wards),
        Choice("channel", "Channel", [(channel, CHANNEL_WORDS[channel]) for channel in campaign.channels]),
        Choice("source", "Source", [(key, name) for key, name in names_of("source", campaign).items() if key != NO_SOURCE]),
        Choice("ask", "Asking", [(ask, ASK_PHRASES[ask]) for ask in ASKS]),
    ]
    offered += [
        Choice(geography.id, geography.name.capitalize(), [(name, name.capitalize()) for name in geography.names.values()])
        for geography in campaign.geographies
    ]
    if of_wishes:
        offered += [
            Choice("code", "About", [(code.id, code.name) for code in campaign.frame.codes]),
            Choice("coder", "Coded", [("machine", "by machine, unchecked"), ("person", "by a person"), ("waiting", "not yet")]),
            Choice("moderation", "Quoting", [
                ("unseen", "not looked at"), ("cleared", "cleared"), ("held", "held back"), ("queried", "queried by the sender"),
            ]),
        ]
    return [choice for choice in offered if choice.options]


def carried(filters: Filters, offered: list[Choice], opened: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Returns the fields that a form of filters must carry along, since it does not ask for them itself."""
    asked = {choice.facet for choice in offered}
    kept = [(facet, value) for facet, some in filters.values.items() if facet not in asked for value in some]
    return [*kept, *(("open", theme) for theme in opened), *([("base", filters.base)] if filters.base != BASES[0] else [])]


def quotes_of(store: Store, table: RowTable, filters: Filters, opened: tuple[str, ...]) -> dict[str, list[str]]:
    """Returns up to three wishes that a person has cleared for quoting, newest first, for each theme that stands open."""
    if opened:
        table.refresh(store)
    return {theme: _cleared(store, table, filters.only("theme", theme)) for theme in opened}


def _cleared(store: Store, table: RowTable, filters: Filters) -> list[str]:
    found = table.page(store, ask_for(store.layout, (), filters.only("moderation", "cleared").where()), QUOTES_EACH).places
    responses = {response.number: response for response in get_responses(store, [number for number, _ in found])}
    return [text for number, slot in found for wish, text in public_wishes(responses[number]) if wish.slot == slot]
