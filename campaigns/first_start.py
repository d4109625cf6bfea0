"""What a first start sets up: the demonstration campaign, and a link for the first administrator."""

from contextlib import suppress
from datetime import date

from campaigns.campaign_file import read_file
from campaigns.demonstration import NotADemonstration, fill
from campaigns.store.connection import Connections
from campaigns.store.opening import CannotOpen, demonstration_window, open_campaign
from campaigns.store.responses import response_count
from campaigns.store.staff import Invitation, all_people, invite
from campaigns.store.store import Store, load_campaign, loaded_slugs, open_store

DEMONSTRATION = "derby-2026"
DEMONSTRATION_RESPONSES = 2000


def prepare(connections: Connections, demo: bool, base_url: str) -> list[str]:
    """Makes an empty installation usable; returns the lines to print once it is ready."""
    if not loaded_slugs(connections):
        load_campaign(connections, DEMONSTRATION, read_file(DEMONSTRATION))
        real = open_store(connections, DEMONSTRATION).campaign.window
        with suppress(CannotOpen):  # another start opened it at the same moment
            open_campaign(connections, DEMONSTRATION, "job:first-start", demonstration_window(real, date.today()))
    lines = _fill(open_store(connections, DEMONSTRATION)) if demo else []
    if not all_people(connections):
        token = invite(connections, Invitation(("administrator",)))
        lines.append(f"Set up the administrator (this link works once): {base_url}/account/invitation/{token}")
    return lines


def _fill(store: Store) -> list[str]:
    """Fills the demonstration once; a campaign open in earnest is left alone, and that is said."""
    if response_count(store):
        return []
    try:
        made = fill(store, DEMONSTRATION_RESPONSES)
    except NotADemonstration as refusal:
        return [str(refusal)]
    return [f"{made:,} made-up responses are in {store.slug}; they are coded within a minute or two."]
