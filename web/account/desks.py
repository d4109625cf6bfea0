"""Who I am here, and which desks I may sit down at."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.staff import Person
from campaigns.store.store import Store, loaded_slugs, open_store
from web.context import connections
from web.guards import staff

ROLE_WORDS = {
    "administrator": "administrator", "officer": "engagement officer", "supervisor": "supervisor of keying",
    "keyer": "keying staff",
}


@dataclass(frozen=True)
class Desk:
    """One place to work: its name, and its address."""

    name: str
    address: str


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


def stores_for(person: Person, role: str) -> list[Store]:
    """Returns the campaigns in which a person holds a role."""
    return [open_store(connections(), slug) for slug in loaded_slugs(connections()) if person.may(role, slug)]


def desks_for(person: Person, slug: str) -> list[Desk]:
    """Returns the desks a person may open in one campaign."""
    desks = []
    if person.may("officer", slug):
        desks += [Desk("What people wish for", url_for("officers.dashboard", slug=slug)),
                  Desk("Cards", url_for("officers.ledger", slug=slug))]
    if person.may("keyer", slug):
        desks.append(Desk("Key cards", url_for("keying.desk", slug=slug)))
    if person.may("supervisor", slug):
        desks.append(Desk("How well cards are keyed", url_for("keying.quality", slug=slug)))
    return desks
