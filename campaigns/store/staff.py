"""Staff: who may sign in, with which roles, for which campaigns."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

from campaigns.store.connection import Connections
from campaigns.store.keys import STAFF_BY_EMAIL, invitation_key, staff_key

ROLES = ("administrator", "officer", "reviewer", "supervisor", "keyer", "partner", "member", "auditor")
MAY_TOO = {"supervisor": "keyer"}  # what a role may do besides its own
SEE_ALL = ("officer", "reviewer", "auditor")  # see the whole of a campaign they hold the role for
INVITATION_SECONDS = 7 * 24 * 3600


class EmailTaken(ValueError):
    """Someone with that e-mail address is on the staff already."""


class LastAdministrator(ValueError):
    """A change that would leave nobody who can let others in."""


Named = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Person:
    """One member of staff; ``id`` is the pseudonym that the log and the codings carry.

    ``grants`` are the campaigns of a role that holds for others than ``campaigns`` says; none named are every one.
    ``wards`` are, by campaign, what a member sees of it, ``sources`` what a partner sees; none named are none.
    ``closed`` are those who may no longer sign in; ``era`` counts how often all their sessions were ended.
    """

    id: str
    name: str
    email: str
    password_hash: str
    roles: tuple[str, ...]
    campaigns: tuple[str, ...] = ()
    closed: bool = False
    era: int = 0
    grants: Named = field(default_factory=dict)
    wards: Named = field(default_factory=dict)
    sources: Named = field(default_factory=dict)

    @property
    def standing(self) -> str:
        """Returns a mark that changes with their password, roles and campaigns, so that a session begun before is known."""
        scope = [sorted(named.items()) for named in (self.grants, self.wards, self.sources)]
        return _hash(repr((self.password_hash, self.roles, self.campaigns, self.closed, self.era, scope)))[:24]

    def may(self, role: str, slug: str = "") -> bool:
        """Tells whether they hold a role, for a campaign where one is named; an administrator may do everything.

        A supervisor of keyers may do what a keyer may.
        """
        if self.closed:
            return False
        if "administrator" in self.roles:
            return True
        return any(
            role in (held, MAY_TOO.get(held)) and (not slug or not self.held_for(held) or slug in self.held_for(held))
            for held in self.roles
        )

    def held_for(self, role: str) -> tuple[str, ...]:
        """Returns the campaigns for which they hold a role; none named are every one."""
        return self.grants.get(role, self.campaigns)

    def bounds(self, slug: str) -> Named:
        """Returns what of a campaign they may see, by facet; nothing where they may see the whole of it."""
        if any(self.may(role, slug) for role in SEE_ALL):
            return {}
        if self.may("member", slug):
            return {"ward": self.wards.get(slug, ())}
        return {"source": self.sources.get(slug, ())} if self.may("partner", slug) else {}


@dataclass(frozen=True)
class Invitation:
    """What a one-time link lets its holder become; ``person`` is who they are already, where it is for a new password.

    ``by`` is the pseudonym of whoever invited; ``grants``, ``wards`` and ``sources`` are as a person has them.
    """

    roles: tuple[str, ...]
    name: str = ""
    email: str = ""
    campaigns: tuple[str, ...] = ()
    person: str = ""
    by: str = field(default="", compare=False)
    grants: Named = field(default_factory=dict)
    wards: Named = field(default_factory=dict)
    sources: Named = field(default_factory=dict)


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
    return Invitation(**_as_kept(json.loads(kept)))


def take_up(connections: Connections, token: str, name: str, email: str, password_hash: str) -> Person | None:
    """Makes the holder of an invitation a member of staff; None if someone used it first.

    Raises EmailTaken, leaving the invitation good.
    """
    invitation = read_invitation(connections, token)
    if invitation is None:
        return None
    if not invitation.person and find_person(connections, email):
        raise EmailTaken(email)
    if not connections.text.delete(invitation_key(_hash(token))):
        return None
    if invitation.person:
        return change_person(connections, invitation.person, password_hash=password_hash)
    scope = {"grants": invitation.grants, "wards": invitation.wards, "sources": invitation.sources}
    return add_person(connections, name, email, password_hash, invitation.roles, invitation.campaigns, **scope)


def add_person(
    connections: Connections, name: str, email: str, password_hash: str,
    roles: Iterable[str], campaigns: Iterable[str] = (), **scope: Named,
) -> Person:
    """Adds a member of staff, with ``grants``, ``wards`` and ``sources`` where they are given; raises EmailTaken."""
    person = Person(f"s-{secrets.token_hex(4)}", name, email.strip(), password_hash, tuple(roles), tuple(campaigns))
    person = replace(person, **cast(Any, scope))
    # The person first: an address that led to nobody could never be used again.
    connections.text.hset(staff_key(person.id), "about", json.dumps(asdict(person)))
    if not connections.text.hsetnx(STAFF_BY_EMAIL, _folded(email), person.id):
        connections.text.delete(staff_key(person.id))
        raise EmailTaken(email)
    return person


def get_person(connections: Connections, person_id: str) -> Person | None:
    """Returns a member of staff by their pseudonym, or None."""
    kept = connections.text.hget(staff_key(person_id), "about")
    return _read_person(kept) if kept else None


def _read_person(kept: str) -> Person:
    return Person(**_as_kept(json.loads(kept)))


def _as_kept(about: dict[str, Any]) -> dict[str, Any]:
    """Returns what JSON tells of a person or an invitation, its lists as they were."""
    named = {name: {key: tuple(some) for key, some in about.get(name, {}).items()} for name in ("grants", "wards", "sources")}
    return {**about, "roles": tuple(about["roles"]), "campaigns": tuple(about["campaigns"]), **named}


def find_person(connections: Connections, email: str) -> Person | None:
    """Returns a member of staff by their e-mail address in any case, or None."""
    person_id = connections.text.hget(STAFF_BY_EMAIL, _folded(email))
    return get_person(connections, person_id) if person_id else None


def all_people(connections: Connections) -> list[Person]:
    """Returns everyone on the staff, by name."""
    pipe = connections.text.pipeline(transaction=False)
    for person_id in connections.text.hvals(STAFF_BY_EMAIL):
        pipe.hget(staff_key(person_id), "about")
    return sorted((_read_person(kept) for kept in pipe.execute() if kept), key=lambda person: person.name.casefold())


def change_person(connections: Connections, person_id: str, **changes: Any) -> Person | None:  # noqa: ANN401 - by field
    """Changes a member of staff, which ends every session they have open; None if there is no such person.

    Raises LastAdministrator where nobody would be left who can let others in.
    """
    key = staff_key(person_id)

    def change(pipe: Any) -> Person | None:  # noqa: ANN401 - redis gives no type
        person = get_person(connections, person_id)
        if person is None:
            return None
        changed = replace(person, **changes, era=person.era + 1)
        others = (other for other in all_people(connections) if other.id != person_id)
        if person.may("administrator") and not changed.may("administrator") and not any(o.may("administrator") for o in others):
            raise LastAdministrator(person_id)
        pipe.multi()
        pipe.hset(key, "about", json.dumps(asdict(changed)))
        return changed

    # Read again if anyone was changed meanwhile: a new password must not give back a role, nor two administrators close
    # each other's accounts.
    watched = {key, *(staff_key(other) for other in connections.text.hvals(STAFF_BY_EMAIL))}
    changed: Person | None = connections.text.transaction(change, *watched, value_from_callable=True)
    return changed


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _folded(email: str) -> str:
    return email.strip().casefold()
