"""Working drafts: a draft with its answers frozen, officers' prose, and where it stands between written and approved."""

import json
from dataclasses import asdict, dataclass, field, replace
from secrets import token_hex
from time import time
from typing import Any

from campaigns.drafts.freezing import hash_of
from campaigns.events import write_data
from campaigns.store.log import last_seal
from campaigns.store.store import Store, record

WORKING, SENT, APPROVED = "working", "sent", "approved"
LONGEST_PROSE = 10_000
EVENTS = {"sent": "draft.sent", "returned": "draft.returned", "approved": "draft.approved"}


@dataclass(frozen=True)
class Act:
    """One act in a draft's history: what, who and when (ms), with the reason where one was asked for."""

    what: str
    who: str
    at_ms: int
    why: str = ""


@dataclass(frozen=True)
class Working:
    """One working draft; ``kept`` is what was frozen, ``waiting`` a newer one that nobody has taken yet.

    ``sha256`` and ``seal`` are set when it is approved: from then on it never changes.
    """

    id: str
    kind: str
    only: str = ""
    home: str = ""
    revision: int = 0
    state: str = WORKING
    kept: dict[str, Any] | None = None
    waiting: dict[str, Any] | None = None
    prose: dict[str, str] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    sha256: str = ""
    seal: tuple[int, str] = (0, "")

    @property
    def sent_by(self) -> str:
        """Returns who sent it for approval last."""
        return next((act.who for act in reversed(self.acts) if act.what == "sent"), "")


def begin_working(store: Store, kind: str, only: str, home: str, who: str) -> Working:
    """Keeps a new working draft, which a job is still to write."""
    made = Working(token_hex(6), kind, only, home, acts=(Act("begun", who, int(time() * 1000)),))
    return keep_working(store, made, 0) or made


def list_workings(store: Store) -> list[Working]:
    """Returns every working draft, the latest first."""
    kept = store.text.hgetall(store.keys.of("workings"))
    return sorted((_read(text) for text in kept.values()), key=lambda one: -one.acts[0].at_ms)


def get_working(store: Store, known: str) -> Working | None:
    """Returns one working draft, None where there is none by that id."""
    kept = store.text.hget(store.keys.of("workings"), known)
    return _read(kept) if kept else None


def keep_working(store: Store, one: Working, seen: int, what: str = "", who: str = "", why: str = "") -> Working | None:
    """Keeps a working draft as it now is, with an act in its history where one is named; None where it moved on meanwhile."""
    before = store.text.hget(store.keys.of("workings"), one.id) or ""
    if (json.loads(before)["revision"] if before else 0) != seen or (before and json.loads(before)["state"] == APPROVED):
        return None
    acts = (*one.acts, Act(what, who, int(time() * 1000), why)) if what else one.acts
    now = replace(one, revision=seen + 1, acts=acts)
    text = json.dumps(asdict(now), ensure_ascii=False, separators=(",", ":"))
    event, known = EVENTS.get(what), now.sha256 or hash_of(one.kept or {}, one.prose)
    data = write_data(event, draft=one.kind, version=now.revision, sha256=known) if event else "{}"
    answer = record(
        store.connections, store.slug, event, only={"key": "workings", "field": one.id, "text": before}, who=who or "job:drafts",
        hashes={"workings": {one.id: text}}, data=data,
    )
    store.connections.settle()
    return now if answer[0] == "recorded" else None


def approve(store: Store, one: Working, who: str) -> Working | None:
    """Approves a draft that somebody else sent: it is sealed with its hash and never changes again; None where it moved on."""
    seal = last_seal(store)
    done = replace(one, state=APPROVED, waiting=None, sha256=hash_of(one.kept or {}, one.prose), seal=(seal[0], seal[1]))
    return keep_working(store, done, one.revision, "approved", who)


def _read(text: str) -> Working:
    about = json.loads(text)
    acts = tuple(Act(**act) for act in about["acts"])
    return Working(**{**about, "acts": acts, "seal": tuple(about["seal"])})
