"""Reviewing: which wish somebody has before them, what they did last and skipped, so that it can be taken back; short-lived."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from campaigns.store.blocks import Place
from campaigns.store.store import NoSuchCampaign, Store

KEPT_MS = 10 * 60 * 1000  # how long a wish waits for whoever has it before them
MOST_SKIPPED = 200
Act = tuple[int, int, str, str]  # a wish by number and slot, a person's coding of it before as it was kept, and now


@dataclass(frozen=True)
class Reviewed:
    """What somebody did in reviewing: on which day how many wishes, what they skipped, and their last act, to be taken back."""

    day: str = ""
    wishes: int = 0
    skipped: tuple[Place, ...] = ()
    last: tuple[Act, ...] = ()
    kind: str = ""

    def on(self, day: str) -> "Reviewed":
        """Returns it as it stands on a day: each day begins with nothing skipped and nothing done."""
        return self if day == self.day else Reviewed(day, last=self.last, kind=self.kind)

    def skip(self, place: Place) -> "Reviewed":
        """Returns it with one more wish skipped."""
        return replace(self, skipped=(*self.skipped, place)[-MOST_SKIPPED:])


def reviewed_by(store: Store, who: str, day: str) -> Reviewed:
    """Returns what somebody did in reviewing, as it stands on a day."""
    kept = store.text.hget(store.keys.of("reviewing"), who)
    if not kept:
        return Reviewed(day)
    about = json.loads(kept)
    places, acts = ([tuple(one) for one in about[name]] for name in ("skipped", "last"))
    return Reviewed(**{**about, "skipped": tuple(places), "last": tuple(acts)}).on(day)


def keep_reviewed(store: Store, who: str, done: Reviewed) -> None:
    """Keeps what somebody did in reviewing."""
    store.text.hset(store.keys.of("reviewing"), who, json.dumps(asdict(done), separators=(",", ":")))


def lease(store: Store, places: Sequence[Place], who: str) -> Place | None:
    """Gives somebody the first of some wishes that nobody else has before them; None where others have all of these."""
    named = [f"{number}-{slot}" for number, slot in places]
    answer = store.scripts.run("lease", {"born": store.born, "who": who, "ms": KEPT_MS, "places": named})
    if answer[0] == "gone":
        raise NoSuchCampaign(store.slug)
    if answer[0] == "none":
        return None
    number, _, slot = answer[1].partition("-")
    return int(number), int(slot)
