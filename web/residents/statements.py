"""Pages that explain: privacy, accessibility, and taking part by photograph or workshop."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from campaigns.store.areas import table_loaded
from web.residents.visiting import visit


def privacy(slug: str) -> ResponseReturnValue:
    """Shows what happens to what people send, on one screen."""
    store = visit(slug)
    return render_template("residents/privacy.html", campaign=store.campaign, postcodes=table_loaded(store))


def privacy_for_children(slug: str) -> ResponseReturnValue:
    """Shows the same for a child to read."""
    store = visit(slug)
    return render_template("residents/privacy_for_children.html", campaign=store.campaign, postcodes=table_loaded(store))


def accessibility(slug: str) -> ResponseReturnValue:
    """Shows how accessible the pages are, and what to do where they are not."""
    return render_template("residents/accessibility.html", campaign=visit(slug).campaign)


def photos(slug: str) -> ResponseReturnValue:
    """Shows how to take part with a photograph."""
    return _way(slug, "photo", "residents/photos.html")


def workshops(slug: str) -> ResponseReturnValue:
    """Shows how to run a workshop and bring its wishes in."""
    return _way(slug, "workshop", "residents/workshops.html")


def _way(slug: str, channel: str, template: str) -> ResponseReturnValue:
    campaign = visit(slug).campaign
    if channel not in campaign.channels:
        abort(404)
    return render_template(template, campaign=campaign)
