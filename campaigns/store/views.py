"""Views of the list of wishes that staff have saved under a name: filters and what is looked for, for themselves or for all."""

import json
from dataclasses import asdict, dataclass
from secrets import token_hex
from time import time

from campaigns.store.store import Store

LONGEST_NAME = 80
LONGEST_QUERY = 3000
MOST = 50  # of one person, and of one campaign ten times as many: a list nobody can read is no help


class CannotSave(ValueError):
    """A view that cannot be saved; the message says what to do."""


@dataclass(frozen=True)
class View:
    """A saved view: its name, who saved it and when, whether all may see it, and its address behind the question mark."""

    id: str
    name: str
    who: str
    shared: bool
    query: str
    at_ms: int


def save_view(store: Store, name: str, who: str, shared: bool, query: str) -> View:
    """Saves a view, in place of one that the same person gave the same name; raises CannotSave."""
    named = " ".join(name.split())
    if not named:
        raise CannotSave("Give the search a name, so that you find it again.")
    if len(named) > LONGEST_NAME:
        raise CannotSave(f"The name is {len(named)} letters long. Make it {LONGEST_NAME} at most.")
    if len(query) > LONGEST_QUERY:
        raise CannotSave("This search is too long to be saved. Take some of its words or filters out.")
    every = _all_views(store)
    same = next((one for one in every if one.who == who and one.name.casefold() == named.casefold()), None)
    if not same and (sum(one.who == who for one in every) >= MOST or len(every) >= 10 * MOST):
        raise CannotSave("There are as many saved searches as anyone can look through. Delete one of yours first.")
    view = View(same.id if same else token_hex(6), named, who, shared, query, int(time() * 1000))
    store.text.hset(store.keys.of("views"), view.id, json.dumps(asdict(view)))
    store.connections.settle()
    return view


def views_for(store: Store, who: str) -> list[View]:
    """Returns the views that somebody has saved and those that all may see, by name."""
    seen = [one for one in _all_views(store) if one.shared or one.who == who]
    return sorted(seen, key=lambda one: (one.name.casefold(), one.id))


def get_view(store: Store, id_: str) -> View | None:
    """Returns one view, None where there is none of that id."""
    kept = store.text.hget(store.keys.of("views"), id_)
    return View(**json.loads(kept)) if kept else None


def delete_view(store: Store, id_: str) -> None:
    """Takes a view away; what it showed stays as it is."""
    store.text.hdel(store.keys.of("views"), id_)
    store.connections.settle()


def _all_views(store: Store) -> list[View]:
    return [View(**json.loads(kept)) for kept in store.text.hvals(store.keys.of("views"))]
