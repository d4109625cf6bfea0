"""What is held for a person to see to: kept once however often it is sent, its words gone as soon as it is settled.

Each is a JSON text of three parts: ``about`` (numbers, reasons, staff ids, times), ``typed`` (words somebody wrote on
paper, which go at settling, at expiry, and when the response they became is erased) and, once settled, ``settled``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import time
from typing import Any

from campaigns.events import full_name, write_data
from campaigns.store.rewriting import mark_rewrite_due
from campaigns.store.store import NoSuchCampaign, Store

TRAY, WORRIES = "tray", "worries"


@dataclass(frozen=True)
class Held:
    """One thing that is held, as it is kept; ``settled`` is empty until somebody has settled it."""

    id: str
    about: Mapping[str, Any]
    typed: Mapping[str, str]
    settled: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    @property
    def open(self) -> bool:
        """Tells whether it still waits for somebody."""
        return not self.settled


def hold(store: Store, what: str, held: Held, who: str, event: str = "", notice: str = "") -> bool:
    """Holds something, and has an e-mail sent of it where one is named; False where it was held before, settled since or not."""
    return _run(store, what, held, who, event, {"held": held.id}, None, notice) == "held"


def amend(store: Store, what: str, held: Held, about: Mapping[str, Any], who: str, event: str, **data: str) -> bool:
    """Puts other numbers, reasons and notes to what is held, its words as they were; False where somebody else came first."""
    after = Held(held.id, about, held.typed, held.settled)
    return _run(store, what, after, who, event, {"held": held.id, **data}, held.text) == "settled"


def settle(store: Store, what: str, held: Held, settled: Mapping[str, Any], who: str, event: str = "") -> bool:
    """Settles what is held, and drops its words; False where somebody else came first."""
    after = Held(held.id, held.about, {}, settled)
    done = _run(store, what, after, who, event, {"held": held.id}, held.text) == "settled"
    if done and held.typed:
        mark_rewrite_due(store.connections)
    return done


def all_held(store: Store, what: str) -> list[Held]:
    """Returns everything held, in the order it came."""
    every = [_read(id_, text) for id_, text in store.text.hgetall(store.keys.of(what)).items()]
    return sorted(every, key=lambda held: (held.about["at_ms"], held.id))


def get_held(store: Store, what: str, id_: str) -> Held | None:
    """Returns one thing that is held, settled or not; None where there is none of that id."""
    text = store.text.hget(store.keys.of(what), id_)
    return _read(id_, text) if text else None


def forget_held(store: Store) -> bool:
    """Takes away all that is held, settled or not, as when a campaign's words expire; True where there was any."""
    gone = bool(store.text.delete(*(store.keys.of(what) for what in (TRAY, WORRIES))))
    if gone:
        mark_rewrite_due(store.connections)
    return gone


def _run(
    store: Store, what: str, held: Held, who: str, event: str, data: Mapping[str, Any], was: str | None, notice: str = ""
) -> str:
    answer = store.scripts.run("hold", {
        "born": store.born, "what": what, "id": held.id, "text": _write(held), "was": was, "who": who,
        "event": full_name(event) if event else None, "data": write_data(event, **data) if event else "",
        "notice": notice or None, "at_ms": int(time() * 1000),
    })
    if answer[0] == "gone":
        raise NoSuchCampaign(store.slug)
    store.connections.settle()
    return str(answer[0])


def _write(held: Held) -> str:
    parts = {"about": dict(held.about), "typed": dict(held.typed), "settled": dict(held.settled)}
    return json.dumps({name: part for name, part in parts.items() if part}, ensure_ascii=False, separators=(",", ":"))


def _read(id_: str, text: str) -> Held:
    parts = json.loads(text)
    return Held(id_, parts["about"], parts.get("typed", {}), parts.get("settled", {}), text)
