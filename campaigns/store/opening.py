"""Opening and closing a campaign."""

from dataclasses import replace
from datetime import date, timedelta

from campaigns.campaign_file import missing_to_open
from campaigns.definition import Window
from campaigns.events import write_data
from campaigns.store.connection import Connections
from campaigns.store.store import Store, open_store, record

WAS_A_DEMONSTRATION = (
    "was a demonstration, so made-up responses are in it. Remove it first (bin/flask campaign demo ... --remove), "
    "then load it and open it in earnest."
)
WAS_EARNEST = "was open in earnest, so it cannot become a demonstration, which anyone may fill and remove in one step."


class CannotOpen(ValueError):
    """A campaign that may not open yet; the message says why and what to do."""


def open_campaign(connections: Connections, slug: str, who: str, window: Window | None = None) -> Store:
    """Opens a loaded campaign, freezing its definition; with a window of its own it is a demonstration.

    Raises CannotOpen with a line for each thing that is missing.
    """
    store = open_store(connections, slug)
    if store.state.get("state") == "open":
        raise CannotOpen(f"{slug} is open already.")
    if store.state.get("state") and store.demonstration != bool(window):
        raise CannotOpen(f"{slug} {WAS_EARNEST if window else WAS_A_DEMONSTRATION}")
    missing = missing_to_open(store.campaign)
    if missing:
        raise CannotOpen("\n".join(missing))
    kept = window or store.campaign.window
    state = {
        "state": "open",
        "starts": str(kept.starts_ms()), "ends": str(kept.ends_ms()), "cards_end": str(kept.cards_end_ms()),
        "opens": kept.opens.isoformat(), "closes": kept.closes.isoformat(), "cards_until": kept.cards_until.isoformat(),
        "demonstration": "1" if window else "0",
    }
    data = write_data(
        "campaign.opened", definition=store.state["definition"], opens=state["opens"], closes=state["closes"],
        demonstration=bool(window),
    )
    answer = record(
        connections, slug, "campaign.opened", hashes={"state": state}, who=who, data=data,
        only={"field": "state", "text": store.state.get("state", "")},
    )
    if answer[0] != "recorded":
        raise CannotOpen(f"{slug} is open already.")
    return open_store(connections, slug)


def close_campaign(connections: Connections, slug: str, who: str, why: str = "") -> None:
    """Closes an open campaign: nothing more is taken, on any channel, until it is opened again."""
    answer = record(
        connections, slug, "campaign.closed", hashes={"state": {"state": "closed"}}, who=who,
        data=write_data("campaign.closed", why=why), only={"field": "state", "text": "open"},
    )
    if answer[0] != "recorded":
        raise CannotOpen(f"{slug} is not open, so it cannot be closed.")


def demonstration_window(window: Window, today: date) -> Window:
    """Returns a window as long as the real one, of which fourteen days have passed."""
    opens = today - timedelta(days=14)
    longest = window.closes - window.opens
    cards = window.cards_until - window.closes
    return replace(window, opens=opens, closes=opens + longest, cards_until=opens + longest + cards)
