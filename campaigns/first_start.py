"""What a first start sets up: the demonstration campaign, and a link for the first administrator."""

from datetime import date

from campaigns.campaign_file import read_file
from campaigns.store.connection import Connections
from campaigns.store.opening import demonstration_window, open_campaign
from campaigns.store.staff import Invitation, all_people, invite
from campaigns.store.store import load_campaign, loaded_slugs, open_store

DEMONSTRATION = "derby-2026"


def prepare(connections: Connections, demo: bool, base_url: str) -> list[str]:
    """Makes an empty installation usable; returns the lines to print once it is ready."""
    if not loaded_slugs(connections):
        load_campaign(connections, DEMONSTRATION, read_file(DEMONSTRATION))
        real = open_store(connections, DEMONSTRATION).campaign.window
        open_campaign(connections, DEMONSTRATION, "job:first-start", demonstration_window(real, date.today()))
    lines = []
    if not all_people(connections):
        token = invite(connections, Invitation(("administrator",)))
        lines.append(f"Set up the administrator (this link works once): {base_url}/account/invitation/{token}")
    return lines
