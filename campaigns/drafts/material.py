"""What a draft is written from: the campaign as defined, and the evidence gathered for it."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from campaigns.definition import Campaign
from campaigns.drafts.document import Blank, Share, Ways
from campaigns.drafts.evidence import Evidence
from campaigns.drafts.prose import Ranked, plural, rank
from campaigns.indicators import Indicator
from campaigns.sampling.reckoning import surely_ahead
from campaigns.small_cells import hide_named

SOMEBODY = "[named officer]"
PLACES = ("city", "county", "borough", "district", "town", "parish")


@dataclass(frozen=True)
class Material:
    """A campaign with its evidence, whether everything in it is made up, its indicators, and what is drafted of it.

    ``only`` is the theme or the area that a draft keeps to; empty where it keeps to none.
    """

    campaign: Campaign
    evidence: Evidence
    demonstration: bool = False
    indicators: tuple[Indicator, ...] = ()
    kind: str = "vision"
    only: str = ""

    @cached_property
    def responses(self) -> int:
        """Returns the responses received and still standing."""
        return self.evidence.number("all, responses")

    @cached_property
    def coded_responses(self) -> int:
        """Returns the responses with a coded wish: what every share of a theme or code is a share of."""
        return self.evidence.number("coded, responses")

    @cached_property
    def waiting(self) -> int:
        """Returns the wishes that wait for coding."""
        return self.evidence.number("waiting, wishes")

    @cached_property
    def themes(self) -> list[Ranked]:
        """Returns the frame's themes, most asked first, and those nobody asked for after them."""
        return self._ranked("theme", [theme.id for theme in self.campaign.frame.themes])

    @cached_property
    def all_codes(self) -> list[Ranked]:
        """Returns the codes of every theme, most asked first."""
        frame = self.campaign.frame
        themes = {theme.id for theme in frame.themes}
        return self._ranked("code", [code.id for code in frame.codes if frame.theme_of(code.id) in themes])

    def codes(self, theme: str) -> list[Ranked]:
        """Returns a theme's codes, most asked first, and those nobody asked for after them."""
        frame = self.campaign.frame
        return self._ranked("code", [code.id for code in frame.codes if frame.theme_of(code.id) == theme])

    def _ranked(self, facet: str, names: list[str]) -> list[Ranked]:
        counts = self.evidence.counts(f"{facet}, responses")
        ranked = self._told(rank({name: counts.get(name, 0) for name in names}), facet)
        asked = {one.name for one in ranked}
        return ranked + [Ranked(name, 0, len(ranked) + 1, False) for name in names if name not in asked]

    def _told(self, ranked: list[Ranked], facet: str) -> list[Ranked]:
        """Says of each how many are surely ahead of it, where there are ranges."""
        ranges = self.evidence.ranges(facet)
        known = {one.name: ranges[one.name] for one in ranked if one.name in ranges}
        return [
            replace(one, ahead=surely_ahead(known, one.name), apart=all(
                known[one.name].apart_from(other) for name, other in known.items() if name != one.name
            )) if one.name in known else one for one in ranked
        ]

    def name(self, code: str) -> str:
        """Returns the name of a theme or code."""
        themes = {theme.id: theme.name for theme in self.campaign.frame.themes}
        return themes[code] if code in themes else self.campaign.frame.code(code).name

    def wishes(self, facet: str, name: str) -> int:
        """Returns how many wishes stand under one value of a facet."""
        return self.evidence.counts(f"{facet}, wishes").get(name, 0)

    def share(self, number: int) -> Share:
        """Returns a count of responses as a share of those with a coded wish."""
        return Share(number, self.coded_responses)

    def ways(self, code: str, most: int) -> Ways:
        """Returns a code's wishes by which way they ask."""
        return Ways(tuple(self.evidence.asks(code).items()), most)

    def blank(self, what: str) -> Blank:
        """Returns what a named officer is to write: whom the campaign's file names for it, or for all of this document."""
        outline = self.campaign.outline(self.kind)
        named = [line.rpartition(":") for line in (outline.completed_by if outline else ())]
        own = [who.strip() for before, _, who in named if before.strip().casefold() == what.casefold()]
        for_all = [who.strip() for before, _, who in named if not before]
        return Blank(what, (own or for_all or [SOMEBODY])[0])

    def room(self, what: str) -> Blank:
        """Returns the same for a cell of a table, whose row says what it is."""
        return replace(self.blank(what), what="")

    @cached_property
    def by_area(self) -> dict[tuple[str, str], int | None]:
        """Returns responses by area and theme, None where so few that a person might be picked out, or could be worked out."""
        table = self.evidence.table("ward and theme, responses")
        areas = [area.name for area in self.campaign.areas]
        themes = [theme.id for theme in self.campaign.frame.themes]
        counts = {area: self.evidence.counts("ward, responses").get(area, 0) for area in areas}
        shown = hide_named(areas, themes, counts, table.cells)[1]
        return {(area, theme): shown[area, theme] for area in areas for theme in themes}

    @cached_property
    def base_words(self) -> str:
        """Returns what shares are shares of, in words."""
        if not self.waiting:
            return f"Shares are of all {plural(self.responses, 'response')}."
        return (
            f"Shares are of the {plural(self.coded_responses, 'response')} with a coded wish; "
            f"{waiting_words(self.waiting)} in no theme yet."
        )

    @cached_property
    def someday(self) -> str:
        """Returns how a vision of the place begins, from the year and the kind of place that the campaign itself names."""
        year = re.search(r"\b20\d\d\b", f"{self.campaign.question} {self.campaign.title}")
        said = f"{self.campaign.why} {self.campaign.organiser}".casefold()
        kind = next((kind for kind in PLACES if re.search(rf"\b{kind}\b", said)), "place")
        return f"By {year.group()} {self.campaign.place} is a {kind} that" if year else f"{self.campaign.place} is a {kind} that"


def waiting_words(waiting: int) -> str:
    """Returns how many wishes wait, with the verb that fits, ready for where they stand."""
    return f"{plural(waiting, 'wish waits', 'wishes wait')} for coding and {'stands' if waiting == 1 else 'stand'}"
