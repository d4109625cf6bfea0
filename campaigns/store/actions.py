"""Actions and answers as the store keeps them: each with its revision, so that nobody writes over another."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from time import time

from campaigns.answering import Action, Heard, publish, read_action, write_action
from campaigns.events import write_data
from campaigns.store.blocks import RowTable
from campaigns.store.store import Store, record
from campaigns.tallies import ask_for

LAST = "last"


def list_actions(store: Store) -> list[Action]:
    """Returns every action, oldest first."""
    kept: Mapping[str, str] = store.text.hgetall(store.keys.of("actions"))
    found = [read_action(json.loads(text)) for field, text in kept.items() if field != LAST]
    return sorted(found, key=lambda action: action.number)


def get_action(store: Store, number: int) -> Action | None:
    """Returns one action, None where there is none of that number."""
    kept = store.text.hget(store.keys.of("actions"), str(number))
    return read_action(json.loads(kept)) if kept else None


def keep_action(store: Store, action: Action, who: str) -> Action | None:
    """Keeps an action as it now is, a new one under the next number; None where somebody changed it meanwhile."""
    before = get_action(store, action.number) if action.number else None
    if action.number and (before is None or before.revision != action.revision):
        return None
    return _kept(store, before, action, who, "action.written")


def publish_action(store: Store, table: RowTable, action: Action, who: str) -> Action | None:
    """Publishes an answer beside what people said, as counted now; None where somebody changed it meanwhile."""
    return _kept(store, action, publish(action, heard(store, table, action.codes), int(time() * 1000)), who, "action.answered")


def take_back(store: Store, action: Action, who: str) -> Action | None:
    """Takes a published answer off the public page; None where somebody changed it meanwhile."""
    return _kept(store, action, replace(action, published=None), who, "action.unanswered")


def heard(store: Store, table: RowTable, codes: tuple[str, ...]) -> Heard:
    """Returns what people said under some codes: responses, of how many, and which way they ask of it."""
    event = table.refresh(store)
    where = {"code": codes}
    asks = table.count(store, ask_for(store.layout, ["ask"], where)).column()
    told = table.count(store, ask_for(store.layout, [], where)).total
    return Heard(told, table.count(store, ask_for(store.layout, [])).total, asks, event)


def _kept(store: Store, before: Action | None, action: Action, who: str, event: str) -> Action | None:
    number = action.number or int(store.text.hget(store.keys.of("actions"), LAST) or 0) + 1
    now = replace(action, number=number, revision=action.revision + 1)
    text = json.dumps(write_action(now), ensure_ascii=False, separators=(",", ":"))
    was = json.dumps(write_action(before), ensure_ascii=False, separators=(",", ":")) if before else ""
    fields = {str(number): text} | ({} if before else {LAST: str(number)})
    data = write_data(event, action=number, state=now.state, sha256=sha256(text.encode()).hexdigest())
    answer = record(
        store.connections, store.slug, event, who=who, only={"key": "actions", "field": str(number), "text": was},
        hashes={"actions": fields}, data=data,
    )
    if answer[0] == "recorded":
        return now
    # A new one whose number somebody took a moment before takes the next.
    return None if before else _kept(store, None, action, who, event)
