"""Reach: whose voice is missing while there is time, with the next event or collection point that could reach them."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.definition import Campaign
from campaigns.reach import OF_AREAS, Line, UnreadableProfile, compare, most_missing, read_profile
from campaigns.store.blocks import RowTable
from campaigns.store.profile import keep_profile, profile_of
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import campaign_store, row_table
from web.officers.counts import moment_of
from web.officers.needs import Heard, least_heard

LARGEST = 500_000
HIDDEN_BELOW = 10  # replies of a special category


@dataclass(frozen=True)
class Compared:
    """One facet's replies beside its people: what it is called, what is counted of the place, and a line for each group."""

    facet: str
    called: str
    counted: str
    lines: list[Line]
    special: bool = False

    @property
    def most_missing(self) -> Line | None:
        """Returns the group furthest below its share."""
        return most_missing(self.lines)


def reach(slug: str) -> ResponseReturnValue:
    """Shows replies beside people and households, the widest gap first, and takes a profile of the place."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, "")
    typed = request.files.get("profile")
    try:
        text = typed.read(LARGEST + 1).decode("utf-8-sig") if typed else ""
        if len(text) > LARGEST:
            raise UnreadableProfile("The file is too large to be a profile. Cut it to facet, value and count.")
        keep_profile(store, {**profile_of(store), **read_profile(text.splitlines(), store.campaign)})
    except UnicodeDecodeError:
        return _page(store, "The file is not written in UTF-8. Save it again as “CSV UTF-8”."), 400
    except UnreadableProfile as mistake:
        return _page(store, str(mistake)), 400
    return redirect(url_for("officers.reach", slug=slug, loaded=1), 303)


def compared(store: Store, table: RowTable) -> list[Compared]:
    """Returns each facet that the profile has people for, beside its replies; the widest gap first."""
    found = [_compare(store, table, facet, people) for facet, people in profile_of(store).items()]
    return sorted((one for one in found if one.lines), key=lambda one: min(line.gap for line in one.lines))


def heard_least(store: Store, table: RowTable) -> Heard | None:
    """Returns the group that is heard least of all comparisons but those of special categories, None where none is far below."""
    table.refresh(store)
    found = [least_heard(one.facet, one.counted, one.lines) for one in compared(store, table) if not one.special]
    if not found:  # while nothing is known of the place, areas are taken to be alike
        alike = {area.name: 1 for area in store.campaign.areas}
        found = [least_heard("ward", "", compare(_counted(store, table, "ward"), alike))]
    return next((heard for heard in found if heard), None)


def _compare(store: Store, table: RowTable, facet: str, people: dict[str, int]) -> Compared:
    by = "ward" if facet in OF_AREAS else facet
    question = store.campaign.question_called(facet)
    called = f"By {store.campaign.areas_called}, against {facet}" if facet in OF_AREAS else question.text if question else facet
    lines = compare(_counted(store, table, by), people)
    if question and question.special:
        lines = _without_few(lines)
    return Compared(facet, called, facet if facet in OF_AREAS else "people", lines, bool(question and question.special))


def _without_few(lines: list[Line]) -> list[Line]:
    """Leaves out groups with few replies, never one alone: it could be worked out from the others' shares."""
    few = {line.value for line in lines if line.replies < HIDDEN_BELOW}
    if len(few) == 1:
        few |= {line.value for line in sorted(lines, key=lambda line: line.replies)[:2]}
    return [line for line in lines if line.value not in few]


def _page(store: Store, problem: str) -> str:
    table, campaign = row_table(store.slug), store.campaign
    event = table.refresh(store)
    ways = [(facet, _counted(store, table, facet)) for facet in ("channel", "source")]
    return render_template(
        "officers/reach.html", store=store, campaign=campaign, compared=compared(store, table), problem=problem, event=event,
        loaded="loaded" in request.args, facets=_facets(campaign), ways=dict(ways),
        total=table.count(store, ask_for(store.layout, [])).total,
        places=places_in(campaign, datetime.now(campaign.window.timezone).date()),
        as_of=moment_of(store, event), least=HIDDEN_BELOW,
    )


def _counted(store: Store, table: RowTable, facet: str) -> dict[str, int]:
    return table.count(store, ask_for(store.layout, [facet])).column()


def _facets(campaign: Campaign) -> list[str]:
    return [*OF_AREAS, *(question.id for question in campaign.questions)]


def places_in(campaign: Campaign, today: date) -> dict[str, str]:
    """Returns the next event and the collection points that the campaign's file places in an area, by the area's name."""
    names = campaign.area_names
    found: dict[str, list[str]] = {}
    for planned in sorted(campaign.events, key=lambda one: one.day):
        if planned.day >= today and planned.area in names and names[planned.area] not in found:
            told = (planned.name, f"{planned.day.day} {planned.day:%B}", planned.place)
            found[names[planned.area]] = [", ".join(part for part in told if part)]
    for source in campaign.sources:
        if source.area:
            found.setdefault(names.get(source.area, source.area), []).append(source.name)
    return {area: "; ".join(sources) for area, sources in found.items()}
