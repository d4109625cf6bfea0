"""Coding the sample: a wish at a time is given to somebody, and what they say of it is kept apart from all that counts.

Two people code each wish; whoever comes third settles it where the two differ. Nobody is given a wish twice, and no two
people the same turn at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.events import full_name, write_data
from campaigns.responses import SlotCoding, commitment, fingerprint
from campaigns.store.blocks import Place
from campaigns.store.intake import BELL_MS
from campaigns.store.responses import get_response, write_coding
from campaigns.store.sample import BETWEEN, PEOPLE, Sample, Sampled, alike, read_sampled
from campaigns.store.store import NoSuchCampaign, Store

KEPT_MS = 20 * 60 * 1000  # how long a wish waits for whoever it was given to
LOOKS = 5
CODING, THIRD = "coding", "third"
TURNS = {CODING: (0, PEOPLE), THIRD: (PEOPLE, PEOPLE + 1)}  # the codings a wish must have for it, and may have after it


@dataclass(frozen=True)
class Said:
    """What became of a coding: kept, same, own (they coded it before), taken (others have), words (they changed) or gone."""

    outcome: str
    ring: bool = False

    @property
    def done(self) -> bool:
        """Tells whether the coding is in, by this sending or by an earlier one."""
        return self.outcome in ("kept", "same")


def left_for(sample: Sample, who: str, what: str = CODING) -> list[Sampled]:
    """Returns the wishes that somebody may still code, or settle, in the order they are given."""
    return [one for one in sample.wishes if one.waits_for == what and one.wish.kept and who not in coders(one)]


def coders(one: Sampled) -> list[str]:
    """Returns who has coded a wish, in the order they came."""
    return [said.coder for said in one.said]


def take_turn(
    store: Store, wishes: Sequence[Sampled], who: str, what: str = CODING, leave: Place | None = None
) -> Place | None:
    """Gives somebody the first of some wishes that nobody else is busy with, and keeps it for them; None where there is none.

    ``leave`` is one that they hand back: it comes last.
    """
    places = [one.place for one in wishes]
    if leave in places:
        at = places.index(leave)
        places = [*places[at + 1:], *places[:at + 1]]
    least, most = TURNS[what]
    answer = store.scripts.run("turn", {
        "born": store.born, "who": who, "ms": KEPT_MS, "least": least, "most": most, "places": places, "leave": leave,
    })
    if answer[0] == "gone":
        raise NoSuchCampaign(store.slug)
    return (int(answer[1]), int(answer[2])) if answer[0] == "turn" else None


def find_sampled(sample: Sample, place: Place) -> Sampled | None:
    """Returns one wish of the sample, None where it is not in it."""
    return next((one for one in sample.by_response.get(place[0], []) if one.slot == place[1]), None)


def keep_coding(store: Store, one: Sampled, coding: SlotCoding, what: str = CODING) -> Said:
    """Keeps what somebody says of a wish of the sample, on disk when this returns; it counts in no tally."""
    for _ in range(LOOKS):
        now = _again(store, one)
        if now is None:
            return Said("gone")
        if now.wish.words != one.wish.words:
            return Said("words")
        if before := next((said for said in now.said if said.coder == coding.coder), None):
            return Said("same" if alike(before, coding) else "own")
        if now.waits_for != what:
            return Said("taken")
        answer = _put(store, now, (*now.said, coding), coding.coder, _events(store, now, coding))
        if answer.outcome != "moved":
            return answer
    return Said("taken")


def undo_coding(store: Store, one: Sampled, who: str) -> Said:
    """Takes back what somebody said of a wish of the sample, unless others have built on it; they may then say it anew."""
    for _ in range(LOOKS):
        now = _again(store, one)
        if now is None or who not in coders(now):
            return Said("gone")
        if len(now.said) > PEOPLE and now.said[-1].coder != who:
            return Said("taken")
        left = tuple(said for said in now.said if said.coder != who)
        data = write_data("sample.undone", slot=now.slot, words=now.wish.words)
        answer = _put(store, now, left, who, [(full_name("sample.undone"), data)])
        if answer.outcome != "moved":
            return answer
    return Said("taken")


def last_of(sample: Sample, who: str) -> Sampled | None:
    """Returns the wish that somebody coded last and may take back, None where there is none."""
    own = [
        (said.at_ms, one) for one in sample.wishes for said in one.said
        if said.coder == who and (said is one.said[-1] or len(one.said) <= PEOPLE)
    ]
    return max(own, key=lambda each: each[0])[1] if own else None


def _again(store: Store, one: Sampled) -> Sampled | None:
    return next((now for now in read_sampled(store, [one.number]) if now.slot == one.slot and now.wish.kept), None)


def _events(store: Store, now: Sampled, coding: SlotCoding) -> list[tuple[str, str]]:
    """What the log says: that a coding was made, with a commitment to it in its place, so that nobody meets it there."""
    response = get_response(store, now.number)
    salt = response.salt if response else ""
    said = commitment(salt, now.slot, f"{','.join(coding.codes)}|{coding.ask}")
    names = ["sample.settled"] if len(now.said) == PEOPLE else ["sample.coded"]
    if len(now.said) == PEOPLE - 1 and alike(now.said[0], coding):
        names.append("sample.settled")
    return [(full_name(name), write_data(name, slot=now.slot, words=now.wish.words, said=said)) for name in names]


def _put(store: Store, now: Sampled, after: Sequence[SlotCoding], who: str, events: Sequence[tuple[str, str]]) -> Said:
    def written(each: Sequence[SlotCoding]) -> str:
        return BETWEEN.join(write_coding(said, store.layout) for said in each)

    answer = store.scripts.run("independent", {
        "born": store.born, "number": now.number, "slot": now.slot, "sha1": fingerprint(now.wish.text), "who": who,
        "before": written(now.said), "after": written(after), "events": list(events), "bell_ms": BELL_MS,
    })
    store.connections.settle()
    if answer[0] == "kept":
        return Said("kept", bool(answer[1]))
    return Said(answer[0] if answer[0] in ("moved", "words") else "gone")
