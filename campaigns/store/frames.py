"""The frame in its versions: the draft that is worked on, and those adopted since the campaign opened.

The campaign's file remains the first version. What is adopted is the frame from that moment on, in every process: the state
names it, and ``open_store`` reads it.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from time import time

from campaigns.coding import revising
from campaigns.coding.revising import Draft, begin, from_json, shortcomings, to_json
from campaigns.events import write_data
from campaigns.store.blocks import Place
from campaigns.store.connection import TextClient
from campaigns.store.keys import Keys
from campaigns.store.store import Store, record

DRAFT = "draft"
LOOKS = 5


class CannotAdopt(ValueError):
    """A draft that cannot be adopted; the message says what to mend."""


@dataclass(frozen=True)
class Adopted:
    """One version that was adopted: its name, when, by whom, and how many codes it has."""

    version: str
    at_ms: int
    who: str
    codes: int


def draft_of(store: Store) -> Draft | None:
    """Returns the draft that is worked on, None where there is none."""
    kept = store.text.hget(store.keys.of("frames"), DRAFT)
    return from_json(json.loads(kept)) if kept else None


def begun(store: Store) -> Draft:
    """Returns the draft, or one in which everything still stays as it is."""
    return draft_of(store) or begin(store.campaign.frame, _adopted_draft(store))


def keep_draft(store: Store, draft: Draft, seen: int) -> bool:
    """Keeps a draft in place of the one whose revision was seen, 0 for none; False where somebody changed it meanwhile."""
    before = store.text.hget(store.keys.of("frames"), DRAFT) or ""
    if (json.loads(before)["revision"] if before else 0) != seen:
        return False
    text = _written(replace(draft, revision=seen + 1))
    answer = record(
        store.connections, store.slug, None, only={"key": "frames", "field": DRAFT, "text": before},
        hashes={"frames": {DRAFT: text}, "reframing": {"preview": ""}},
    )
    return bool(answer[0] == "recorded")


def revise(store: Store, step: Callable[[Draft], Draft]) -> Draft:
    """Takes one step on whatever the draft now is, for programs; raises CannotRevise."""
    for _ in range(LOOKS):
        draft = begun(store)
        made = step(draft)
        if keep_draft(store, made, draft.revision):
            return replace(made, revision=draft.revision + 1)
    raise revising.CannotRevise("Somebody is changing the draft at this moment. Try again.")


def add_code(
    store: Store, theme: str, name: str, definition: str, examples: list[tuple[str, str]], members: Sequence[Place] = ()
) -> str:
    """Adds a code with examples, texts with their asks, to the draft; returns its id. Raises CannotRevise.

    ``members`` are wishes that get it as a person's coding, of whoever adopts the draft.
    """
    made: list[str] = []

    def step(draft: Draft) -> Draft:
        new, code = revising.add_code(draft, theme, name, definition, examples)
        made[:] = [code]
        return replace(new, members={**new.members, code: tuple(members)}) if members else new

    revise(store, step)
    return made[0]


def drop_draft(store: Store, seen: int) -> bool:
    """Gives the draft up; False where somebody changed it meanwhile."""
    before = store.text.hget(store.keys.of("frames"), DRAFT) or ""
    if not before or json.loads(before)["revision"] != seen:
        return False
    answer = record(
        store.connections, store.slug, None, only={"key": "frames", "field": DRAFT, "text": before},
        hashes={"frames": {DRAFT: ""}, "reframing": {"preview": ""}},
    )
    return bool(answer[0] == "recorded")


def adopt_frame(store: Store, seen: int, who: str) -> str:
    """Makes the draft the frame that codes are of from now on, in one step; returns its version. Raises CannotAdopt.

    What was coded before is coded again by a job: see ``campaigns.consumers.reframing``.
    """
    kept = store.text.hget(store.keys.of("frames"), DRAFT) or ""
    draft = from_json(json.loads(kept)) if kept else None
    if draft is None or draft.revision != seen:
        raise CannotAdopt("Somebody changed the draft since you opened this page. Look at it again.")
    if wrong := shortcomings(draft):
        raise CannotAdopt("\n".join(wrong))
    codes = [code.id for code in draft.frame.codes]
    old = {code.id for code in store.campaign.frame.codes}
    version = hashlib.sha256(f"{kept} {store.frame_version}".encode()).hexdigest()[:32]
    about = {**to_json(draft), "at_ms": int(time() * 1000), "who": who}
    data = write_data(
        "frame.revised", frame=version, was=store.frame_version, added=sorted(set(codes) - old), gone=sorted(old - set(codes)),
    )
    answer = record(
        store.connections, store.slug, "frame.revised", who=who, data=data, ids={"code": codes},
        only={"key": "frames", "field": DRAFT, "text": kept},
        hashes={
            "frames": {version: json.dumps(about, ensure_ascii=False), DRAFT: ""}, "state": {"frame": version},
            "reframing": {"preview": "", "done": json.dumps({"frame": version, "upto": 0, "wishes": 0, "of": 0})},
        },
    )
    store.connections.settle()
    if answer[0] != "recorded":
        raise CannotAdopt("Somebody changed the draft at this moment. Look at it again.")
    return version


def adopted_versions(store: Store) -> list[Adopted]:
    """Returns the versions that were adopted, the latest first."""
    kept = store.text.hgetall(store.keys.of("frames"))
    read = {version: json.loads(text) for version, text in kept.items() if version != DRAFT}
    found = [Adopted(version, one["at_ms"], one["who"], len(one["frame"]["codes"])) for version, one in read.items()]
    return sorted(found, key=lambda one: -one.at_ms)


def members_of(store: Store) -> tuple[str, dict[str, tuple[Place, ...]]]:
    """Returns who adopted the frame in use, and the wishes that were given new codes with it."""
    kept = store.text.hget(store.keys.of("frames"), store.state["frame"]) if "frame" in store.state else None
    about = json.loads(kept) if kept else {"who": ""}
    draft = _adopted_draft(store)
    return about["who"], dict(draft.members) if draft else {}


def led_to(store: Store) -> dict[str, tuple[str, ...]]:
    """Returns where the codes of earlier versions go in the frame in use: one code, several where only a person can say."""
    draft, current = _adopted_draft(store), {code.id for code in store.campaign.frame.codes}
    return {code: to for code, to in draft.goes.items() if code not in current} if draft else {}


def _adopted_draft(store: Store) -> Draft | None:
    return _read_adopted(store.slug, store.state["frame"], store.text) if "frame" in store.state else None


@lru_cache(maxsize=8)
def _read_adopted(slug: str, version: str, client: TextClient) -> Draft | None:
    kept = client.hget(Keys(slug).of("frames"), version)
    return from_json(json.loads(kept)) if kept else None


def _written(draft: Draft) -> str:
    return json.dumps(to_json(draft), ensure_ascii=False, separators=(",", ":"))
