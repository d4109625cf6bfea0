"""Keying a second time: by another person, who never sees the first keying; a third settles where the two differ.

What the second person keyed lies in the response's own hash, and only until the two are found to agree, a third person has
settled it, or its words are changed, withdrawn, erased or expire. What stays tells of fields, never of words.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from typing import Any

from campaigns.cards.comparing import APART, Keying, compare
from campaigns.cards.quality import AGREED, DIFFERS, Checked
from campaigns.definition import NO_AREA
from campaigns.events import full_name, write_data
from campaigns.responses import LIVE, Response, Submission
from campaigns.store.areas import look_up
from campaigns.store.cards import card_ward
from campaigns.store.intake import BELL_MS, body_hash
from campaigns.store.many import ask_many
from campaigns.store.pieces import Piece, pieces_of
from campaigns.store.responses import SECOND, get_response
from campaigns.store.returns import ReturnBatch
from campaigns.store.secrets import card_secret, secret
from campaigns.store.store import Store, record

AGAIN = "2"  # the mark of a piece that is to be keyed a second time
LOOKS = 5


@dataclass(frozen=True)
class Rules:
    """Which share of cards is keyed a second time, and in which share of its words two keyings of a wish may differ."""

    share: float = 0.1
    apart: float = APART


@dataclass(frozen=True)
class SecondKept:
    """What became of a second keying: kept, same, conflict, taken, own, unsampled, refused (state in ``detail``) or missing.

    *taken*: another person was the second; *own*: who keyed it first cannot. Never whether the two agree.
    """

    outcome: str
    ring: bool = False
    detail: str = ""

    @property
    def kept(self) -> bool:
        """Tells whether this person's second keying is in, by this sending or by an earlier one."""
        return self.outcome in ("kept", "same")


def rules_of(store: Store) -> Rules:
    """Returns the rules of keying twice as a supervisor set them, or else as the campaign's file does."""
    ours = store.campaign.keying
    share, apart = store.state.get("second_share"), store.state.get("second_apart")
    return Rules(
        ours.second_percent / 100 if share is None else float(share), ours.apart_percent / 100 if apart is None else float(apart),
    )


def set_rules(store: Store, rules: Rules, who: str) -> None:
    """Sets which share of the cards keyed from now on is keyed twice, and how far two keyings of a wish may differ."""
    data = write_data("keying.ruled", share=rules.share, apart=rules.apart)
    record(
        store.connections, store.slug, "keying.ruled", who=who, data=data,
        hashes={"state": {"second_share": f"{rules.share:g}", "second_apart": f"{rules.apart:g}"}},
    )
    store.connections.settle()


def is_drawn(store: Store, card: int) -> bool:
    """Tells whether chance has drawn a card to be keyed twice: always the same of one card, and nobody can work it out."""
    drawn = hmac.digest(card_secret(store), b"second:%d" % card, hashlib.sha256)
    return card > 0 and int.from_bytes(drawn[:8]) < rules_of(store).share * 2**64


def checked_responses(store: Store) -> list[Checked]:
    """Returns what came of every second keying, by response."""
    kept = store.text.hgetall(store.keys.of("second"))
    return [_read(int(number), text) for number, text in sorted(kept.items(), key=lambda one: int(one[0]))]


def get_checked(store: Store, number: int) -> Checked | None:
    """Returns what came of keying a response a second time, None where nobody has."""
    kept = store.text.hget(store.keys.of("second"), str(number))
    return _read(number, kept) if kept else None


def _read(number: int, text: str) -> Checked:
    one = json.loads(text)
    return Checked(
        number, one["b"], one["d"], one["f"], one["s"], one["z"], tuple(one["c"]), tuple(one.get("x", ())), one.get("t", ""),
        tuple(one.get("w", ())), one["h"],
    )


def write_checked(one: Checked) -> str:
    """Returns what came of a second keying as it is kept."""
    fields = {
        "b": one.batch, "d": one.day, "f": one.first, "s": one.second, "z": one.state, "c": list(one.compared),
        "x": list(one.differ), "t": one.third, "w": list(one.wrong), "h": one.body,
    }
    return json.dumps({name: value for name, value in fields.items() if value or name == "c"}, separators=(",", ":"))


def to_take(store: Store, batch: ReturnBatch, who: str) -> list[Piece]:
    """Returns the pieces of a closed batch that somebody is to key a second time: drawn, not done yet, and not keyed by them."""
    if batch.open:
        return []
    drawn = [piece for piece in pieces_of(store, batch.number) if AGAIN in piece.marks and piece.card and piece.who != who]
    done = ask_many(store.raw, [("HEXISTS", store.keys.of("second"), piece.response) for piece in drawn])
    states = ask_many(store.raw, [("HGET", store.keys.response(piece.response), "l") for piece in drawn])
    each = zip(drawn, done, states, strict=True)
    return sorted((piece for piece, there, state in each if not there and state == LIVE.encode()), key=lambda piece: piece.card)


def why_not(store: Store, piece: Piece, who: str) -> str:
    """Returns why somebody is not to key a piece a second time, as the outcome they would get; empty where they may."""
    standing = _standing(store, piece, who, "")
    return standing.outcome if standing else ""


def keep_second(store: Store, piece: Piece, submission: Submission, who: str) -> SecondKept:
    """Keeps what a second person keyed from a piece, held against the first; on disk when this returns."""
    body = body_hash(submission, secret(store.connections, "bodies"))
    submission = _placed(store, submission)
    for _ in range(LOOKS):
        if standing := _standing(store, piece, who, body):
            return standing
        response = get_response(store, piece.response)
        if response is None or response.state != LIVE:
            return SecondKept("refused" if response else "missing", detail=response.state if response else "")
        outcome, *rest = run_second(store, response, None, who, _compared(store, piece, response, submission, who, body))
        if outcome == "kept":
            return SecondKept(outcome, ring=bool(rest[1]))
        if outcome not in ("moved", "conflict"):
            return SecondKept(outcome, detail=str(rest[0]) if rest else "")
    return SecondKept("refused", detail="changing")


def _standing(store: Store, piece: Piece, who: str, body: str) -> SecondKept | None:
    """Returns what there is to say without looking at the response: whose it is, and what is kept already."""
    if AGAIN not in piece.marks or not piece.response:
        return SecondKept("unsampled")
    if piece.who == who:
        return SecondKept("own")
    before = get_checked(store, piece.response)
    if before is None:
        return None
    if before.second != who:
        return SecondKept("taken")
    return SecondKept("same" if before.body == body else "conflict")


def _compared(store: Store, piece: Piece, response: Response, submission: Submission, who: str, body: str) -> dict[str, Any]:
    delivered = card_ward(store, response.card)
    found = compare(keying_of(response, delivered), keyed_as(submission, delivered), rules_of(store).apart)
    one = Checked(
        response.number, piece.batch, store.campaign.window.local_day(piece.at_ms).isoformat(), piece.who, who,
        AGREED if found.agrees else DIFFERS, found.compared, tuple(difference.field for difference in found.differ), body=body,
    )
    data = write_data("keying.compared", batch=one.batch, compared=len(one.compared), differ=list(one.differ))
    return {
        "record": write_checked(one), "set": {} if found.agrees else {SECOND: _write_keyed(submission)},
        "events": [[full_name("keying.compared"), data]],
    }


def _placed(store: Store, submission: Submission) -> Submission:
    """Returns a submission whose postcode has been looked up, as the store does when it takes one in."""
    if not submission.postcode:
        return submission
    area, geography = look_up(store, submission.postcode)
    return replace(submission, area=area or submission.area, geography=geography, postcode="")


def keying_of(response: Response, delivered: str) -> Keying:
    """Returns what the first keying of a response says, where its card was ``delivered``."""
    wishes = {wish.slot: wish.text for wish in response.wishes}
    boxes = tuple(wishes.get(slot, "") for slot in range(1, max(wishes, default=0) + 1))
    ticks = {**response.answers, **response.special}
    return Keying(response.card, boxes, said_place(response.area, response.outward, delivered), ticks)


def keyed_as(submission: Submission, delivered: str) -> Keying:
    """Returns what a second keying says, as it was handed in."""
    ticks = {**submission.answers, **submission.special}
    return Keying(submission.card, submission.wishes, said_place(submission.area, submission.outward, delivered), ticks)


def said_place(area: str, outward: str, delivered: str) -> str:
    """Returns where a card itself says it is from, empty where it does not say; all that is kept of a postcode."""
    known = area if area not in NO_AREA and area != delivered else ""
    return f"{outward} {known}".strip() if outward or known else ""


def _write_keyed(submission: Submission) -> str:
    # Special-category answers are left out: they lie apart from words, and the third person ticks them anew.
    kept = {
        "w": submission.wishes, "a": submission.area, "o": submission.outward, "u": submission.geography,
        "b": submission.answers,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def run_second(store: Store, response: Response, before: Checked | None, who: str, what: dict[str, Any]) -> list[Any]:
    """Runs the script that keeps one step of keying twice, where response and record are still as they were read."""
    answer = store.scripts.run("second", {
        "set": {}, "drop": [], "answers": None, "vectors": [], **what,
        "born": store.born, "number": response.number, "revision": response.revision, "states": [LIVE],
        "before": write_checked(before) if before else "", "slots": store.campaign.wishes_each, "who": who, "bell_ms": BELL_MS,
    })
    store.connections.settle()
    return answer
