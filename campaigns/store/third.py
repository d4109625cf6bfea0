"""Settling two keyings that differ: a third person sees both, not which came first, and says what stands."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from campaigns.cards.comparing import POSTCODE, TICK, WISH, compare, kind_of
from campaigns.cards.quality import DIFFERS, SETTLED, Checked
from campaigns.events import full_name, write_data
from campaigns.responses import LIVE, Response, Submission, commitments
from campaigns.store.cards import card_ward
from campaigns.store.changes import put_wishes
from campaigns.store.intake import special_hex
from campaigns.store.many import ask_many
from campaigns.store.responses import SECOND, get_response, submission_fields
from campaigns.store.rewriting import mark_rewrite_due
from campaigns.store.second import (
    checked_responses,
    get_checked,
    keyed_as,
    keying_of,
    rules_of,
    run_second,
    write_checked,
)
from campaigns.store.secrets import card_secret
from campaigns.store.store import Store

LEFT, RIGHT, TYPED = "left", "right", "typed"


@dataclass(frozen=True)
class Said:
    """What stands in one field: a wish's words, or an area with a postcode's outward half, or the place of a tick."""

    text: str = ""
    area: str = ""
    outward: str = ""
    geography: str = ""
    tick: int = 0


@dataclass(frozen=True)
class Field:
    """One field in which two keyings differ, with what each says; both None where it may not be shown (a special tick)."""

    name: str
    left: Said | None
    right: Said | None


@dataclass(frozen=True)
class Pair:
    """Two keyings of one response, side by side in an order that does not tell which came first; ``said`` is what agrees."""

    response: Response
    batch: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Settled:
    """What became of settling: kept, same, own (keyed it first or second), gone (nothing waits) or empty (no wish left)."""

    outcome: str
    ring: bool = False


def waiting_for_third(store: Store, who: str = "") -> list[Checked]:
    """Returns the responses whose two keyings differ and wait for a third person, oldest first; only what ``who`` may settle."""
    open_ones = [one for one in checked_responses(store) if one.state == DIFFERS and who not in (one.first, one.second)]
    there = ask_many(store.raw, [("HEXISTS", store.keys.response(one.response), SECOND) for one in open_ones])
    return [one for one, held in zip(open_ones, there, strict=True) if held]


def get_pair(store: Store, number: int, who: str) -> Pair | Settled:
    """Returns two keyings for somebody to settle, or why they may not: own, or gone."""
    one = get_checked(store, number)
    read = _read_both(store, number) if one and one.state == DIFFERS else None
    if one is None or read is None:
        return Settled("gone")
    if who in (one.first, one.second):
        return Settled("own")
    response, second = read
    turned = _turned(store, number)
    fields = []
    for name in one.differ:
        pair = _say(name, response, second, store)
        left, right = pair if not turned else pair[::-1]
        fields.append(Field(name, left, right))
    return Pair(response, one.batch, tuple(fields))


def settle(store: Store, number: int, chosen: Mapping[str, str | Said], who: str) -> Settled:
    """Makes what a third person took or typed, field by field, what the response says; the second keying's words go.

    Each field in which the two differ must be in ``chosen``: "left", "right" or what was typed.
    """
    one = get_checked(store, number)
    if one and one.state == SETTLED:
        return Settled("same" if one.third == who else "gone")
    pair = get_pair(store, number, who)
    if one is None or isinstance(pair, Settled):
        return pair if isinstance(pair, Settled) else Settled("gone")
    stands = {field.name: _taken(field, chosen[field.name]) for field in pair.fields}
    settled = _as_settled(store, pair.response, _wishes(pair.response, stands), stands)
    if not any(settled.wishes):
        return Settled("empty")
    outcome, *rest = run_second(store, pair.response, one, who, _written(store, one, pair.response, settled, who))
    if outcome == "kept":
        mark_rewrite_due(store.connections)  # the words of the one that does not stand go from the disk too
        return Settled(outcome, bool(rest[1]))
    return settle(store, number, chosen, who) if outcome in ("moved", "conflict") else Settled("gone")


def _read_both(store: Store, number: int) -> tuple[Response, Submission] | None:
    kept = store.text.hget(store.keys.response(number), SECOND)
    response = get_response(store, number)
    if kept is None or response is None or response.state != LIVE:
        return None
    said = json.loads(kept)
    return response, Submission(
        tuple(said["w"]), response.channel, area=said["a"], outward=said["o"], geography=said.get("u", ""),
        card=response.card, answers=said["b"],
    )


def _turned(store: Store, number: int) -> bool:
    """Tells whether the second keying stands on the left: by chance, and always the same for one response."""
    return bool(hmac.digest(card_secret(store), b"third:%d" % number, hashlib.sha256)[0] & 1)


def _say(name: str, response: Response, second: Submission, store: Store) -> tuple[Said | None, Said | None]:
    if kind_of(name) == WISH:
        slot = int(name.removeprefix(WISH))
        first = next((wish.text for wish in response.wishes if wish.slot == slot), "")
        return Said(first), Said((*second.wishes, *[""] * slot)[slot - 1])
    if name == POSTCODE:
        return _place_of(response), _place_of(second)
    question = name.partition(":")[2]
    if question in store.layout.special:
        return None, None
    return Said(tick=response.answers.get(question, 0)), Said(tick=second.answers.get(question, 0))


def _place_of(keyed: Response | Submission) -> Said:
    return Said(area=keyed.area, outward=keyed.outward, geography=keyed.geography)


def _taken(field: Field, choice: str | Said) -> Said:
    if isinstance(choice, Said):
        return choice
    return (field.left if choice == LEFT else field.right) or Said()


def _wishes(response: Response, stands: Mapping[str, Said]) -> tuple[str, ...]:
    texts = {wish.slot: wish.text for wish in response.wishes}
    texts |= {int(name.removeprefix(WISH)): said.text for name, said in stands.items() if kind_of(name) == WISH}
    last = max((slot for slot, text in texts.items() if text), default=0)
    return tuple(texts.get(slot, "") for slot in range(1, last + 1))


def _as_settled(store: Store, response: Response, wishes: tuple[str, ...], stands: Mapping[str, Said]) -> Submission:
    """Returns what the response says once each field that differed says what stands."""
    ticks = {name.partition(":")[2]: said.tick for name, said in stands.items() if kind_of(name) == TICK}
    asked = {True: dict(response.special), False: dict(response.answers)}
    for question, tick in ticks.items():
        asked[question in store.layout.special][question] = tick
    plain, special = ({question: tick for question, tick in asked[apart].items() if tick} for apart in (False, True))
    place = stands.get(POSTCODE, _place_of(response))
    return Submission(
        wishes, response.channel, area=place.area, outward=place.outward, geography=place.geography, card=response.card,
        answers=plain, special=special,
    )


def _written(store: Store, one: Checked, response: Response, settled: Submission, who: str) -> dict[str, Any]:
    """Returns what the script must write: what stands, what is kept without words, and the events that say so."""
    delivered = card_ward(store, response.card)
    found = compare(keying_of(response, delivered), keyed_as(settled, delivered), rules_of(store).apart)
    wrong = tuple(name for name in one.differ if name in {difference.field for difference in found.differ})
    what = put_wishes(store, response, settled.wishes)
    events = [("keying.settled", write_data("keying.settled", batch=one.batch, differ=list(one.differ), wrong=list(wrong)))]
    if what["vectors"]:
        events.append(("response.revised", write_data("response.revised", words=commitments(response.salt, settled.wishes))))
    if (settled.area, settled.outward) != (response.area, response.outward):
        events.append(("response.placed", write_data("response.placed", area=settled.area)))
    if (settled.answers, settled.special) != (response.answers, response.special):
        events.append(("response.revised", write_data("response.revised", answers=True)))
    for name, text in _plain_fields(settled).items():
        if text:
            what["set"][name] = text
        else:
            what["drop"].append(name)
    return {
        **what, "record": write_checked(replace(one, state=SETTLED, third=who, wrong=wrong)),
        "answers": special_hex(store, settled.special) if settled.special != response.special else None,
        "events": [[full_name(name), data] for name, data in events],
    }


def _plain_fields(settled: Submission) -> dict[str, str]:
    """Returns the fields of a response that hold place and ticks, empty ones too."""
    kept = submission_fields(settled, "")
    return {name: kept.get(name, "") for name in ("a", "o", "u", "b")}
