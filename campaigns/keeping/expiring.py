"""Letting words go whose time is up: all that a row is made of stays, and the commitments, so that every count does."""

from collections.abc import Sequence

from campaigns.consumers.tallying import ranges_of
from campaigns.events import full_name, write_data
from campaigns.responses import LIVE, WITHDRAWN, Response
from campaigns.store.pictures import files_of, remove
from campaigns.store.responses import get_responses
from campaigns.store.rewriting import mark_rewrite_due
from campaigns.store.store import Store

LOOKS = 5


class StillChanging(ValueError):
    """Responses that change faster than their words can be let go."""


def with_words(responses: Sequence[Response], states: Sequence[str] = (LIVE, WITHDRAWN)) -> list[Response]:
    """Returns the responses in some states whose words are still kept."""
    return [one for one in responses if one.state in states and not one.expired_ms]


def expire(store: Store, numbers: Sequence[int], states: Sequence[str] = (LIVE, WITHDRAWN), who: str = "job:retention") -> int:
    """Lets the words of responses go, all in one step; returns how many had any left.

    Raises StillChanging where one of them is changed each time it is read.
    """
    for _ in range(LOOKS):
        due = with_words(get_responses(store, numbers), states)
        shown = files_of(store, [one.number for one in due])
        if not due or _run(store, due, who) == "expired":
            remove(store, shown)
            return len(due)
    raise StillChanging(f"{store.slug}: a response changes while its words are let go. Give the command again.")


def _run(store: Store, due: Sequence[Response], who: str) -> str:
    data = write_data("words.expired", ranges=ranges_of(one.number for one in due), why="retention")
    ask = {
        "born": store.born, "slots": store.campaign.wishes_each,
        "event": full_name("words.expired"), "who": who, "data": data,
        "responses": [[one.number, one.revision, one.words] for one in due],
    }
    outcome = store.scripts.run("expire", ask)[0]
    if outcome == "expired":
        mark_rewrite_due(store.connections)
    store.connections.settle()
    return str(outcome)

