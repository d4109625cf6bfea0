"""Staff: who may sign in, with which roles, for which campaigns."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from campaigns.store.connection import Connections
from campaigns.store.keys import STAFF_BY_EMAIL, guessing_key, invitation_key, staff_key

ROLES = ("administrator", "officer", "keyer")
INVITATION_SECONDS = 7 * 24 * 3600
GUESSES, GUESS_SECONDS = 10, 900


class EmailTaken(ValueError):
    """Someone with that e-mail address is on the staff already."""


@dataclass(frozen=True)
class Person:
    """One member of staff; ``id`` is the pseudonym that the log and the codings carry."""

    id: str
    name: str
    email: str
    password_hash: str
    roles: tuple[str, ...]
    campaigns: tuple[str, ...] = ()

    def may(self, role: str, slug: str = "") -> bool:
        """Tells whether they hold a role, for a campaign where one is named; an administrator may do everything."""
        if "administrator" in self.roles:
            return True
        return role in self.roles and (not slug or not self.campaigns or slug in self.campaigns)


@dataclass(frozen=True)
class Invitation:
    """What a one-time link lets its holder become."""

    roles: tuple[str, ...]
    name: str = ""
    email: str = ""
    campaigns: tuple[str, ...] = ()


def invite(connections: Connections, invitation: Invitation) -> str:
    """Returns the token of a one-time link, good for seven days."""
    token = secrets.token_urlsafe(24)
    connections.text.set(invitation_key(_hash(token)), json.dumps(asdict(invitation)), ex=INVITATION_SECONDS)
    return token


def read_invitation(connections: Connections, token: str) -> Invitation | None:
    """Returns what a token invites to, or None if it was used, has run out or never was."""
    kept = connections.text.get(invitation_key(_hash(token)))
    if kept is None:
        return None
    about = json.loads(kept)
    return Invitation(tuple(about["roles"]), about["name"], about["email"], tuple(about["campaigns"]))


def take_up(connections: Connections, token: str, name: str, email: str, password_hash: str) -> Person | None:
    """Makes the holder of an invitation a member of staff; None if someone used it first.

    Raises EmailTaken, leaving the invitation good.
    """
    invitation = read_invitation(connections, token)
    if invitation is None:
        return None
    if find_person(connections, email):
        raise EmailTaken(email)
    if not connections.text.delete(invitation_key(_hash(token))):
        return None
    return add_person(connections, name, email, password_hash, invitation.roles, invitation.campaigns)


def add_person(
    connections: Connections, name: str, email: str, password_hash: str,
    roles: Iterable[str], campaigns: Iterable[str] = (),
) -> Person:
    """Adds a member of staff; raises EmailTaken."""
    person = Person(f"s-{secrets.token_hex(4)}", name, email.strip(), password_hash, tuple(roles), tuple(campaigns))
    # The person first: an address that led to nobody could never be used again.
    connections.text.hset(staff_key(person.id), "about", json.dumps(asdict(person)))
    if not connections.text.hsetnx(STAFF_BY_EMAIL, _folded(email), person.id):
        connections.text.delete(staff_key(person.id))
        raise EmailTaken(email)
    return person


def get_person(connections: Connections, person_id: str) -> Person | None:
    """Returns a member of staff by their pseudonym, or None."""
    kept = connections.text.hget(staff_key(person_id), "about")
    if kept is None:
        return None
    about = json.loads(kept)
    return Person(**{**about, "roles": tuple(about["roles"]), "campaigns": tuple(about["campaigns"])})


def find_person(connections: Connections, email: str) -> Person | None:
    """Returns a member of staff by their e-mail address in any case, or None."""
    person_id = connections.text.hget(STAFF_BY_EMAIL, _folded(email))
    return get_person(connections, person_id) if person_id else None


def all_people(connections: Connections) -> list[Person]:
    """Returns everyone on the staff, by name."""
    found = [get_person(connections, person_id) for person_id in connections.text.hvals(STAFF_BY_EMAIL)]
    return sorted((person for person in found if person), key=lambda person: person.name.casefold())


def guess_allowed(connections: Connections, what: str) -> bool:
    """Counts an attempt at signing in; False once there have been ten in a quarter of an hour."""
    key = guessing_key(_hash(what))
    connections.text.set(key, 0, ex=GUESS_SECONDS, nx=True)  # with its end from the start, so that no count is for ever
    return int(connections.text.incr(key)) <= GUESSES


def forget_guesses(connections: Connections, what: str) -> None:
    """Starts the count of attempts again, after a right one."""
    connections.text.delete(guessing_key(_hash(what)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _folded(email: str) -> str:
    return email.strip().casefold()
