"""Possible repeats: cards that came back by post with the wishes that their code had brought online already.

One card is one household. Other wishes are other people, and both count; the same wishes may be one person who did both,
and wait for somebody to say so. Until then both count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.cards.comparing import same_wishes
from campaigns.events import full_name, write_data
from campaigns.responses import LIVE, WITHDRAWN, Response
from campaigns.store.cards import letter_of, read_answered
from campaigns.store.intake import BELL_MS
from campaigns.store.pieces import Piece, pieces_of
from campaigns.store.responses import get_responses
from campaigns.store.second import rules_of
from campaigns.store.store import Store

WHY = "same wishes online"


@dataclass(frozen=True)
class Repeat:
    """A card whose keyed response says what an online one from it says."""

    card: int
    keyed: Response
    online: Response


@dataclass(frozen=True)
class Decided:
    """What became of a decision: decided, already (which, in ``detail``) or gone (one of the two counts no more)."""

    outcome: str
    ring: bool = False
    detail: str = ""


def possible_repeats(store: Store) -> list[Repeat]:
    """Returns the pairs that wait for a person, by card: both count, say the same, and nobody has decided of them."""
    answered = store.text.hgetall(store.keys.of("answered"))
    both = {int(card): read_answered(text) for card, text in answered.items() if "o" in text and "k" in text}
    numbers = [number for brought in both.values() for number, _ in brought]
    live = {one.number: one for one in get_responses(store, numbers) if one.state == LIVE}
    decided, apart = set(store.text.hkeys(store.keys.of("repeats"))), rules_of(store).apart
    return [
        Repeat(card, live[keyed], live[online])
        for card, brought in sorted(both.items())
        for keyed, online in _pairs(brought)
        if {keyed, online} <= set(live) and f"{keyed}:{online}" not in decided
        and same_wishes(_texts(live[keyed]), _texts(live[online]), apart)
    ]


def decide_repeat(store: Store, repeat: Repeat, same: bool, who: str) -> Decided:
    """Keeps what a person decided: the same person, whose keyed response goes out of every count, or different people."""
    piece = _piece(store, repeat)
    outcome, detail = store.scripts.run("repeat", {
        "born": store.born, "card": repeat.card, "keyed": repeat.keyed.number, "online": repeat.online.number, "same": same,
        "batch": piece.batch if piece else 0, "piece": piece.id if piece else "",
        "letter": letter_of("duplicate"), "outcome": "duplicate", "why": WHY,
        "states": [LIVE], "withdrawn": WITHDRAWN, "who": who, "bell_ms": BELL_MS,
        "data": write_data("repeat.settled", card=repeat.card, online=repeat.online.number, same=same),
        "event": full_name("repeat.settled"), "withdrawal": full_name("response.withdrawn"), "noted": full_name("piece.noted"),
    })
    store.connections.settle()
    return Decided(outcome, bool(detail)) if outcome == "decided" else Decided(outcome, detail=str(detail))


def _pairs(brought: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    return [(keyed, online) for keyed, way in brought if way == "keyed" for online, other in brought if other == "online"]


def _texts(response: Response) -> list[str]:
    return [wish.text for wish in response.wishes]


def _piece(store: Store, repeat: Repeat) -> Piece | None:
    """Returns the piece of paper that a keyed response was keyed from."""
    kept = store.raw.getrange(store.keys.of("returned"), repeat.card * 4, repeat.card * 4 + 3)
    batch = int.from_bytes(kept, "little")
    return next((piece for piece in pieces_of(store, batch) if piece.response == repeat.keyed.number), None)
