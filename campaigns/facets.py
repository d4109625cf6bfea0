"""Facets: what wishes are counted by, and the names behind the numbers that rows hold for each."""

from collections.abc import Sequence
from datetime import date

from campaigns.coding.frame import theme_of
from campaigns.rows import FIRST_DAY, TENTHS, Layout

RESPONSE, WISH, MENTION = 0, 1, 2
FACET_LEVELS = {
    "theme": MENTION, "code": MENTION, "ask": WISH, "coder": WISH, "sureness": WISH, "moderation": WISH,
    "ward": RESPONSE, "channel": RESPONSE, "source": RESPONSE, "day": RESPONSE, "hour": RESPONSE,
}
HOURS = {0: "not known", **{hour + 1: f"{hour:02}:00" for hour in range(24)}}
SURENESS = {
    0: "not by machine", 1: "under 10% sure", **{tenth: f"{10 * tenth - 10} to {10 * tenth}% sure" for tenth in range(2, TENTHS)},
    TENTHS: "90% sure or more",
}
MODERATION = {0: "unseen", 1: "cleared", 2: "held", 3: "queried"}

OF_WISHES = {"moderation": MODERATION, "sureness": SURENESS}


def facets_of(layout: Layout) -> list[str]:
    """Returns every facet this campaign's wishes can be counted by."""
    campaign = layout.campaign
    return [*FACET_LEVELS, *(one.id for one in campaign.geographies), *(question.id for question in campaign.questions)]


def facet_names(layout: Layout, facet: str) -> dict[int, str]:
    """Returns the name behind each number of a facet, as tables show it."""
    if facet == "theme":
        return dict(enumerate(themes(layout)))
    if facet == "ward":
        called = layout.campaign.area_names
        return {number: called.get(name, name) for number, name in layout.names("area").items()}
    if facet in OF_WISHES:
        return OF_WISHES[facet]
    if facet == "hour":
        return HOURS
    if facet == "day":
        return {}
    geography = layout.campaign.geography(facet)
    return geography.names if geography else layout.names(facet)


def facet_size(layout: Layout, facet: str) -> int:
    """Returns how many numbers a facet can hold."""
    return 65536 if facet == "day" else max(facet_names(layout, facet), default=0) + 1


def cell_name(known: dict[int, str], place: int) -> str:
    """Returns the name of a number among a facet's names; a day has its own."""
    return known.get(place, "") if known else date.fromordinal(FIRST_DAY + place).isoformat()


def themes(layout: Layout) -> list[str]:
    """Returns the themes in the order they are numbered, after none; codes that have none are their own.

    A code may have left the frame before the campaign opened; its number stays.
    """
    own = [theme.id for theme in layout.campaign.frame.themes]
    return ["", *dict.fromkeys([*own, *(theme_of(code) for code in layout.ids["code"] if code)])]


def numbers_of(layout: Layout, facet: str, values: Sequence[str]) -> list[int]:
    """Returns the numbers that stand for some names in any case, or for some days; ValueError for a day that is none."""
    if facet == "day":
        return [date.fromisoformat(value).toordinal() - FIRST_DAY for value in values]
    wanted = {value.casefold() for value in values}
    found = [number for number, name in facet_names(layout, facet).items() if name.casefold() in wanted]
    if facet == "ward":
        found += [number for name, number in layout.ids["area"].items() if name.casefold() in wanted]
    return found
