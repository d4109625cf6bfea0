"""What a request can reach: the store's connections, a campaign's store, and this process's copy of its rows."""

from dataclasses import dataclass, field
from time import monotonic
from typing import cast

from flask import abort, current_app, has_request_context, request

from campaigns.searching.signs import Signs
from campaigns.store.blocks import RowTable
from campaigns.store.connection import Connections
from campaigns.store.store import NoSuchCampaign, Store, open_store

HELD_SECONDS = 1.0


@dataclass
class Surroundings:
    """What the application holds for as long as it runs."""

    connections: Connections
    rate_limit: bool = True
    tables: dict[str, RowTable] = field(default_factory=dict)
    held: dict[str, tuple[float, Store]] = field(default_factory=dict)
    signs: dict[str, Signs] = field(default_factory=dict)

    def rows_of(self, slug: str) -> RowTable:
        """Returns this process's copy of a campaign's rows, brought up to date by ``refresh``."""
        return self.tables.setdefault(slug, RowTable())

    def signs_of(self, slug: str) -> Signs:
        """Returns this process's copy of the signs of a campaign's vectors, brought up to date by ``refresh``."""
        return self.signs.setdefault(slug, Signs())


def surroundings() -> Surroundings:
    """Returns what the running application holds."""
    return cast(Surroundings, current_app.extensions["surroundings"])


def connections() -> Connections:
    """Returns the store's connections."""
    return surroundings().connections


def campaign_store(slug: str) -> Store:
    """Returns the store of a campaign, or answers 404 in the page's own words."""
    try:
        return open_store(connections(), slug)
    except NoSuchCampaign:
        abort(404)


def accepting_store(slug: str) -> Store:
    """Returns a campaign's store as read a moment ago, for taking responses in: a read of the store less for each.

    What may have changed since, the script that accepts looks at itself.
    """
    held, now = surroundings().held, monotonic()
    if slug not in held or held[slug][0] < now - HELD_SECONDS:
        held[slug] = now, campaign_store(slug)
    return held[slug][1]


def row_table(slug: str) -> RowTable:
    """Returns this process's copy of a campaign's rows, brought up to date by ``refresh``."""
    return surroundings().rows_of(slug)


def signs_table(slug: str) -> Signs:
    """Returns this process's copy of the signs of a campaign's vectors, brought up to date by ``refresh``."""
    return surroundings().signs_of(slug)


def public_url() -> str:
    """Returns the address that printed cards and links lead to, without a slash at its end."""
    asked = request.url_root if has_request_context() else current_app.config["LOCAL_URL"]
    return str(current_app.config["PUBLIC_URL"] or asked).rstrip("/")
