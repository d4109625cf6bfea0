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
    ("officers.moderation", "Moderation", "GET"), ("officers.worries", "Worries", "GET"),
    ("officers.review", "Review codes", "GET"),
    ("officers.sample", "Second coding", "GET"), ("officers.frame", "Coding frame", "GET"),
    ("officers.missed", "What it misses", "GET"),
    ("officers.ledger", "Cards", "GET"), ("officers.exports", "Exports", "GET"),
    ("officers.open_data", "Open data", "GET"),
    ("officers.indicators", "Indicators", "GET"), ("officers.drafts", "Drafts", "GET"),
    ("officers.workings", "Working drafts", "GET"), ("officers.answers", "Answers", "GET"),
    ("officers.tagger", "How wishes are coded", "GET"), ("partners.links", "Partners’ links", "GET"),
    ("keying.desk", "Key cards", "POST"), ("keying.quality", "How well cards are keyed", "GET"),
)
# What the navigation gathers the desks under, with the pages of each; what stands nowhere is about coding.
GROUPS = {
    "Results": (
        "officers.dashboard", "officers.tables", "officers.map", "officers.reach", "officers.indicators", "officers.referral",
        "officers.alike",
    ),
    "Wishes": (
        "officers.wishes", "officers.wish", "officers.moderation", "officers.moderate", "officers.redact", "officers.worries",
        "officers.note_worry", "officers.raise_worry",
    ),
    "Coding": (),
    "Taking part": (
        "officers.ledger", "officers.ledger_cards", "officers.ledger_card", "officers.draws", "officers.scans", "officers.scan",
        "officers.waiting", "officers.printing", "officers.batch", "officers.letters", "officers.letter", "partners.links",
    ),
    "Publish": (
        "officers.drafts", "officers.draft", "officers.workings", "officers.working",
        "officers.answers", "officers.answer", "officers.open_data", "officers.exports",
    ),
}
OTHERS = "Coding"
FEW = 7  # desks that fit beside each other ungathered


@dataclass(frozen=True)
class Desk:
    """One place to work: its name, and its address."""

    name: str
    address: str
    endpoint: str

    @property
    def group(self) -> str:
        """Returns what the navigation gathers it under."""
        return group_of(self.endpoint)


@dataclass(frozen=True)
class Navigation:
    """What stands on top of a campaign's pages: its groups with the first desk of each, and the desks of the group one is in."""

    groups: list[tuple[str, Desk]]
    desks: list[Desk]
    here: str


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


def navigation_for(person: Person, slug: str, endpoint: str) -> Navigation:
    """Returns the navigation for a page; without groups where a person has few desks."""
    desks = [desk for desk in desks_for(person, slug) if desk.endpoint != "keying.quality"]  # it stands beside the keying desk
    here = group_of(endpoint)
    if len(desks) <= FEW:
        return Navigation([], desks, here)
    first = {desk.group: desk for desk in reversed(desks)}
    groups = [(group, first[group]) for group in GROUPS if group in first]
    return Navigation(groups, [desk for desk in desks if desk.group == here], here)


def group_of(endpoint: str) -> str:
    """Returns what the navigation gathers a page under."""
    if endpoint.startswith("keying."):
        return "Taking part"
    return next((group for group, pages in GROUPS.items() if endpoint in pages), OTHERS)
