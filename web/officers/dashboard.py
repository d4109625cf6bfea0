"""The officers' page: what people wish for, while there is still time to reach who is missing."""

from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from flask import make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from campaigns.sampling.reckoning import Ranged
from campaigns.store.alike import alike_counts
from campaigns.store.cards import reconcile
from campaigns.store.consumers import parked
from campaigns.store.log import last_event
from campaigns.store.profile import profile_of
from campaigns.store.standing import standing_event
from campaigns.store.store import Store
from web.account.desks import stores_for
from web.context import campaign_store, row_table
from web.guards import staff
from web.officers.addresses import Addresses
from web.officers.counts import WAITING, Counts, read_counts
from web.officers.filters import phrases, read_filters
from web.officers.needs import heard_words, paper_needs, time_left
from web.officers.panels import carried, choices, panels, quotes_of
from web.officers.reach import heard_least
from web.officers.tables import Line, theme_lines, with_ranges
from web.ranges import ranges_for
from web.words import moment

CACHED = "private, no-cache"


def choose() -> ResponseReturnValue:
    """Lists the campaigns an officer works on."""
    return render_template("officers/choose.html", stores=stores_for(staff(), "officers.dashboard", "officers.wishes"))


def dashboard(slug: str) -> ResponseReturnValue:
    """Shows a campaign's tables; costs a 304 while nothing has moved."""
    store = campaign_store(slug)
    today = datetime.now(store.campaign.window.timezone)
    tag = _tag(store, today)
    if request.if_none_match.contains_weak(tag):
        return make_response("", 304, {"ETag": f'"{tag}"', "Cache-Control": CACHED})
    page = make_response(_page(store, today.date()))
    page.set_etag(tag)
    page.headers["Cache-Control"] = CACHED
    return page


def _tag(store: Store, now: datetime) -> str:
    """What changes whenever the page would: the event counted up to, who looks, at what, on which day."""
    generate_csrf()
    event = standing_event(store)
    # While counting is behind, the page says by how much: afresh every half minute, not every two seconds.
    late = int(now.timestamp()) // 30 if last_event(store) > event else 0
    place = sha256(repr(profile_of(store)).encode()).hexdigest()  # whom it finds heard least follows from the profile too
    seen = (place, request.query_string, staff(), session["csrf_token"], now.date(), late, sorted(store.state.items()))
    return f"{event}-{sha256(repr(seen).encode()).hexdigest()[:16]}"


def _page(store: Store, today: date) -> str:
    filters, table, campaign = read_filters(), row_table(store.slug), store.campaign
    counts = read_counts(store, table, filters, today)
    offered = choices(campaign)
    least = heard_least(store, table)
    to = Addresses(store.slug, filters, tuple(request.args.getlist("open")))
    ranged = ranges_for(store)
    return render_template(
        "officers/dashboard.html", store=store, campaign=campaign, counts=counts, filters=filters, to=to,
        phrases=phrases(filters, campaign), choices=offered, ranged=ranged,
        themes=_themes(store, counts, ranged if filters.plain else Ranged()),
        panels=panels(campaign, counts, filters, today), quotes=quotes_of(store, table, filters, to.opened),
        time_left=time_left(campaign.window, today), cards=reconcile(store), parked=parked(store), paper=paper_needs(store),
        queried=counts.of_all["moderation:wishes"].column().get("queried", 0),
        letters=alike_counts(store), least=least, least_words=heard_words(least, campaign.areas_called) if least else "",
        as_of=_as_of(counts.at_ms, campaign.window.timezone, today), waiting=counts.shown[WAITING].column().get("waiting", 0),
        kept=carried(filters, offered, to.opened),
        answers={theme.id: theme.answers for theme in campaign.frame.themes},
    )


def _as_of(at_ms: int, zone: ZoneInfo, today: date) -> str:
    """When the last event counted happened: the time alone where that was today."""
    if not at_ms:
        return ""
    at = datetime.fromtimestamp(at_ms / 1000, zone)
    return f"{at:%H:%M}" if at.date() == today else moment(at_ms, zone)


def _themes(store: Store, counts: Counts, ranged: Ranged) -> list[Line]:
    columns = {level: counts.table(level).column() for level in ("theme", "code")}
    crossed = {level: counts.table(f"{level}-ask").cells for level in ("theme", "code")}
    total = counts.table("theme").total
    lines = theme_lines(store.campaign, columns, crossed, total)
    return with_ranges(lines, {level: ranged.of(counts.base, level) for level in columns}, total)
