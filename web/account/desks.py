"""Who I am here, and which desks I may sit down at."""

from dataclasses import dataclass

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.staff import Person
from campaigns.store.store import Store, loaded_slugs, open_store
from web.context import connections
from web.guards import may_open, staff

ROLE_WORDS = {
    "administrator": "administrator", "officer": "engagement officer", "reviewer": "reviewer",
    "supervisor": "supervisor of keying", "keyer": "keying staff", "partner": "partner", "member": "member",
    "auditor": "auditor",
}
# The desks of a campaign, in the order of the navigation: a page, what it is called, and how it is opened by whoever
# works there; those that are not there, or not for somebody, are not shown to them.
DESKS = (
    ("officers.dashboard", "What people wish for", "GET"), ("officers.wishes", "Wishes", "GET"),
    ("officers.tables", "Tables", "GET"), ("officers.map", "Map", "GET"), ("officers.reach", "Reach", "GET"),
    ("officers.moderation", "Moderation", "GET"), ("officers.sample", "Second coding", "GET"),
    ("officers.ledger", "Cards", "GET"), ("officers.exports", "Exports", "GET"),
    ("officers.open_data", "Open data", "GET"),
    ("officers.drafts", "Drafts", "GET"), ("officers.answers", "Answers", "GET"),
    ("partners.links", "Partners’ links", "GET"),
    ("keying.desk", "Key cards", "POST"), ("keying.quality", "How well cards are keyed", "GET"),
)


@dataclass(frozen=True)
class Desk:
    """One place to work: its name, and its address."""

    name: str
    address: str
    endpoint: str


@dataclass(frozen=True)
class Assignment:
    """A campaign a person works on, with their desks there."""

    store: Store
    desks: list[Desk]


def home() -> ResponseReturnValue:
    """Shows a member of staff who they are, their roles, and their campaigns with a link to each desk."""
    person = staff()
    return render_template("account/home.html", person=person, role_words=ROLE_WORDS, assignments=assignments(person))


def assignments(person: Person) -> list[Assignment]:
    """Returns every campaign a person may work on, with their desks there."""
    stores = [open_store(connections(), slug) for slug in loaded_slugs(connections())]
    found = [Assignment(store, desks_for(person, store.slug)) for store in stores]
    return [assignment for assignment in found if assignment.desks]


def stores_for(person: Person, *endpoints: str) -> list[Store]:
    """Returns the campaigns of which a person may open one of these pages."""
    slugs = (slug for slug in loaded_slugs(connections()) if any(may_open(person, page, slug) for page in endpoints))
    return [open_store(connections(), slug) for slug in slugs]


def desks_for(person: Person, slug: str) -> list[Desk]:
    """Returns the desks a person may open in one campaign."""
    return [
        Desk(words, url_for(endpoint, slug=slug), endpoint) for endpoint, words, method in DESKS
        if endpoint in current_app.view_functions and may_open(person, endpoint, slug, method)
    ]
