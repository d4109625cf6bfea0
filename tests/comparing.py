"""A store held against the ledger of what was done to it: every response, every table on every base, every card."""

import time
from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np

from campaigns.coding.embedding import to_int8
from campaigns.coding.tagger import Coding
from campaigns.consumers.coding import code_batch
from campaigns.consumers.rebuilding import differences
from campaigns.responses import ERASED, EXPIRED, LIVE, Response
from campaigns.store.blocks import RowTable
from campaigns.store.cards import STATES, reconcile
from campaigns.store.consumers import parked
from campaigns.store.intake import Accepted
from campaigns.store.keys import VECTOR_LENGTH
from campaigns.store.log import last_event, verify
from campaigns.store.responses import read_each
from campaigns.store.standing import read_standing
from campaigns.store.store import Store
from campaigns.tallies import BASES, ask_for, standing_queries
from tests.ledger import TAGGER, Kept, Ledger, made_up_coding, recount

KNOWN_UNCODED = {"ward", "channel", "source", "day", "moderation", "connection", "disability", "faith", "hour", "side", "fifth"}
CROSSED = [
    ("moderation",), ("moderation", "coder"), ("connection", "theme"), ("faith", "code"), ("disability",), ("ward", "ask", "day"),
    ("hour", "side"), ("fifth", "theme"), ("side", "fifth", "channel"),
]


class MadeUpCoder:
    """Stands where the model and its tagger would."""

    tagger = SimpleNamespace(version=TAGGER)

    def code(self, texts: Sequence[str]) -> tuple[list[Coding], np.ndarray]:
        """Returns the coding and the vector of each text."""
        made = [made_up_coding(text) for text in texts]
        return [Coding(one.codes, one.ask, one.confidence, one.nearest) for one in made], np.stack([vector(t) for t in texts])


def vector(text: str) -> np.ndarray:
    """Returns the vector that the made-up model gives a text."""
    return np.linspace(1, len(text) + 2, VECTOR_LENGTH, dtype=np.float32)


def code_all(store: Store) -> None:
    """Codes until nothing waits."""
    while code_batch(store, MadeUpCoder()).events:
        pass


def all_is_right(store: Store, ledger: Ledger, table: RowTable, coded: bool) -> None:
    """Holds a store that has caught up to the ledger; ``table`` is a reader's that has seen much come and go."""
    fresh = RowTable()
    assert (differences(store, fresh), verify(store).problem, parked(store)) == ([], "", [])
    responses_are_right(store, ledger, coded)
    standing_is_right(store, ledger, coded)
    counts_are_right(store, ledger, table, coded)
    counts_are_right(store, ledger, fresh, coded)
    cards_are_right(store, ledger)


def responses_are_right(store: Store, ledger: Ledger, coded: bool) -> None:
    """Holds each response to what was sent, and its vectors to its words; ``coded`` where the machine must have come to all."""
    found = dict(read_each(store, range(1, len(ledger.responses) + 3)))
    assert {n: as_found(one) for n, one in found.items()} == {n: as_due(kept) for n, kept in ledger.responses.items()}
    held = store.raw.get(store.keys.of("vectors", 0)) or b""
    for number, kept in ledger.responses.items():
        machines = {wish.slot: wish.machine for wish in found[number].wishes if wish.machine}
        assert machines == {s: made_up_coding(kept.slots[s].text) for s in machines}
        assert not coded or kept.state not in (LIVE, EXPIRED) or machines.keys() == kept.slots.keys()
        for slot in (1, 2, 3):
            at = (number * 3 + slot - 1) * VECTOR_LENGTH
            there = slot in machines and not kept.expired
            right = to_int8(vector(kept.slots[slot].text)).tobytes() if there else bytes(VECTOR_LENGTH)
            assert held[at:at + VECTOR_LENGTH].ljust(VECTOR_LENGTH, b"\0") == right


def as_found(response: Response) -> tuple[object, ...]:
    """Returns what a response holds beside the machine's codings."""
    made = {wish.slot: (wish.text, wish.person, wish.moderation) for wish in response.wishes}
    sent = (response.channel, response.source, response.area, response.outward, response.day, response.card, response.geography)
    return response.state, response.revision, made, sent, response.answers, response.special


def as_due(kept: Kept) -> tuple[object, ...]:
    """Returns what a response must hold beside the machine's codings; an erased one, nothing."""
    if kept.state == ERASED:
        return ERASED, kept.revision, {}, ("", "", "not given", "", "", 0, ""), {}, {}
    made = {slot: ("" if kept.expired else one.text, one.person, one.moderation) for slot, one in kept.slots.items()}
    one = kept.sent
    sent = (one.channel, one.source, one.area, one.outward, one.day, one.card, one.geography)
    return kept.state, kept.revision, made, sent, one.answers, one.special


def standing_is_right(store: Store, ledger: Ledger, coded: bool) -> None:
    """Holds every standing table to a count by hand; before all is coded, those that do not follow from codings."""
    standing = read_standing(store)
    assert standing.event == last_event(store)
    for name, query in standing_queries().items():
        if coded or follows_from_sent(query.by, query.base):
            cells, total = recount(ledger, query.by, query.base)
            if query.by:
                assert standing.table(name.split(":")[0], query.base) == cells, name
            else:
                assert standing.total(query.base) == total, name


def counts_are_right(store: Store, ledger: Ledger, table: RowTable, coded: bool) -> None:
    """Holds tables counted from a reader's rows, with the facets that do not stand ready-made, to a count by hand."""
    queries = [*standing_queries().values(), *(ask_for(store.layout, by, None, base) for by in CROSSED for base in BASES)]
    for query in queries:
        if coded or follows_from_sent(query.by, query.base):
            tally, (cells, total) = table.count(store, query), recount(ledger, query.by, query.base)
            assert tally.total == total, query
            assert not query.by or tally.cells == cells, query


def follows_from_sent(by: tuple[str, ...], base: str) -> bool:
    """Tells whether a table is the same whether or not the machine has come to all wishes."""
    return base != "mentions" and {*by} <= KNOWN_UNCODED


def cards_are_right(store: Store, ledger: Ledger) -> None:
    """Holds the account of the cards to what was done with them."""
    account, marks = reconcile(store), list(ledger.cards.values())
    states = {STATES[letter]: sum(mark.lower() == letter for mark in marks) for letter in STATES}
    assert (account.printed, account.states, account.residual) == (len(marks), states, 0)
    assert account.answered_online == sum(mark.isupper() for mark in marks)


def local_moment(taken: Accepted, began: float) -> datetime:
    """Returns the local time at which a response was taken, which must be after the sending began and not yet to come."""
    assert began - 0.002 <= taken.received_ms / 1000 <= time.time()
    return datetime.fromtimestamp(taken.received_ms / 1000, ZoneInfo("Europe/London"))
