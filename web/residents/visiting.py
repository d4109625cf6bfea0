"""Which campaign a visit is about, whether it is open, and what is known of it while the store is away."""

import time

from flask import current_app, g

from campaigns.campaign_file import MistakesInFile, read_campaign, read_file
from campaigns.rows import Layout
from campaigns.store.store import Store
from web.context import campaign_store, connections

DAY_MS = 24 * 3600 * 1000


def visit(slug: str) -> Store:
    """Returns the campaign's store, noted for the page's frame and for when the store is away."""
    store = campaign_store(slug)
    g.store = _seen()[slug] = store
    return store


def remembered(slug: str) -> Store | None:
    """Returns the campaign as this process last saw it, or as its file has it, without asking the store."""
    if slug not in _seen():
        try:
            campaign = read_campaign(slug, read_file(slug))
        except MistakesInFile:
            return None
        _seen()[slug] = Store(connections(), campaign, Layout(campaign, {}), {})
    g.store = _seen()[slug]
    return _seen()[slug]


def now_ms() -> int:
    """Returns the present moment in milliseconds of UTC."""
    return int(time.time() * 1000)


def shut(store: Store, at_ms: int) -> str:
    """Returns why the campaign takes no wishes now, as a name among intake's ANSWERS; empty while it does."""
    state = store.state.get("state") or "none"
    if state != "open":
        return state
    if at_ms < int(store.state["starts"]):
        return "early"
    return "late" if at_ms >= int(store.state["ends"]) else ""


def days_left(store: Store, at_ms: int) -> int:
    """Returns how many days are left to send wishes, the last one included."""
    window = store.campaign.window
    return max((window.closes - window.local_day(at_ms)).days + 1, 0)


def _seen() -> dict[str, Store]:
    seen: dict[str, Store] = current_app.extensions.setdefault("campaigns seen", {})
    return seen
