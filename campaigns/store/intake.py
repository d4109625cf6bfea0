"""Taking responses in: the one way a submission becomes a response."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from campaigns.events import full_name
from campaigns.responses import Submission, commitments
from campaigns.store.durability import NotDurable
from campaigns.store.line import Line
from campaigns.store.responses import submission_fields
from campaigns.store.secrets import secret
from campaigns.store.store import Store

BELL_MS = 10_000
KEY_SECONDS = 48 * 3600
DAY_SECONDS = 24 * 3600
KEYED_AGAIN = 100  # of each keyer, the first so many pieces are keyed a second time
ANSWERS = {
    "none": "This campaign has not opened.",
    "open": "",
    "paused": "This campaign is paused for a short while. Nothing you typed is lost: try again later.",
    "closed": "This campaign has closed, so it takes no more wishes.",
    "early": "This campaign has not opened yet.",
    "anew": "This campaign was set up anew just now. Nothing you typed is lost: send it again.",
    "late": "The last day for sending wishes has passed.",
}


@dataclass(frozen=True)
class Way:
    """How a submission came: who hands it in, what guards it against repeats and floods, and which window holds for it.

    ``key`` is the sender's idempotency key, kept 48 hours, or until close where ``desk`` is set; ``limits``
    are (name, most, seconds); ``imported`` is (file's hash, row). ``piece`` is the piece of paper it was keyed from:
    (batch of returns, the piece's id, which is the key too); ``sampled``: it is to be keyed a second time.
    """

    who: str = "public"
    window: str = "public"
    key: str = ""
    desk: bool = False
    limits: tuple[tuple[str, int, int], ...] = ()
    card_mark: str = "online"
    imported: tuple[str, str] | None = None
    piece: tuple[int, str] | None = None
    sampled: bool = False


@dataclass(frozen=True)
class Accepted:
    """What became of a submission.

    ``outcome`` is accepted, same, conflict, closed, early, late, limited, card, done, batch (missing or closed) or piece
    (down as something else already); ``detail`` says which, a card's state by its letter.
    """

    outcome: str
    number: int = 0
    received_ms: int = 0
    event: int = 0
    ring: bool = False
    detail: str = ""

    @property
    def kept(self) -> bool:
        """Tells whether the response is in, by this sending or by an earlier one."""
        return self.outcome in ("accepted", "same")


def accept(store: Store, submission: Submission, way: Way) -> Accepted:
    """Makes a submission a response, in one step that is on disk when this returns."""
    answer = store.scripts.run("accept", _ask(store, submission, way))
    taken = _read(answer)
    store.connections.settle()
    return taken


async def accept_on(line: Line, store: Store, submission: Submission, way: Way) -> Accepted:
    """Makes a submission a response as ``accept`` does, without a thread that waits; only where answers come from disk."""
    if not store.connections.durability.at_once:
        raise NotDurable("Whether what this server answers is on disk has to be asked first.")
    return _read(await store.scripts.run_on(line, "accept", _ask(store, submission, way)))


def accept_many(store: Store, handed_in: Sequence[tuple[Submission, Way]]) -> list[Accepted]:
    """Makes many submissions responses, one step each, sent together."""
    answers = store.scripts.run_many("accept", [_ask(store, submission, way) for submission, way in handed_in])
    store.connections.settle()
    return [_read(answer) for answer in answers]


def body_hash(submission: Submission, key: bytes) -> str:
    """Returns the keyed SHA-256 of what was sent, by which a repeat is told from a change.

    It outlives an erasure, so that a late repeat does not bring the words back; without the key nobody can try words on it.
    """
    s = submission
    body = [
        list(s.wishes), s.channel, s.source, s.area, s.outward, s.postcode, s.day, s.card, s.answers, s.special,
        s.letter, s.behalf,
    ]
    return hmac.digest(key, json.dumps(body, sort_keys=True).encode(), hashlib.sha256).hex()[:32]


def _ask(store: Store, submission: Submission, way: Way) -> dict[str, Any]:
    salt = secrets.token_urlsafe(16)
    return {
        "fields": submission_fields(submission, salt),
        "words": commitments(salt, submission.wishes),
        "postcode": submission.postcode,
        "channel": submission.channel, "source": submission.source, "who": way.who,
        "event": full_name("response.received"),
        "window": way.window,
        "idem": _idempotency(store, submission, way),
        "limits": [list(limit) for limit in way.limits],
        "card": {"number": submission.card, "mark": way.card_mark} if submission.card else None,
        "piece": _piece(way),
        "import": {"file": way.imported[0], "row": way.imported[1]} if way.imported else None,
        "answers": special_hex(store, submission.special) if submission.special else None,
        "bell_ms": BELL_MS,
        "born": store.born, "definition": store.state["definition"],
    }


def _piece(way: Way) -> dict[str, Any] | None:
    if way.piece is None:
        return None
    batch, piece = way.piece
    return {"batch": batch, "id": piece, "sampled": way.sampled, "first": KEYED_AGAIN}


def special_hex(store: Store, special: dict[str, int]) -> str | None:
    """Returns special-category answers as the hex of the bytes they are kept in; None where the campaign asks none."""
    return bytes(special.get(name, 0) for name in store.layout.special).hex() or None


def _idempotency(store: Store, submission: Submission, way: Way) -> dict[str, Any] | None:
    key = way.key or (f"piece:{way.piece[1]}" if way.piece else "")
    if not key:
        return None
    desk = way.desk or bool(way.piece)
    days = ["desk"] if desk else _days(datetime.now(UTC).date())
    body = body_hash(submission, secret(store.connections, "bodies"))
    # A day's keys go together: the first of them must outlast the last.
    return {"days": days, "key": key, "body": body, "seconds": 0 if desk else KEY_SECONDS + DAY_SECONDS}


@lru_cache(maxsize=2)
def _days(today: date) -> list[str]:
    """The days under which a key may lie.

    Today's first, where a new one goes; tomorrow's too, where it went if the clock has been set back over midnight since.
    """
    return [f"{today - timedelta(days=ago):%Y%m%d}" for ago in (0, -1, 1, 2)]


def _read(answer: list[Any]) -> Accepted:
    outcome, *rest = answer
    if outcome == "accepted":
        number, ms, event, ring = rest
        return Accepted(outcome, int(number), int(ms), int(event), bool(ring))
    if outcome in ("same", "conflict"):
        return Accepted(outcome, int(rest[0]), int(rest[1]))
    return Accepted(outcome, detail=str(rest[0]) if rest else "")
