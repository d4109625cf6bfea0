"""Acts on people in the log: who was let in to a campaign, with which roles, by whom; pseudonyms alone, never names."""

from collections.abc import Iterable

from campaigns.events import write_data
from campaigns.store.connection import Connections
from campaigns.store.staff import Person
from campaigns.store.store import loaded_slugs, record


def log_invited(connections: Connections, who: str, roles: Iterable[str], campaigns: tuple[str, ...]) -> None:
    """Notes in each campaign concerned that somebody was invited."""
    for slug in _concerned(connections, campaigns):
        record(connections, slug, "staff.invited", who=who, data=write_data("staff.invited", roles=" ".join(roles)))


def log_joined(connections: Connections, person: Person, by: str) -> None:
    """Notes in each campaign concerned that somebody took up an invitation."""
    for slug in loaded_slugs(connections):
        if roles := roles_in(person, slug):
            data = write_data("staff.joined", person=person.id, roles=roles, by=by)
            record(connections, slug, "staff.joined", who=person.id, data=data)


def log_changed(connections: Connections, who: str, before: Person, after: Person) -> None:
    """Notes in each campaign concerned that somebody's roles changed, or that their account was closed."""
    event = "staff.closed" if after.closed and not before.closed else "staff.changed"
    for slug in loaded_slugs(connections):
        was, roles = roles_in(before, slug), roles_in(after, slug)
        if was or roles:
            data = write_data(event, person=after.id, roles=roles, was=was)
            record(connections, slug, event, who=who, data=data)


def roles_in(person: Person, slug: str) -> str:
    """Returns the roles somebody holds for one campaign, none where their account is closed."""
    held = (role for role in person.roles if role == "administrator" or slug in (person.held_for(role) or (slug,)))
    return "" if person.closed else " ".join(held)


def _concerned(connections: Connections, campaigns: tuple[str, ...]) -> list[str]:
    return [slug for slug in loaded_slugs(connections) if not campaigns or slug in campaigns]
