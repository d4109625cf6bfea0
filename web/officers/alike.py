"""Letter campaigns: wishes that many sent in nearly the same words, and every theme counted both ways."""

from dataclasses import dataclass

import numpy as np
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.alike import CountedOnce, count_once
from campaigns.coding.frame import theme_of
from campaigns.facets import cell_name
from campaigns.rows import Rows
from campaigns.store.alike import Place, alike_of
from campaigns.store.blocks import RowTable
from campaigns.store.log import last_event
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import campaign_store, row_table
from web.officers.filters import names_of
from web.words import CHANNEL_WORDS, day
from workers.queues import ring_alike

MOST_SHOWN = 50


@dataclass(frozen=True)
class LetterCampaign:
    """One letter campaign: how many of its wishes count now, one of them with its words, when they came and how."""

    wishes: int
    place: Place
    text: str
    days: str
    channels: str


@dataclass(frozen=True)
class BothWays:
    """How many wishes count in letter campaigns and how many of these there are, and every theme both ways."""

    wishes: int
    campaigns: int
    themes: list[CountedOnce]
    sent: int

    @property
    def once(self) -> int:
        """Returns how many wishes there are with each letter campaign counted as one."""
        return self.sent - self.wishes + self.campaigns


def alike(slug: str) -> ResponseReturnValue:
    """Shows the letter campaigns and what they do to the figures; has them looked for again."""
    store = campaign_store(slug)
    if request.method == "POST":
        ring_alike(store)
        return redirect(url_for("officers.alike", slug=slug, looking=1), 303)
    table = row_table(slug)
    table.refresh(store)
    found = alike_of(store)
    living = _living(store, table, found.groups if found else ())
    return render_template(
        "officers/alike.html", store=store, campaign=store.campaign, rule=str(store.campaign.letter_campaigns), found=found,
        shown=[_shown(store, table, group) for group in living[:MOST_SHOWN]], hidden=max(len(living) - MOST_SHOWN, 0),
        both=both_ways(store, table, living), since=last_event(store) - found.event if found else 0,
        called=names_of("theme", store.campaign), looking="looking" in request.args,
    )


def both_ways(store: Store, table: RowTable, living: list[list[Place]]) -> BothWays:
    """Returns every theme's wishes as they were sent, and with each letter campaign counted as one."""
    sent = table.count(store, ask_for(store.layout, ["theme"], base="wishes")).column()
    total = table.count(store, ask_for(store.layout, [], base="wishes")).total
    themes = [[_themes(store, table, place) for place in group] for group in living]
    return BothWays(sum(map(len, living)), len(living), count_once(sent, themes), total)


def _living(store: Store, table: RowTable, groups: tuple[tuple[Place, ...], ...]) -> list[list[Place]]:
    """Leaves out what counts no longer; one wish alone is no campaign."""
    living = [[place for place in group if _counts(store, table, place)] for group in groups]
    return [group for group in living if len(group) > 1]


def _row(store: Store, table: RowTable, number: int) -> Rows:
    return np.frombuffer(table.row(number), store.layout.dtype)


def _counts(store: Store, table: RowTable, place: Place) -> bool:
    number, slot = place
    row = _row(store, table, number)
    return bool(len(row) and row["live"][0] == 1 and row["coder"][0][slot - 1])


def _themes(store: Store, table: RowTable, place: Place) -> list[str]:
    number, slot = place
    names, codes = store.layout.names("code"), _row(store, table, number)["codes"][0][slot - 1].tolist()
    return list(dict.fromkeys(theme_of(names[code]) for code in codes if code))


def _shown(store: Store, table: RowTable, group: list[Place]) -> LetterCampaign:
    rows = [_row(store, table, number) for number, _ in group]
    days = sorted({int(row["day"][0]) for row in rows})
    ends = [day(cell_name({}, one)) for one in dict.fromkeys([days[0], days[-1]])]
    channels = store.layout.names("channel")
    came = list(dict.fromkeys(CHANNEL_WORDS[channels[int(row["channel"][0])]] for row in rows))
    number, slot = group[0]
    response = next(iter(get_responses(store, [number])), None)
    text = next((wish.text for wish in response.wishes if wish.slot == slot), "") if response else ""
    return LetterCampaign(len(group), group[0], text, " to ".join(ends), ", ".join(came))
