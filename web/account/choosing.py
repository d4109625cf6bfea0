"""Which campaigns somebody on the staff is let into: every one, which is a choice of its own, or only some."""

from flask import request

from campaigns.store.store import loaded_slugs, open_store
from web.context import connections

EVERY = "every"
BOTH = "Choose either every campaign or only some of them."
NEITHER = "Choose every campaign, or at least one."
Chosen = tuple[str, ...]


def campaign_titles() -> dict[str, str]:
    """Returns the titles of the campaigns that are loaded, by their names."""
    return {slug: open_store(connections(), slug).campaign.title for slug in loaded_slugs(connections())}


def choose_campaigns(before: Chosen) -> tuple[Chosen, str]:
    """Returns the campaigns chosen in a form, none for every one, and what is wrong with the choice.

    Of those somebody had before, what is not loaded now cannot be ticked, and stays.
    """
    loaded, ticked, every = loaded_slugs(connections()), request.form.getlist("campaign"), EVERY in request.form
    chosen = tuple(slug for slug in loaded if slug in ticked) + tuple(slug for slug in before if slug not in loaded)
    if every:
        return (chosen, BOTH) if ticked else ((), "")
    lost = not chosen and bool(before or ticked)  # no campaign left, which must not come to mean all of them
    return chosen, NEITHER if lost else ""
